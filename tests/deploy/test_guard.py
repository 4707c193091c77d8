"""Runs every case_ function of cases/guard.py on real MicroPython, each in a fresh interpreter."""

import ast
import os
import subprocess

import pytest
from micropython_made import CASES, SEARCH

from retrowalk.virtual.config import interpreter


def _cases() -> list[str]:
    tree = ast.parse((CASES / "guard.py").read_text())
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("case_")]


@pytest.mark.parametrize("case", _cases(), ids=lambda value: value.removeprefix("case_"))
def test_case(case: str) -> None:
    environment = os.environ | {"MICROPYPATH": ":".join(str(path) for path in SEARCH)}
    done = subprocess.run(
        [interpreter(), "-X", "heapsize=16M", "-c", f"import guard\nguard.{case}()\nprint('passed')"],
        env=environment, capture_output=True, text=True, timeout=60, check=False, cwd=SEARCH[1],
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.endswith("passed\n"), done.stdout + done.stderr
