"""A virtual device with the app on it, and the host's verbs as a user calls them; for the fixtures in conftest.py."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import serial

from retrogait.events import KIND_NAMES
from retrogait.record import END, EVENTS, HEADER, Block, read_blocks
from retrowalk.contact.link import Link
from retrowalk.errors import RetrowalkError
from retrowalk.virtual.device import VirtualDevice

MPREMOTE = str(Path(sys.executable).with_name("mpremote"))
RETROWALK = [sys.executable, "-m", "retrowalk"]


@dataclass
class Clip:
    """One virtual device, its port, and an archive of its own."""

    device: VirtualDevice
    archive: Path
    said: list[str] = field(default_factory=list)

    @property
    def port(self):
        return str(self.device.port)

    def retrowalk(self, verb, *words, expect=0, port=True):
        """Run a verb as a process; returns its standard output. What it said on stderr is kept in `said`."""
        command = [*RETROWALK, verb, *(["--port", self.port] if port else []), *map(str, words)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=100, env=self.env())
        self.said.append(run.stderr)
        assert run.returncode == expect, f"{verb} {words} left with {run.returncode}: {run.stdout[:500]} {run.stderr}"
        assert "Traceback" not in run.stderr
        return run.stdout

    def env(self):
        """The environment of a verb: an archive of its own."""
        return os.environ | {"RETROWALK_ARCHIVE": str(self.archive)}

    def status(self):
        """The app's answer to `rw status`."""
        with Link(self.port) as link:
            return link.status()

    def raw_status(self):
        """The same as the JSON object that the app sent."""
        with Link(self.port) as link:
            return link.ask("status")

    def comes_to(self, predicate, timeout_s=2.0):
        """Ask for the status (wall clock) until predicate(status) is true; False if that does not happen in time."""
        deadline_s = time.monotonic() + timeout_s
        while not predicate(self.status()):
            if time.monotonic() > deadline_s:
                return False
            time.sleep(0.05)
        return True

    def command(self, text):
        with Link(self.port) as link:
            link.command(text)

    def shout(self, line):
        """Send a line of the link and wait for nothing."""
        with serial.Serial(self.port) as port:
            port.write(line.encode())

    def wait_state(self, state, timeout_s=60):
        """Wait (wall clock) until the app is in `state`."""
        deadline_s = time.monotonic() + timeout_s
        status = None
        while time.monotonic() < deadline_s:
            try:
                status = self.status()
            except RetrowalkError as error:
                # It may be starting.
                status = error.message
                continue
            if status.state == state:
                return status
            time.sleep(0.1)
        raise AssertionError(f"not {state} after {timeout_s} s: {status}; its last notes: {self.device.notes[-5:]}")

    def calibrate(self):
        self.retrowalk("calibrate", "waist")

    def sync(self, expect=0):
        """Sync; returns the JSON report's sessions."""
        out = self.retrowalk("sync", "--json", expect=expect)
        return json.loads(out)["sessions"]

    def analyze(self, session="last", expect=0):
        """The JSON object of `retrowalk analyze`."""
        return json.loads(self.retrowalk("analyze", session, "--json", expect=expect, port=False))

    def mpremote(self, *words):
        """Run the real mpremote; returns what it printed."""
        run = subprocess.run([MPREMOTE, "connect", self.port, *words], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def put_json(self, name, value):
        """Replace a file of /data, and start the app anew so that it is read."""
        self.mpremote("exec", f"f=open('/data/{name}','w')\nf.write({json.dumps(value)!r})\nf.close()")
        self.device.reset()
        self.wait_state("idle")

    def put_settings(self, changes):
        """Have the device walk with these settings: {name: value}, whatever the device thinks of them."""
        self.put_json("settings.json", {"format": 1, "settings": changes})

    def settle(self, seconds):
        """Wait until `seconds` of virtual time have passed."""
        until_us = self.device.now_us + seconds * 1e6
        assert self.device.wait_until(lambda: self.device.now_us > until_us, timeout_s=60 + seconds)

    def header(self):
        """The HEADER block of the newest session in the archive."""
        return json.loads(self._blocks(HEADER)[0].payload)

    def end(self):
        """The END block of the newest session in the archive."""
        (end,) = self._blocks(END)
        return json.loads(end.payload)

    def logged(self):
        """(kind, index, value_a, value_b) of the newest session in the archive, as the device wrote them."""
        events = [event for block in self._blocks(EVENTS) for event in block.events()]
        return [(KIND_NAMES[kind], index, a, b) for index, kind, a, b in events]

    def _blocks(self, kind):
        folder = max(path.parent for path in self.archive.rglob("*.rwl"))
        data = b"".join(path.read_bytes() for path in sorted(folder.glob("*.rwl")))
        return [block for block in read_blocks(data) if isinstance(block, Block) and block.kind == kind]

    def felt(self, since_us=0):
        """Lengths (ms) of the pulses that began after that moment."""
        return [round(length_ms) for start_s, length_ms in self.pulses() if start_s * 1e6 > since_us]

    def pulses(self):
        """What the wearer felt: (start_s, length_ms) of each time the motor ran."""
        out, since = [], None
        for t_us, level in self.device.motor:
            if level and since is None:
                since = t_us
            elif not level and since is not None:
                out.append((since / 1e6, (t_us - since) / 1e3))
                since = None
        return out


def is_felt(pattern, felt):
    """True if the pulses of the pattern are in `felt` (lengths in ms), one after the other, each within 25 ms."""
    wanted = list(pattern[::2])
    return any(
        all(abs(a - b) <= 25 for a, b in zip(wanted, felt[at : at + len(wanted)], strict=True))
        for at in range(len(felt) - len(wanted) + 1)
    )
