"""One line of `retrowalk doctor`."""

from dataclasses import asdict, dataclass
from typing import Any

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, what to do about it, perhaps a drawing of it, and figures for programs."""

    name: str
    level: str
    text: str
    next_step: str = ""
    drawing: tuple[str, ...] = ()
    figures: dict[str, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data."""
        return asdict(self)
