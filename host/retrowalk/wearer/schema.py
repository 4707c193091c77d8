"""What a scenario's file may say: each field's unit, range and meaning, kept with the dataclass that holds it.

`number`, `choice` and `flag` declare a field; `build` makes the object from the file's words, or says what is wrong and
what to do. docs/reference/scenarios.md shows the same tables, and a test compares. Called by wearer.scenario and by
every noun that a file can name.
"""

from dataclasses import MISSING, field, fields
from typing import Any

from retrowalk.errors import UsageError


def number(unit: str, least: float, most: float, what: str, default: Any = MISSING) -> Any:
    """A field that holds a number from `least` to `most`; without a default the file must name it."""
    return field(default=default, metadata={"unit": unit, "least": least, "most": most, "what": what})


def choice(options: tuple[str, ...], what: str, default: Any = MISSING) -> Any:
    """A field that holds one of some words."""
    return field(default=default, metadata={"options": options, "what": what})


def flag(what: str) -> Any:
    """A field that is false unless the file says true."""
    return field(default=False, metadata={"options": (False, True), "what": what})


def build(cls: Any, words: Any, where: str, also: tuple[str, ...] = ()) -> Any:
    """A `cls` from the object `words` of a file; `where` names the place. Keys in `also` are somebody else's.

    Raises UsageError for what is no object, an unknown or missing field, a wrong type, a number out of range.
    """
    if not isinstance(words, dict):
        raise UsageError(f"{where} must be an object, not {words!r}.", 'write it as {"field": value}.')
    known = {each.name: each for each in fields(cls) if each.metadata}
    for name in words:
        if name not in known and name not in also:
            raise UsageError(f"{where} has no field {name!r}.", f"choose from: {', '.join([*also, *known])}.")
    for each in known.values():
        if each.default is MISSING and each.name not in words:
            raise UsageError(f"{where} does not say {each.name!r}: {each.metadata['what']}.", "add the field.")
    values = {name: checked(known[name], value, where) for name, value in words.items() if name in known}
    return cls(**values)


def checked(field_of: Any, value: Any, where: str) -> Any:
    """The value, a number as float. Raises UsageError if the field does not allow it."""
    about = field_of.metadata
    if "options" in about:
        if not any(value is option or (isinstance(value, str) and value == option) for option in about["options"]):
            options = ", ".join(str(option).lower() for option in about["options"])
            raise UsageError(f"{where}: {field_of.name} cannot be {value!r}.", f"choose one of: {options}.")
        return value
    allowed = f"a number from {about['least']:g} to {about['most']:g} {about['unit']}".rstrip()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UsageError(f"{where}: {field_of.name} is no number: {value!r}.", f"write {allowed}.")
    if not about["least"] <= value <= about["most"]:
        raise UsageError(f"{where}: {field_of.name} cannot be {value:g}: {about['what']}.", f"write {allowed}.")
    return float(value)
