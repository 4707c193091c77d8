"""The settings in the names and units people use: lean_cue_deg=6 for lean_cue_cdeg 600, height_ft=5ft8, cue_twist=on.

The rows are `retrogait.settings.SCHEMA`, whose names and whole numbers are always accepted, too. The arithmetic is
exact. Metric values finer than the device's step are refused; feet and inches are rounded to it, and that is told.
"""

import difflib
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from retrogait.settings import SCHEMA
from retrogait.stages import STAGE_NAMES
from retrowalk.console import clean
from retrowalk.errors import UsageError

INCH_CM = Decimal("2.54")
FOOT_M = Decimal("0.3048")

# ending of the row's name: [(ending of the friendly name, how many of the row's units are one of its own)]
_RULES = {
    "_cdeg": [("_deg", Decimal(100))],
    "_ms": [("_s", Decimal(1000))],
    "_s": [("_min", Decimal(60))],
    "_permille": [("_percent", Decimal(10))],
    "_cm": [("_m", Decimal(100)), ("_ft", 12 * INCH_CM), ("_in", INCH_CM)],
    "_m": [("_ft", FOOT_M)],
}
_IMPERIAL = ("_ft", "_in")
_SWITCH = {"on": 1, "yes": 1, "1": 1, "off": 0, "no": 0, "0": 0}
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_FEET_AND_INCHES = re.compile(r"([0-9]{1,2}) ?(?:ft|') ?(?:([0-9]{1,2}(?:\.[0-9]{1,3})?) ?(?:in|\"|'')?)?")


class Name(NamedTuple):
    """A name that is accepted for a row; `per_unit`: how many of the row's units one of the name's is."""

    row: str
    per_unit: Decimal
    imperial: bool = False


class Change(NamedTuple):
    """One parsed NAME=VALUE; `note` tells a rounding, or is empty."""

    row: str
    value: int
    note: str = ""


def _names() -> dict[str, Name]:
    found = {row: Name(row, Decimal(1)) for row in SCHEMA}
    for row in SCHEMA:
        for ending, friendly in _RULES.items():
            if row.endswith(ending):
                stem = row.removesuffix(ending)
                found.update({stem + end: Name(row, per_unit, end in _IMPERIAL) for end, per_unit in friendly})
    return found


NAMES = _names()
"""Every accepted name."""


def parse_changes(words: Iterable[str]) -> list[Change]:
    """NAME=VALUE words. Raises UsageError; what must stay in order is for `retrogait.settings.Settings` to check."""
    found: dict[str, Change] = {}
    for word in words:
        name, is_pair, value = word.partition("=")
        if not is_pair or not name or not value:
            raise UsageError(f"{clean(word, 60)!r} is no NAME=VALUE.", "give it like lean_cue_deg=6, without spaces.")
        change = parse_change(name.strip().lower(), value.strip())
        if change.row in found and found[change.row].value != change.value:
            raise UsageError(f"{change.row} is given twice, with different values.", "give it once.")
        found[change.row] = change
    return list(found.values())


def parse_change(name: str, text: str) -> Change:
    """The value of `text` in the units of the row that `name` means. Raises UsageError."""
    known = known_name(name)
    unit = SCHEMA[known.row][3]
    if unit == "on/off":
        return Change(known.row, _switch(name, text))
    if unit == "stage" and text.lower() in STAGE_NAMES[1:]:
        return Change(known.row, STAGE_NAMES.index(text.lower()))
    exact = _in_row_units(name, text, known.per_unit)
    if known.imperial:
        value = int(exact.to_integral_value(ROUND_HALF_UP))
        _check_range(name, text, value)
        note = "" if exact == value else f"{name}={text} is {plain(exact)} {unit}; the device keeps {value} {unit}"
        return Change(known.row, value, note)
    if exact != int(exact):
        step = "1/60" if known.per_unit == _RULES["_s"][0][1] else plain(1 / known.per_unit)
        raise UsageError(f"{name}={clean(text, 30)} is finer than {step}, the device's step.", "round it.")
    _check_range(name, text, int(exact))
    return Change(known.row, int(exact))


def _check_range(name: str, text: str, value: int) -> None:
    """Told in the unit that was typed; `Settings` checks again, and the pairs."""
    row, per_unit, _ = NAMES[name]
    _, lowest, highest, _ = SCHEMA[row]
    if not lowest <= value <= highest:
        low, high = (plain((Decimal(each) / per_unit).quantize(Decimal("0.001"))) for each in (lowest, highest))
        raise UsageError(
            f"{name} must be from {low} to {high}, not {clean(text, 30)}. Nothing was changed.",
            "`retrowalk config show --all` shows the ranges.",
        )


def known_name(name: str) -> Name:
    """What `name` stands for. Raises UsageError with the nearest name."""
    if name in NAMES:
        return NAMES[name]
    near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(
        f"There is no setting {clean(name, 40)!r}.", f"{hint}`retrowalk config show --all` lists them all."
    )


def plain(value: Decimal) -> str:
    """A number without zeros at its end and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _switch(name: str, text: str) -> int:
    if text.lower() not in _SWITCH:
        raise UsageError(f"{name} is on or off, not {clean(text, 30)!r}.", f"give {name}=on or {name}=off.")
    return _SWITCH[text.lower()]


def _in_row_units(name: str, text: str, per_unit: Decimal) -> Decimal:
    if _NUMBER.fullmatch(text):
        return Decimal(text) * per_unit
    match = _FEET_AND_INCHES.fullmatch(text) if name == "height_ft" else None
    if match is not None and Decimal(match[2] or 0) < 12:
        return (12 * Decimal(match[1]) + Decimal(match[2] or 0)) * INCH_CM
    hint = "a number, or 5ft8" if name == "height_ft" else "a plain number, like 6 or 0.5"
    raise UsageError(f"{name}={clean(text, 30)} is no value.", f"give {hint}; the unit is in the name.")
