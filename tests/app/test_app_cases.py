"""Runs the case_ functions of the case files on real MicroPython: the app itself between made-up parts."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

import pytest

from retrowalk.virtual.config import interpreter

HERE = Path(__file__).parent
CASES = ("session_trouble_cases", "anchor_cases")
# asyncio is frozen into the interpreter.
SEARCH = (HERE, HERE.parents[1] / "firmware", ".frozen")


def _cases() -> list[tuple[str, str]]:
    return [
        (module, node.name)
        for module in CASES
        for node in ast.parse((HERE / f"{module}.py").read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("case_")
    ]


@pytest.mark.parametrize(("module", "case"), _cases())
def test_case(module: str, case: str) -> None:
    environment = os.environ | {"MICROPYPATH": ":".join(map(str, SEARCH))}
    done = subprocess.run(
        [interpreter(), "-c", f"import {module}\n{module}.{case}()\nprint('passed')"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout == "passed\n", done.stdout + done.stderr
