"""A speed as people say it, "0.8mph", "1.2km/h" or "0.4m/s", in metres a second. For the belt of a treadmill.

No setting of the device is a speed: the coach limits cadence. The speed of a belt is part of a plan.
"""

import re
from decimal import Decimal

from retrowalk.console import clean
from retrowalk.errors import UsageError

MPS_BY_UNIT = {
    "mph": Decimal("0.44704"),
    "km/h": Decimal(1) / Decimal("3.6"),
    "kmh": Decimal(1) / Decimal("3.6"),
    "kph": Decimal(1) / Decimal("3.6"),
    "m/s": Decimal(1),
}
"""Metres a second in one of each unit; 1 mph is 0.44704 m/s by definition."""

FASTEST_MPS = Decimal("5.5")
"""Faster than any person walks backward on a belt; what is above is a slip of the pen."""

_SPEED = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?) ?([a-z/]+)")


def parse_speed(text: str) -> Decimal:
    """Metres a second. Raises UsageError for text without a known unit, and for 0 and what nobody walks."""
    match = _SPEED.fullmatch(text.strip().lower())
    if match is None or match[2] not in MPS_BY_UNIT:
        raise UsageError(f"{clean(text, 40)!r} is no speed.", "give it with its unit, like 0.8mph, 1.2km/h or 0.4m/s.")
    speed_mps = Decimal(match[1]) * MPS_BY_UNIT[match[2]]
    if not 0 < speed_mps <= FASTEST_MPS:
        raise UsageError(
            f"{clean(text, 40)} is no speed to walk at (above 0, at most {FASTEST_MPS} m/s).",
            "look at the belt's display, and at its unit.",
        )
    return speed_mps


def speed_words(speed_mps: Decimal | float, imperial: bool) -> str:
    """Like "0.80 mph" or "0.36 m/s"."""
    exact = Decimal(speed_mps)
    return f"{exact / MPS_BY_UNIT['mph']:.2f} mph" if imperial else f"{exact:.2f} m/s"
