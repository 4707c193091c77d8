"""Runs every case_ function of cases/*.py on real MicroPython, each in a fresh interpreter: drivers against models."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

import pytest

from retrowalk.virtual.config import INSIDE, interpreter

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = HERE / "cases"
SEARCH = (CASES, ROOT / "firmware", INSIDE)


def _cases() -> list[tuple[str, str]]:
    found = []
    for path in sorted(CASES.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("case_"):
                found.append((path.stem, node.name))
    return found


@pytest.mark.parametrize(("module", "case"), _cases(), ids=lambda value: value.removeprefix("case_"))
def test_case(module: str, case: str) -> None:
    script = f"import wirebench, {module}\n{module}.{case}()\nprint('passed')"
    environment = os.environ | {"MICROPYPATH": ":".join(str(path) for path in SEARCH)}
    done = subprocess.run(
        [interpreter(), "-X", "heapsize=8M", "-c", script],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.endswith("passed\n"), done.stdout + done.stderr
    # MicroPython warns on stderr where ours would print something on a real board.
    assert done.stderr == ""
