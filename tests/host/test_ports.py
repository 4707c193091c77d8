"""Finding ports, choosing one, and saying in plain words why one cannot be opened."""

import errno
import json
import os
import subprocess
import sys

import pytest
from scripted import ScriptedPort
from serial import SerialException
from serial.tools.list_ports_common import ListPortInfo

from retrowalk.contact import ports
from retrowalk.contact.ports import Port
from retrowalk.errors import BusyError, NoDeviceError, UsageError


def usb(path: str, vid: int | None, serial_number: str | None = None) -> ListPortInfo:
    info = ListPortInfo(path)
    info.vid, info.pid, info.serial_number, info.product = vid, 0x1001, serial_number, "USB JTAG"
    return info


@pytest.fixture
def computer(monkeypatch, tmp_path):
    """A computer with the given USB ports and an empty registry of virtual devices; returns the registry's folder."""
    connected: list[ListPortInfo] = []
    monkeypatch.setattr(ports.list_ports, "comports", lambda: connected)
    monkeypatch.setattr(ports, "runtime_registry", lambda: tmp_path)
    return connected, tmp_path


def register(folder, pid: int, **told: object) -> None:
    (folder / f"{pid}-1.json").write_text(json.dumps(told))


def test_only_ports_of_known_makers_are_candidates(computer):
    computer[0].extend([usb("/dev/ttyS0", None), usb("/dev/ttyUSB9", 0x0BDA), usb("/dev/ttyACM0", 0x303A, "34:85:18")])
    assert ports.find_ports() == [Port("/dev/ttyACM0", "usb", "34:85:18", "USB JTAG", "303a:1001", has_baud=False)]
    assert ports.choose_port(None).path == "/dev/ttyACM0"


def test_no_device_says_what_to_try(computer):
    with pytest.raises(NoDeviceError) as caught:
        ports.choose_port(None)
    for word in ("cable", "driver", "retrowalk virtual"):
        assert word in caught.value.next_step


def test_two_boards_are_listed_and_never_guessed(computer):
    computer[0].extend([usb("/dev/ttyACM0", 0x303A, "AA"), usb("/dev/ttyUSB0", 0x10C4, "BB")])
    with pytest.raises(UsageError) as caught:
        ports.choose_port(None)
    assert caught.value.exit_code == 2
    for word in ("/dev/ttyACM0", "AA", "/dev/ttyUSB0", "BB"):
        assert word in caught.value.message
    assert "--port /dev/ttyACM0" in caught.value.next_step


def test_a_device_can_be_named_by_its_identity(computer):
    computer[0].extend([usb("/dev/ttyACM0", 0x303A, "AA"), usb("/dev/ttyACM1", 0x303A, "BB")])
    assert ports.choose_port("BB").path == "/dev/ttyACM1"
    assert ports.choose_port("/dev/else").path == "/dev/else"


def test_running_virtual_devices_are_found_and_stale_ones_are_not(computer):
    _, folder = computer
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with ScriptedPort() as port:
        register(folder, os.getpid(), port=port.path, device_id="feed0001", board="virtual")
        register(folder, ended.pid, port=port.path, device_id="feed0002", board="virtual")
        (folder / "notes.json").write_text("{}")
        assert ports.find_ports() == [
            Port(port.path, "virtual", "feed0001", "virtual device", board="virtual", has_baud=False)
        ]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"port": 5}', '{"port": "/nowhere"}', " " * 5000])
def test_a_broken_registry_entry_is_ignored(computer, text):
    (computer[1] / f"{os.getpid()}.json").write_text(text)
    assert ports.find_ports() == []


def test_a_port_opened_elsewhere_is_busy():
    with ScriptedPort() as port, ports.open_serial(port.path):
        with pytest.raises(BusyError, match="in use") as caught:
            ports.open_serial(port.path)
        assert caught.value.exit_code == 4
        assert "close the other program" in caught.value.next_step


def test_a_missing_port_is_no_device(tmp_path):
    with pytest.raises(NoDeviceError, match="There is no port"):
        ports.open_serial(str(tmp_path / "ttyACM0"))


@pytest.mark.parametrize("path", [os.devnull, os.curdir])
def test_what_is_no_serial_port_is_a_usage_error(path):
    with pytest.raises(UsageError, match="not a serial port"):
        ports.open_serial(path)


def test_a_forbidden_port_names_the_group():
    denied = SerialException(errno.EACCES, "could not open port")
    error = ports.opening_error("/dev/null", denied)
    assert error.exit_code == 4
    assert "usermod -aG root" in error.next_step, "the group that owns the file"
    assert "usermod -aG dialout" in ports.opening_error("/dev/nowhere", denied).next_step
