"""Runs a scenario of inside/ on real MicroPython with the firmware's own files, and adds what it told to a row."""

import json
import os
import subprocess
from pathlib import Path

from fault_rows.row import Row
from retrowalk.deploying.tree import firmware_folder
from retrowalk.virtual.config import INSIDE, interpreter

HERE = Path(__file__).parent / "inside"


def run(row: Row, module: str, scenario: str, every: int, offset: int = 0) -> None:
    """Call `scenario`(every, offset) of inside/`module`.py; it prints one JSON line for each tally."""
    script = f"import {module}\n{module}.{scenario}({every}, {offset})"
    search = ":".join(str(path) for path in (HERE, firmware_folder(), INSIDE))
    done = subprocess.run(
        [interpreter(), "-X", "heapsize=192M", "-c", script],
        env=os.environ | {"MICROPYPATH": search}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode or done.stderr:
        row.note(f"{module}.{scenario}: {(done.stderr or done.stdout).strip()[-300:]}")
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            row.add(json.loads(line))
