"""Every file of the firmware compiles for the ESP32 with mpy-cross, as bytecode and as native Xtensa code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[2] / "firmware"
MPY_CROSS = Path(sys.executable).parent / "mpy-cross"
FILES = sorted(FIRMWARE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIRMWARE)))
def test_compiles(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(MPY_CROSS), "-march=xtensawin", "-o", str(tmp_path / "out.mpy"), str(path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_tree_is_there() -> None:
    assert FIRMWARE / "drivers/lsm6dsox.py" in FILES
