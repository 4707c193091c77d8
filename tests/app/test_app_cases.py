"""Runs the case_ functions of the case files: the app between made-up parts, on real MicroPython, virtual clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from retrowalk.virtual.runner import run_script

HERE = Path(__file__).parent
CASES = ("session_trouble_cases", "anchor_cases", "housekeeping_cases")


def _cases() -> list[tuple[str, str]]:
    return [
        (module, node.name)
        for module in CASES
        for node in ast.parse((HERE / f"{module}.py").read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("case_")
    ]


@pytest.mark.parametrize(("module", "case"), _cases())
def test_case(module: str, case: str) -> None:
    script = f"import {module}\n{module}.{case}()\nprint('passed')"
    assert run_script(script, search_path=(HERE,)) == "passed\n"


def test_nothing_in_the_firmware_ever_formats() -> None:
    firmware = HERE.parents[1] / "firmware"
    assert [path for path in firmware.rglob("*.py") if "mkfs" in path.read_text() or "VfsLfs" in path.read_text()] == []
