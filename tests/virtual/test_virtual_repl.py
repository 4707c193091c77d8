"""The serial line: prompts, Ctrl-C, soft resets, and an app that reads commands from it."""

import time

LISTENER = """\
import asyncio, sys, micropython
{before}
async def beat():
    while True:
        await asyncio.sleep_ms(7)
async def main():
    asyncio.create_task(beat())
    reader = asyncio.StreamReader(sys.stdin.buffer)
    while True:
        line = await reader.readline()
        sys.stdout.write("got %r\\n" % line)
        if line == b"end\\n":
            break
asyncio.run(main())
"""


def run_app(bench, folder, text):
    """Put main.py on the board and start it."""
    bench.put("main.py", text, folder)
    n_before = len(bench.device.notes)
    bench.device.reset()
    assert bench.device.wait_note("booted", after=n_before)


def test_the_prompt_and_the_banner(bench):
    with bench.open() as port:
        bench.settle(port)
        port.write(b"\x02")
        said = bench.read_until(port, b">>> ")
        assert b"MicroPython v1.29.0 on " in said
        assert b"Virtual ESP32 module with ESP32S3" in said
        port.write(b"print(6*7)\r")
        assert bench.read_until(port, b">>> ").endswith(b"\r\n42\r\n>>> ")


def test_ctrl_c_ends_main_and_ctrl_d_starts_it_again(bench, tmp_path):
    bench.put("main.py", "import time\nprint('on')\nwhile True:\n    time.sleep(1)\n", tmp_path)
    with bench.open() as port:
        bench.device.reset()
        bench.read_until(port, b"on\r\n")
        port.write(b"\x03")
        said = bench.read_until(port, b">>> ")
        assert b"KeyboardInterrupt" in said
        port.write(b"\x04")
        assert b"MPY: soft reboot\r\non\r\n" in bench.read_until(port, b"on\r\n")
        port.write(b"\x03\x03")
        bench.read_until(port, b">>> ")


def test_ctrl_c_reaches_a_busy_loop_and_an_asyncio_loop(bench):
    with bench.open() as port:
        bench.settle(port)
        port.write(b"async def wait(): await asyncio.sleep(1000)\r\r")
        bench.read_until(port, b"... \r\n>>> ")
        for line in (b"while True: pass\r", b"import asyncio; asyncio.run(wait())", b"import time; time.sleep(1000)"):
            port.write(line + b"\r")
            time.sleep(0.3)
            port.write(b"\x03")
            assert b"KeyboardInterrupt: \r\n" in bench.read_until(port, b">>> ")


def test_a_raw_repl_reset_does_not_run_main(bench, tmp_path):
    run_app(bench, tmp_path, "with open('ran', 'a') as f: f.write('x')\n")
    before = bench.mpremote("fs", "cat", ":ran")
    bench.mpremote("exec", "pass")
    assert bench.mpremote("fs", "cat", ":ran") == before == "x"


def test_lines_reach_an_app_under_asyncio_at_every_speed(bench, tmp_path):
    run_app(bench, tmp_path, LISTENER.format(before=""))
    with bench.open() as port:
        for speed in (1.0, 50.0, 0):
            bench.device.set_speed(speed)
            began_s = time.monotonic()
            port.write(b"hello\n")
            bench.read_until(port, b"got b'hello\\n'\r\n")
            assert time.monotonic() - began_s < 0.5
        port.write(b"end\n")
        bench.read_until(port, b">>> ")


def test_ctrl_c_is_a_byte_while_the_app_says_so(bench, tmp_path):
    run_app(bench, tmp_path, LISTENER.format(before="micropython.kbd_intr(-1)"))
    with bench.open() as port:
        port.write(b"a\x03b\n")
        bench.read_until(port, b"got b'a\\x03b\\n'\r\n")
        port.write(b"\x03\nend\n")
        assert b"got b'\\x03\\n'" in bench.read_until(port, b">>> ")


def test_binary_output_is_not_touched(bench):
    code = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 8)"
    with bench.open() as port:
        port.write(b"\r\x01")
        bench.read_until(port, b"raw REPL; CTRL-B to exit\r\n>")
        port.write(code.encode() + b"\x04")
        said = bench.read_until(port, b"\x04\x04>")
        # In a raw REPL the answer ends with the first 0x04 that no more output follows; ours is inside the data too.
        assert said.startswith(b"OK" + bytes(range(256)) * 8 + b"\x04")


def test_the_port_swallows_what_nobody_reads(bench):
    with bench.open() as port:
        port.write(b"\rfor i in range(20000): print('x' * 20)\r\r")
        time.sleep(2.0)
    assert bench.mpremote("eval", "1") == "1\n"
