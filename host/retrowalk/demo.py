"""`make demo`: the main job on the virtual device, from an empty flash to the picture of the walk.

Real MicroPython and a real LittleFS run the very files of firmware/; chips and wearer are simulated. Every step is a
verb that a user would call. A recorded walk moves the wearer where ../shared/data exists, played backward in time so
that it is a walk backward (a proxy: see docs/explanation); then the walking model leans and hurries.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from retrowalk import cli
from retrowalk.archive import Archive
from retrowalk.console import emit, progress, say, table
from retrowalk.link import Link
from retrowalk.recording import load_recording, time_reversed
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model
from retrowalk.wearer.frames import Frames
from retrowalk.wearer.recorded import frames_from_recording

FOLDER = Path("build/demo")
RECORDING = Path("../shared/data/ipol_gait_lowerback_feet/dev/S01_T1_lb.csv.gz")
RECORDING_AXES = "-z,y,x"
SPEED = 12
_FAULTS = ("lean forward", "lean back", "lean to the side", "too fast")


@dataclass
class Outing:
    """One walk of the demo: `true_steps` is None where nobody counted."""

    title: str
    frames: Frames
    true_steps: int | None


def main() -> int:
    """Run the demo; returns an exit code."""
    began_s = time.monotonic()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in ("flash.bin", "archive"):
        _remove(FOLDER / old)
    os.environ["RETROWALK_ARCHIVE"] = str(FOLDER / "archive")
    say("Retrowalk on a virtual device: real MicroPython, real LittleFS, simulated chips and wearer; no silicon.")
    with VirtualDevice(FOLDER / "flash.bin", link=FOLDER / "port", speed=SPEED, empty=True) as device:
        port = str(device.port)
        _verb("flash", "--port", port, "--board", "virtual", "--yes")
        _verb("calibrate", "--port", port, "waist")
        outings = _outings()
        for outing in outings:
            _walk(device, port, outing)
        _verb("sync", "--port", port)
    rows, pictures = _harvest(outings)
    _summary(rows, pictures, time.monotonic() - began_s)
    return 0
