"""What a session costs the flash, and how long a stall it rides out: `make flash-cost`, also part of `make bench`.

The device's own Logbook writes a quarter of an hour of the walking model on real MicroPython and real LittleFS, over
the NOR model of the virtual device (45 ms an erase, 0.7 ms a 256-byte page). Model figures: nothing here is silicon.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from retrowalk.console import table
from retrowalk.virtual.config import INSIDE
from retrowalk.virtual.runner import run_script
from retrowalk.wearer.cast import model

HERE = Path(__file__).resolve().parent
ON_FLASH = HERE.parent / "tests" / "faults" / "inside"
MINUTES = 15
_MB = 1 << 20
_UG_PER_COUNT, _UNITS_PER_COUNT = 244, 140


def counts() -> np.ndarray:
    """A steady walk at the waist as the IMU counts it, int16 [n, 6]."""
    frames = model("steady", mount="waist", seed=1).frames.values
    per_count = np.array([_UG_PER_COUNT] * 3 + [_UNITS_PER_COUNT] * 3)
    return np.clip(np.round(frames / per_count), -32768, 32767).astype("<i2")


def measure(minutes: int) -> dict:
    """{"rows": figures by flush period, "longest_stall_ms"}."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts"
        path.write_bytes(counts().tobytes())
        told = run_script(
            HERE / "flash_cost_inside.py",
            arguments=(str(path), str(minutes)),
            search_path=(ON_FLASH, INSIDE),
            timeout_s=600,
        )
    return json.loads(told)


def lines(told: dict, minutes: int) -> list[str]:
    """The table for people."""
    rows = [
        (
            f"{each['flush_s']} s",
            f"{each['bytes'] / 1000 / minutes:.1f}",
            f"{each['erases'] * _MB / each['bytes']:.0f}",
            f"{each['programmed'] / each['bytes']:.2f}",
            each["erases"] * 15 // minutes,
            each["worst_ms"],
        )
        for each in told["rows"]
    ]
    titles = ("flush", "kB/min", "erases per MB", "programmed per byte", "erases in 15 min", "flash ms a period, worst")
    return [*table(titles, rows), "", f"Longest stall ridden out by the FIFO: {told['longest_stall_ms']} ms."]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=MINUTES)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    told = measure(args.minutes)
    print(json.dumps(told) if args.json else "\n".join(lines(told, args.minutes)))


if __name__ == "__main__":
    main()
