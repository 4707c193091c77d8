"""Virtual boards for these tests: with MicroPython only, so that they test the board and not the app."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import serial

from retrowalk.virtual.device import VirtualDevice

MPREMOTE = Path(sys.executable).parent / "mpremote"


@dataclass
class Bench:
    """A board and the tools to talk to it."""

    device: VirtualDevice

    def mpremote(self, *words, expect=0):
        """Run the real mpremote; returns its standard output."""
        command = [str(MPREMOTE), "connect", str(self.device.port), *map(str, words)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert ended.returncode == expect, f"{words}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def put(self, name, text, folder):
        """Put a file on the board."""
        path = folder / "to_put"
        path.write_text(text)
        self.mpremote("fs", "cp", path, f":{name}")

    def open(self):
        """The port, as pyserial sees it."""
        return serial.Serial(str(self.device.port), 115200, timeout=0.2)

    def settle(self, port):
        """Read past everything that the board's start still has to say: its prompt comes after the note "repl"."""
        port.write(b"'set' 'tled'\r")
        self.read_until(port, b"'settled'\r\n>>> ")

    @staticmethod
    def read_until(port, ending, timeout_s=10.0):
        """What the board says up to and with `ending`."""
        deadline_s = time.monotonic() + timeout_s
        said = b""
        while not said.endswith(ending):
            assert time.monotonic() < deadline_s, f"{ending!r} did not come; came: {said!r}"
            said += port.read(max(1, port.in_waiting))
        return said


@pytest.fixture(autouse=True)
def _registry_of_our_own(monkeypatch, tmp_path):
    """Nobody else's `retrowalk devices` finds, and probes, the boards of these tests."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def bench(tmp_path):
    """A board with an empty filesystem, at the speed of life, showing its prompt."""
    with VirtualDevice(tmp_path / "flash.bin", is_empty=True) as device:
        assert device.wait_note("repl")
        yield Bench(device)


@pytest.fixture
def bench_class():
    """For tests that make boards of their own."""
    return Bench
