"""The virtual device as tests hold it: wearer, button, motor, faults, power cuts, and an orderly end."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
import serial

from retrowalk.contact.link import Link
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model
from retrowalk.wearer.frames import Frames

BUZZER = """\
import asyncio
from machine import I2C, Pin
Pin(7, Pin.OUT, value=1)
i2c = I2C(0, scl=Pin(4), sda=Pin(3))
button = Pin(0, Pin.IN, Pin.PULL_UP)
def motor(level):
    i2c.writeto_mem(0x5A, 0x02, bytes((level,)))
i2c.writeto_mem(0x5A, 0x01, b"\\x05")
async def pulses(*lengths):
    for i, ms in enumerate(lengths):
        motor(0 if i % 2 else 100)
        await asyncio.sleep_ms(ms)
    motor(0)
async def main():
    await pulses({first})
    while True:
        if button.value() == 0:
            await pulses(60)
            while button.value() == 0:
                await asyncio.sleep_ms(5)
        await asyncio.sleep_ms(5)
asyncio.run(main())
"""
WRITER = """\
import time
file = open("log", "ab")
for n in range(400):
    file.write(bytes((n & 255,)) * 500)
    if n % 10 == 9:
        file.flush()
        print("kept", n + 1)
    time.sleep_ms(2)
file.close()
"""


def pulses_ms(device):
    """Lengths of what was felt."""
    on = [t_us for t_us, level in device.motor if level]
    off = [t_us for t_us, level in device.motor if not level]
    return [round((end - start) / 1000) for start, end in zip(on, off, strict=False)]


def with_main(bench, folder, text):
    bench.put("main.py", text, folder)
    bench.device.reset()


def test_the_motor_is_heard_and_the_button_is_felt(bench, tmp_path):
    with_main(bench, tmp_path, BUZZER.format(first="40"))
    assert bench.device.wait_motor()[1] > 0
    bench.device.set_speed(0)
    bench.device.press()
    assert bench.device.wait_until(lambda: len(pulses_ms(bench.device)) == 2)
    assert pulses_ms(bench.device)[0] in (40, 41)
    assert pulses_ms(bench.device)[1] in (60, 61)
    felt_us = bench.device.now_us
    assert bench.device.wait_until(lambda: bench.device.now_us > felt_us + 1_000_000), "the button is up again"
    bench.device.double_press()
    assert bench.device.wait_until(lambda: len(pulses_ms(bench.device)) == 4)


@pytest.mark.parametrize(("first", "bows"), [("120,150,120", True), ("200", False), ("120,400,120", False),
                                             ("60,150,60", False), ("120,150,120,150,120", True)])  # fmt: skip
def test_the_wearer_bows_when_it_feels_the_double_pulse(bench, tmp_path, first, bows):
    bench.device.set_speed(0)
    with_main(bench, tmp_path, BUZZER.format(first=first))
    if bows:
        assert bench.device.wait_note("ended bow", timeout_s=5)
    else:
        began_us = bench.device.now_us
        assert bench.device.wait_until(lambda: bench.device.now_us > began_us + 10_000_000)
        assert not bench.device.wait_note("started bow", timeout_s=0)


@pytest.mark.parametrize("speed", [1.0, 20.0])
def test_the_pace_is_held_to_the_wall_clock(bench, tmp_path, speed):
    bench.device.set_speed(speed)
    with_main(bench, tmp_path, BUZZER.format(first="40"))
    assert bench.device.wait_motor()
    began_us, began_s = bench.device.now_us, time.monotonic()
    assert bench.device.wait_until(lambda: bench.device.now_us > began_us + speed * 1_000_000)
    # The other side of the tolerance is the host's load.
    assert 0.85 < time.monotonic() - began_s < 3


def test_a_track_is_felt_sample_by_sample(bench):
    values = np.zeros((50, 6), int)
    values[:, 0] = np.arange(50) * 10000
    bench.device.play(Frames(values))
    out = bench.mpremote(
        "resume",
        "exec",
        """
