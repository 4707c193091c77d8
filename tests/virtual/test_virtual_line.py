"""The serial line of a virtual board: its rate, the board's small ring, what happens to bytes, cables pulled."""

import time

import pytest
import serial

from retrowalk.bulk.frames import ANSWER, Frame, frame_bytes
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.line import RING_BYTES, Line

SEND = b"import sys;z=sys.stdout.buffer.write(bytes(%d))\r"


@pytest.fixture
def wired(tmp_path, bench_class):
    """Makes a board behind a line."""
    made = []

    def make(line):
        device = VirtualDevice(tmp_path / "flash.bin", is_empty=True, line=line)
        made.append(device)
        device.start()
        assert device.wait_note("repl")
        return bench_class(device)

    yield make
    for device in made:
        device.close()


def read_all(port, silence_s=1.0):
    """What the board says until it is silent."""
    port.timeout = silence_s
    said = b""
    while piece := port.read(max(1, port.in_waiting)):
        said += piece
    return said


@pytest.mark.parametrize("baud", [115200, 460800])
def test_the_rate_is_the_lines(wired, baud):
    bench = wired(Line(baud=baud))
    n_bytes = baud // 20
    with serial.Serial(str(bench.device.port), baud, timeout=5) as port:
        bench.settle(port)
        command = SEND % n_bytes
        port.write(command)
        port.read(len(command) + 1)
        began_s = time.monotonic()
        assert len(port.read(n_bytes)) == n_bytes
        took_s = time.monotonic() - began_s
    assert took_s > 0.9 * n_bytes / (baud / 10), "faster than the line"
    assert took_s < 5


def test_a_board_that_is_busy_loses_what_its_ring_cannot_hold(wired):
    bench = wired(Line())
    with bench.open() as port:
        bench.settle(port)
        port.write(b"import time;time.sleep(1);x=1\r")
        time.sleep(0.2)
        port.write(b"#" * 1000 + b"\r")
        port.flush()
        assert bench.device.wait_until(lambda: bench.device.line.overrun_bytes >= 1001 - RING_BYTES - 8)
        assert b"#" * 100 in read_all(port)


def test_a_rate_that_only_one_end_has_set_garbles(wired):
    bench = wired(Line())
    with bench.open() as port:
        bench.settle(port)
        port.write(b"import machine;u=machine.UART(0,baudrate=460800)\r")
        assert bench.device.wait_until(lambda: bench.device.line.board_baud == 460800)
        read_all(port, 0.3)
        port.write(b"1234+4321\r")
        assert b"5555" not in read_all(port)
        port.baudrate = 460800
        port.write(b"\x03\r1234+4321\r")
        assert b"5555" in read_all(port)
        bench.device.reset()
        assert bench.device.line.board_baud == 115200


@pytest.mark.parametrize("kind", ["flip", "drop", "duplicate"])
def test_disturbances_come_at_their_rate_and_the_same_for_one_seed(kind):
    sent = bytes(range(256)) * 100
    heard = []
    for _ in range(2):
        line = Line(seed=7)
        line.disturb(**{kind: 0.01})
        heard.append(line.to_host(sent, 115200))
    assert heard[0] == heard[1] != sent
    difference = {"flip": 0, "drop": -256, "duplicate": 256}[kind]
    assert abs(len(heard[0]) - len(sent) - difference) < 80
    quiet = Line()
    quiet.disturb(flip=1.0, to_host=False)
    assert quiet.to_host(sent, 115200) == sent
    assert quiet.to_board(sent) != sent


def test_garble_never_is_a_ctrl_c():
    line = Line()
    line.host_baud = 460800
    assert 3 not in line.to_board(bytes(range(256)) * 50)


def test_the_cable_is_pulled_after_the_byte_and_put_in_again(wired):
    bench = wired(Line())
    with bench.open() as port:
        bench.settle(port)
        bench.device.line.unplug_at_byte(len(SEND % 9000) + 4000)
        port.write(SEND % 9000)
        heard = b""
        with pytest.raises(OSError):
            while True:
                heard += port.read(max(1, port.in_waiting))
        assert heard.count(0) <= 4000
    assert not bench.device.port.exists()
    bench.device.replug()
    with bench.open() as port:
        bench.settle(port)


def test_the_cable_is_pulled_after_the_frame():
    line = Line()
    line.unplug_at_frame(2)
    for n in range(3):
        assert line.must_unplug() is (n == 2)
        line.to_host(frame_bytes(Frame(ANSWER, n, 0, b"words")), 115200)
    assert not line.must_unplug()


def test_without_a_line_a_cable_can_be_pulled_too(bench):
    bench.device.unplug()
    assert not bench.device.port.exists()
    bench.device.replug()
    with bench.open() as port:
        bench.settle(port)
