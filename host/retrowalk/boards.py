"""The board files of the firmware as the host reads them: without running them, and with where each fact is from."""

import ast
from pathlib import Path
from typing import Any

from retrowalk.deploy import firmware_folder, known_boards
from retrowalk.errors import UsageError

IMU_NAMES = {"lsm6dsox": "LSM6DSOX", "bmi270": "BMI270", "mpu6886": "MPU6886"}
MOTOR_NAMES = {"drv2605l": "DRV2605L", "pwm": "motor on a pin"}
GAUGE_NAMES = {"max17048": "MAX17048", "adc": "voltage divider"}


def constants(name: str) -> dict[str, Any]:
    """The constants of firmware/boards/NAME.py by name; UsageError for an unknown board."""
    found: dict[str, Any] = {}
    for statement in ast.parse(_source(name)).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = ast.literal_eval(statement.value)
    return found


def origins(name: str) -> dict[str, str]:
    """Where each constant is from: F, R, E or -, and perhaps a remark, as the comment behind it says."""
    found = {}
    for line in _source(name).splitlines():
        constant, equals, rest = line.partition(" = ")
        if equals and constant.isupper():
            found[constant] = rest.partition("  # ")[2]
    return found


def summary(name: str) -> str:
    """The first line of the board file's docstring."""
    return (ast.get_docstring(ast.parse(_source(name))) or "").splitlines()[0]


def _source(name: str) -> str:
    if name not in known_boards():
        raise UsageError(f"There is no board named {name!r}.", f"choose one of: {', '.join(known_boards())}.")
    path: Path = firmware_folder() / "boards" / f"{name}.py"
    return path.read_text(encoding="utf-8")
