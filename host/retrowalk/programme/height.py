"""A body height with its unit as people write it, metric or imperial, in whole centimetres. Called by plan start.

Numbers and units are read as `retrowalk config set height_m=...` reads them; here the unit stands behind the number.
"""

from retrowalk.console import clean
from retrowalk.errors import UsageError
from retrowalk.programme.profile import HIGHEST_CM, LOWEST_CM
from retrowalk.settings.setting_units import parse_change

_METRIC = (("cm", "height_cm"), ("m", "height_m"))
_FEET = ("ft", "'")


def height_cm(text: str) -> int:
    """1.72m, 172cm, 5ft8, 5'8" -> whole centimetres. Raises UsageError."""
    cm = _parsed_cm(text.strip().lower())
    if not LOWEST_CM <= cm <= HIGHEST_CM:
        raise UsageError(
            f"{clean(text, 20)!r} is no body height from {LOWEST_CM} to {HIGHEST_CM} cm.",
            "give it like 1.72m, 172cm or 5ft8.",
        )
    return cm


def _parsed_cm(word: str) -> int:
    """0 for text without a unit of height."""
    for unit, name in _METRIC:
        if word.endswith(unit):
            return parse_change(name, word.removesuffix(unit).strip()).value
    return parse_change("height_ft", word).value if any(mark in word for mark in _FEET) else 0
