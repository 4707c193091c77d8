"""Settings in words: how a value is shown, and what a stage of the programme asks for. The other way of setting_units.

Degrees, seconds, percent and metres; feet and inches on request. What is shown as `NAME VALUE` can be typed back as
NAME=VALUE. Called by config and config_file.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from retrogait.settings import SCHEMA, Settings
from retrogait.stages import PRESETS, STAGE_NAMES
from retrowalk.settings.setting_units import INCH_CM, NAMES, plain

DEFAULT, STAGE, YOU = "default", "stage", "you"
_UNITS = {"deg": "deg", "s": "s", "percent": "%", "m": "m", "ft": "ft", "on/off": "", "stage": ""}
_METRIC = {"_cdeg": "_deg", "_permille": "_percent", "_cm": "_m"}
_IN_SECONDS_FROM_MS = 5000


def shown_name(row: str, imperial: bool = False) -> str:
    """The friendly name of a row: the one its value is shown in."""
    for ending, friendly in _METRIC.items():
        if row.endswith(ending):
            metric = row.removesuffix(ending) + friendly
            return row.removesuffix(ending) + "_ft" if imperial and row.endswith("_cm") else metric
    if row.endswith("_ms") and SCHEMA[row][2] >= _IN_SECONDS_FROM_MS:
        return row.removesuffix("_ms") + "_s"
    return row.removesuffix("_m") + "_ft" if imperial and row.endswith("_m") else row


def shown_unit(row: str, imperial: bool = False) -> str:
    """The unit of `shown_value`; empty for switches and the stage."""
    name = shown_name(row, imperial)
    unit = SCHEMA[row][3] if name == row else name.rpartition("_")[2]
    return _UNITS.get(unit, unit)


def shown_value(row: str, value: int, imperial: bool = False) -> str:
    """A value of a row, as it may be typed back after its shown name."""
    unit = SCHEMA[row][3]
    if unit == "on/off":
        return "on" if value else "off"
    if unit == "stage":
        return STAGE_NAMES[value]
    name = shown_name(row, imperial)
    if name == "height_ft" and value:
        inches = int((value / INCH_CM).to_integral_value(ROUND_HALF_UP))
        return f"{inches // 12}ft{inches % 12}"
    in_its_unit = Decimal(value) / NAMES[name].per_unit
    return plain(in_its_unit.quantize(Decimal(1), ROUND_HALF_UP) if NAMES[name].imperial else in_its_unit)


def shown_range(row: str, imperial: bool = False) -> str:
    """What is allowed, like "2 to 30"."""
    _, lowest, highest, unit = SCHEMA[row]
    if unit == "on/off":
        return "on, off"
    if unit == "stage":
        return f"{lowest} to {highest}"
    return f"{shown_value(row, lowest, imperial)} to {shown_value(row, highest, imperial)}"


def set_by(row: str, changes: Mapping[str, int]) -> str:
    """Who decided the value of a row: what was set stands above the stage, the stage above the default."""
    if row in changes:
        return YOU
    return STAGE if row in PRESETS[changes.get("stage", SCHEMA["stage"][0])] else DEFAULT


def difference(before: Mapping[str, int], after: Mapping[str, int], imperial: bool = False) -> list[str]:
    """What changes when `before` was set and `after` will be: a line for each row, the stage's rows included."""
    old, new = Settings(dict(before)).as_dict(), Settings(dict(after)).as_dict()
    lines = []
    for row in SCHEMA:
        name, by = shown_name(row, imperial), set_by(row, after)
        if old[row] != new[row]:
            values = f"{shown_value(row, old[row], imperial)} -> {shown_value(row, new[row], imperial)}"
            unit = shown_unit(row, imperial)
            lines.append(f"{name}: {values}{f' {unit}' if unit else ''}{'' if by == YOU else f' (the {by})'}")
        elif (row in before) != (row in after):
            stays = shown_value(row, new[row], imperial)
            lines.append(f"{name}: stays {stays}, {'now set by you' if by == YOU else f'now the {by}'}")
    return lines


def stage_lines(changes: Mapping[str, int], imperial: bool = False) -> list[str]:
    """What the stage of `changes` asks for, and which of it was set otherwise."""
    stage = changes.get("stage", SCHEMA["stage"][0])
    asked = {row: value for row, value in PRESETS[stage].items() if row not in changes}
    overruled = [row for row in PRESETS[stage] if row in changes]
    told = ", ".join(f"{shown_name(row, imperial)} {shown_value(row, value, imperial)}" for row, value in asked.items())
    lines = [f"Stage {stage} ({STAGE_NAMES[stage]}) sets {told or 'nothing'}; the rest is the default or yours."]
    if overruled:
        listed = ", ".join(shown_name(row, imperial) for row in overruled)
        lines.append(f"What you set stands above the stage: {listed}.")
    return lines