import bench, asyncio
from array import array
into = array("i", (0 for _ in range(6)))
async def main():
    await asyncio.sleep_ms(1)
    start = bench.clock.us
    for n in range(60):
        bench.clock.advance(start + n * 1000000 // 104 - bench.clock.us)
        bench.wearer.read_into(into, bench.clock.us)
        print(into[0])
asyncio.run(main())
""",
    )
    felt = [int(word) for word in out.split()]
    first = felt[0] // 10000
    assert felt[: 50 - first] == [n * 10000 for n in range(first, 50)]


def test_two_runs_of_a_planned_walk_are_the_same(bench_class, tmp_path):
    """Planned before power-on, at full speed: the app does the very same in the very same microseconds."""
    worn = tmp_path / "worn.bin"
    with VirtualDevice(worn, speed=50) as device:
        assert device.wait_until(lambda: device.now_us > 6_000_000)
        with Link(str(device.port)) as link:
            link.command("calibrate waist")
        assert device.wait_until(lambda: len(device.motor) >= 12), "stand still, move, passed: 1 + 2 + 3 pulses"
    frames = model("lean").frames
    runs = []
    for n in range(2):
        flash = tmp_path / f"run{n}.bin"
        flash.write_bytes(worn.read_bytes())
        device = VirtualDevice(flash, speed=0)
        device.play(frames, press_at_s=[0.5, frames.duration_s - 1], at_us=3_000_000)
        with device:
            assert device.wait_note("ended walk", timeout_s=20)
            assert device.wait_until(lambda device=device: device.now_us > 3_000_000 + frames.duration_s * 1e6 + 5e6)
            log = bench_class(device).mpremote("fs", "sha256sum", ":sessions/s00001/0000.rwl")
            runs.append((device.motor, log))
    assert runs[0] == runs[1]
    assert len(runs[0][0]) > 6


def test_what_was_flushed_survives_a_power_cut(bench, tmp_path):
    bench.put("writer.py", WRITER, tmp_path)
    with bench.open() as port:
        port.write(b"\rimport writer\r")
        said = bench.read_until(port, b"kept 50\r\n")
        bench.device.power_cut()
    assert b"kept 400" not in said
    assert not bench.device.is_on
    bench.device.start()
    assert int(bench.mpremote("exec", "import os; print(os.stat('log')[6])")) >= 50 * 500


@pytest.mark.parametrize(("operation", "torn_percent"), [(30, 0), (31, 50), (60, 100)])
def test_power_fails_at_a_flash_operation(bench, tmp_path, operation, torn_percent):
    bench.put("writer.py", WRITER, tmp_path)
    bench.put("keep.txt", "as it was", tmp_path)
    bench.device.cut_at(operation, torn_percent)
    with bench.open() as port:
        port.write(b"\rimport writer\r")
        assert bench.device.wait_note("powercut")
        kept = port.read(port.in_waiting).count(b"kept")
    assert bench.device.wait_until(lambda: not bench.device.is_on)
    bench.device.start()
    assert bench.mpremote("fs", "cat", ":keep.txt") == "as it was"
    sizes = "import os; print([s[3] for s in os.ilistdir('/') if s[0] == 'log'] or [0])"
    assert int(bench.mpremote("exec", sizes).strip("[]\n")) >= kept * 10 * 500
    bench.put("after.txt", "writable", tmp_path)


def test_the_flash_counts_and_is_never_programmed_wrongly(bench, tmp_path):
    with_main(bench, tmp_path, "import time\nopen('a','wb').write(bytes(9000))\ntime.sleep(9999)\n")
    counters = bench.device.flash_counters()
    assert counters["programmed_bytes"] >= 9000
    assert counters["erases"] >= 2
    assert counters["violations"] == 0


def test_a_damaged_filesystem_is_not_reformatted(tmp_path):
    flash = tmp_path / "flash.bin"
    flash.write_bytes(os.urandom(4096) * 512)
    before = flash.read_bytes()
    with VirtualDevice(flash) as device, serial.Serial(str(device.port), timeout=10) as port:
        assert port.read_until(b"corrupted").endswith(b"corrupted")
        port.write(b"\x03")
        assert device.wait_note("repl")
    assert flash.read_bytes() == before


def test_a_fresh_flash_has_the_app_and_the_name_of_its_board(tmp_path):
    with VirtualDevice(tmp_path / "flash.bin", board="feather_s3", speed=0) as device:
        # A button held while the board starts is the safe mode: wait for the app. Laying the files out on a fresh flash
        # takes longer the more there are.
        assert device.wait_note("booted", timeout_s=30)
        booted_us = device.now_us
        assert device.wait_until(lambda: device.now_us > booted_us + 8_000_000)
        device.press()
        assert device.wait_motor(), "the app buzzes when the button is pressed"


def test_two_devices_at_once_do_not_meet(bench, bench_class, tmp_path):
    with VirtualDevice(tmp_path / "other.bin", is_empty=True, unique_id=b"\x24\xec\x4a\x00\x00\x02") as other:
        assert other.wait_note("repl")
        second = bench_class(other)
        name = "import machine; print(machine.unique_id())"
        assert bench.mpremote("exec", name) != second.mpremote("exec", name)
        second.mpremote("fs", "mkdir", ":only_here")
        assert "only_here" not in bench.mpremote("fs", "ls")


_SLEEP_TILL_PRESSED = "import esp32, machine; esp32.wake_on_ext0(machine.Pin(0), 0); machine.deepsleep()"


def test_deep_sleep_wakes_by_time_and_by_the_button(bench):
    bench.mpremote("resume", "exec", "--no-follow", "import machine; machine.deepsleep(300)")
    assert bench.device.wait_note("deepsleep 300")
    began_s = time.monotonic()
    n_before = len(bench.device.notes)
    assert bench.device.wait_note("repl", after=n_before)
    assert time.monotonic() - began_s > 0.2
    bench.mpremote("resume", "exec", "--no-follow", _SLEEP_TILL_PRESSED)
    assert bench.device.wait_until(lambda: not bench.device.is_on)
    bench.device.press()
    assert bench.mpremote("resume", "exec", "import machine; print(machine.reset_cause())") == "4\n"


def test_the_watchdog_bites(bench):
    bench.mpremote("resume", "exec", "--no-follow", "import machine, time; machine.WDT(timeout=50); time.sleep(1)")
    assert bench.device.wait_note("reset watchdog")
    assert bench.device.wait_note("repl", after=len(bench.device.notes) - 1)


def test_closing_leaves_no_process_no_port_and_no_entry(tmp_path):
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", is_empty=True) as device:
        assert device.wait_note("repl")
        assert (tmp_path / "port").is_symlink()
        children = _children()
        assert children
    device.close()
    assert not (tmp_path / "port").is_symlink()
    assert not set(children) & set(_children())


def _children():
    """Processes whose parent we are."""
    return [
        entry.name
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(entry) == os.getpid()
    ]  # fmt: skip


def _parent(entry):
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None
