"""The board of `make test DEVICE=/dev/tty...`, or, without it, a bare chip that was made a Retrowalk."""

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
import serial

from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport
from retrowalk.errors import RetrowalkError
from retrowalk.virtual.bare import BareChip
from retrowalk.virtual.image import make_image

RETROWALK = [sys.executable, "-m", "retrowalk"]


@dataclass
class Board:
    """A Retrowalk on a port. `bench` is the bare chip behind it, None for a real board."""

    port: str
    bench: BareChip | None

    def run(self, verb, *words, expect=0):
        """Run a verb as a process; returns (stdout, stderr)."""
        command = [*RETROWALK, verb, "--port", self.port, *map(str, words)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        assert ended.returncode == expect, f"{verb} {words} left with {ended.returncode}: {ended.stdout}{ended.stderr}"
        assert "Traceback" not in ended.stderr
        return ended.stdout, ended.stderr

    def json(self, verb, *words, expect=0):
        return json.loads(self.run(verb, *words, "--json", expect=expect)[0])

    def listing(self):
        """The names at the top of its filesystem; the app starts again afterwards."""
        with Transport(self.port) as device:
            return device.run("import os,json\nprint(json.dumps(sorted(os.listdir('/'))))")[0]

    def status(self):
        """The app's status, once it answers."""
        for left in reversed(range(5)):
            try:
                with Link(self.port) as link:
                    return link.status()
            except RetrowalkError:
                if not left:
                    raise
        return None

    def has_modem_lines(self):
        """Whether the port can reset the chip into its loader; a pty cannot."""
        try:
            with serial.Serial(self.port) as port:
                return port.cts in (True, False)
        except OSError:
            return False

    def needs_bench(self) -> BareChip:
        """The simulated bench; on a real board the test skips, loudly."""
        if self.bench is None:
            pytest.skip("ON A REAL BOARD: this test breaks hardware on purpose, so it runs on the virtual board only")
        return self.bench


@pytest.fixture
def board(request, tmp_path, monkeypatch):
    """A board with the app of this checkout; a real one gets it by `retrowalk flash`. Nothing on it is deleted."""
    monkeypatch.setenv("RETROWALK_ARCHIVE", str(tmp_path / "archive"))
    port = request.config.getoption("--device")
    if port:
        made = Board(port, None)
        yield made
        assert made.status() is not None, "the board is given back with its app running"
        return
    flash = tmp_path / "chip.bin"
    flash.write_bytes(make_image().ljust(4 << 20, b"\xff"))
    with BareChip(flash, tmp_path / "port", speed=25, is_empty=False) as bench:
        made = Board(str(bench.port), bench)
        assert made.status() is not None
        yield made
