"""A body height as people write it, metric or imperial, in whole centimetres. Called by plan start."""

import re

from retrowalk.console import clean
from retrowalk.errors import UsageError
from retrowalk.programme.profile import HIGHEST_CM, LOWEST_CM

_METRIC = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(m|cm)")
_IMPERIAL = re.compile(r"([0-9])\s*(?:ft|')\s*(?:([0-9]{1,2}(?:\.[0-9])?)\s*(?:in|\")?)?")
_CM_PER_INCH = 2.54


def height_cm(text: str) -> int:
    """1.72m, 172cm, 5ft8, 5'8" -> whole centimetres. Raises UsageError."""
    word = text.strip().lower()
    metric, imperial = _METRIC.fullmatch(word), _IMPERIAL.fullmatch(word)
    cm = 0.0
    if metric:
        cm = float(metric[1]) * (100 if metric[2] == "m" else 1)
    elif imperial and float(imperial[2] or 0) < 12:
        cm = (12 * float(imperial[1]) + float(imperial[2] or 0)) * _CM_PER_INCH
    if not LOWEST_CM <= cm <= HIGHEST_CM:
        raise UsageError(
            f"{clean(text, 20)!r} is no body height from {LOWEST_CM} to {HIGHEST_CM} cm.",
            "give it like 1.72m, 172cm or 5ft8.",
        )
    return round(cm)
