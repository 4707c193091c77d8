"""The real mpremote against the virtual board, verb by verb, as against an ESP32."""

import hashlib
import time

from mpremote.transport_serial import SerialTransport


def test_files_go_there_and_back(bench, tmp_path):
    content = bytes(range(256)) * 40
    source = tmp_path / "data.bin"
    source.write_bytes(content)
    bench.mpremote("fs", "mkdir", ":folder")
    bench.mpremote("fs", "cp", source, ":folder/data.bin")
    assert "10240 data.bin" in bench.mpremote("fs", "ls", ":folder")
    assert hashlib.sha256(content).hexdigest() in bench.mpremote("fs", "sha256sum", ":folder/data.bin")
    bench.mpremote("fs", "cp", ":folder/data.bin", tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == content
    bench.put("hello.txt", "line\nline\n", tmp_path)
    assert bench.mpremote("fs", "cat", ":hello.txt") == "line\nline\n"
    bench.mpremote("fs", "rm", ":folder/data.bin")
    assert "data.bin" not in bench.mpremote("fs", "ls", ":folder")
    assert "VfsLfs2" in bench.mpremote("df")


def test_a_file_that_is_not_there_is_an_error(bench):
    bench.mpremote("fs", "cat", ":absent", expect=1)


def test_it_says_that_it_is_an_esp32_and_virtual(bench):
    out = bench.mpremote("exec", "import os, sys; print(os.uname()[0], sys.platform, 'Virtual' in os.uname()[4])")
    assert out == "esp32 esp32 True\n"
    assert bench.mpremote("eval", "2**40") == "1099511627776\n"


def test_an_error_in_the_code_is_an_error_of_the_command(bench):
    bench.mpremote("exec", "1/0", expect=1)


def test_soft_reset_forgets_and_resume_does_not(bench):
    bench.mpremote("exec", "x = 5")
    assert bench.mpremote("resume", "eval", "x") == "5\n"
    bench.mpremote("eval", "x", expect=1)


def test_reset_starts_the_board_anew(bench):
    n_before = len(bench.device.notes)
    bench.mpremote("reset")
    assert bench.device.wait_note("reset hard", after=n_before)
    assert bench.device.wait_note("repl", after=n_before)
    assert (
        bench.mpremote("resume", "exec", "import machine; print(machine.reset_cause() == machine.HARD_RESET)")
        == "True\n"
    )


def test_a_long_command_goes_through_raw_paste(bench):
    code = "s = 0\n" + "s += 1\n" * 3000 + "print(s)"
    assert bench.mpremote("exec", code) == "3000\n"


def test_the_transport_as_a_library(bench):
    transport = SerialTransport(str(bench.device.port))
    try:
        transport.enter_raw_repl()
        transport.fs_writefile("/a.bin", b"\x00\x03\x04\r\n" * 100)
        assert transport.fs_readfile("/a.bin") == b"\x00\x03\x04\r\n" * 100
        assert transport.eval("sorted(__import__('os').listdir('/'))") == ["a.bin", "boot.py"]
        transport.exit_raw_repl()
    finally:
        transport.close()


def test_the_clock_set_by_the_host_survives_resets_but_not_a_power_cut(bench):
    bench.mpremote("exec", "import machine; machine.RTC().datetime((2026, 7, 1, 0, 12, 0, 0, 0))")
    year = "import time; print(time.gmtime()[0])"
    assert bench.mpremote("exec", year) == "2026\n"
    bench.device.reset()
    bench.device.wait_note("repl", after=len(bench.device.notes))
    assert bench.mpremote("exec", year) == "2026\n"
    bench.device.power_cut()
    bench.device.start()
    assert bench.mpremote("exec", year) == "2000\n"


def test_time_passes_with_the_wall_clock_at_the_prompt(bench):
    with_ticks = "import time; print(time.ticks_us())"
    first = int(bench.mpremote("exec", with_ticks))
    began_s = time.monotonic()
    time.sleep(0.5)
    passed_us = int(bench.mpremote("resume", "exec", with_ticks)) - first
    wall_us = (time.monotonic() - began_s) * 1e6
    assert 0.3e6 < passed_us < wall_us + 2e5
