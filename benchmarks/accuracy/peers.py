"""Runs the peers in their own Python and keeps what they found, for they are slow and do not change.

The peers are optional: `make peers` installs them (pins/peers.txt) into .venv/peers. Without them the table shows
the figures that issue 3 quotes. Called by accuracy.measure.
"""

import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "peers" / "bin" / "python"
RUNNER = Path(__file__).with_name("peer_runner.py")
PINS = ROOT / "pins" / "peers.txt"
KEPT = ROOT / "build" / "accuracy" / "peers"
_LONGEST_S = 900


class Peers:
    """Findings of one batch of jobs [(peer, path, axes, change)], begun at once and waited for in `found`."""

    def __init__(self, jobs):
        self.installed = PYTHON.exists()
        self._jobs = [(peer, str(path), axes, change) for peer, path, axes, change in jobs]
        text = json.dumps([RUNNER.read_text(), PINS.read_text() if PINS.exists() else "", self._jobs])
        self._kept = KEPT / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
        self._process = None
        self._found = None
        if self.installed and not self._kept.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            jobs_path = self._kept.with_suffix(".jobs")
            jobs_path.write_text(json.dumps(self._jobs))
            with jobs_path.open() as jobs, self._part.open("w") as told:
                command = [str(PYTHON), str(RUNNER)]
                self._process = subprocess.Popen(command, stdin=jobs, stdout=told, stderr=subprocess.DEVNULL)

    @property
    def _part(self):
        return self._kept.with_suffix(".part")

    def found(self, peer, path, axes, change=""):
        """The times found (or rows of t_s, up), as an array; None where the peer is absent or failed."""
        if not self.installed:
            return None
        if self._found is None:
            self._found = self._wait()
        found = self._found.get((peer, str(path), axes, change), {"error": "not asked"})
        return None if isinstance(found, dict) else np.array(found, dtype=float)

    def _wait(self):
        if self._process is not None:
            if self._process.wait(_LONGEST_S) != 0:
                return {}
            self._part.replace(self._kept)
        return dict(zip(self._jobs, json.loads(self._kept.read_text()), strict=True))
