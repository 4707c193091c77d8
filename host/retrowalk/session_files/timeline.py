"""When a session was, by its own stamps: HEADER and STATUS tell sample index, uptime, and the clock if it was set.

Uptime counts milliseconds on the device's crystal; sample indices count on the IMU's. Their ratio is the IMU's real
rate, as far as two looks tell: a stamp is taken up to 50 ms after the newest sample. Called by contents.
"""

from typing import Any, NamedTuple

from retrogait import RATE_HZ

EARLIEST_UTC_S = 1577836800
"""2020-01-01: a device whose clock says less has no time; so it is never dated 1970 or 2000."""

LATEST_UTC_S = 1 << 37
_TICKS = 1 << 30
_LOOK_S = 0.05
_LEAST_SPAN_S = 10.0
_MOST_UPTIME_MS = 1 << 45


class Stamp(NamedTuple):
    """Sample index, uptime (None if it was not told) and UTC in seconds (None while the clock was unset)."""

    index: int
    uptime_ms: int | None
    utc_s: int | None


class Rate(NamedTuple):
    """How much faster than nominal, and how sure: true within `plus_minus_ppm`, over `span_s` seconds."""

    ppm: int
    plus_minus_ppm: int
    span_s: float

    def as_json(self) -> dict[str, Any]:
        """In a manifest."""
        return self._asdict()


class Timeline:
    """The stamps of one session, in order."""

    def __init__(self) -> None:
        self.stamps: list[Stamp] = []

    def add(self, index: int, told: dict[str, Any]) -> None:
        """What a HEADER or a STATUS block tells; what is of a wrong type is not told."""
        utc_s = told.get("utc_s")
        self.stamps.append(Stamp(index, self._uptime_ms(told), utc_s if is_utc(utc_s) else None))

    def began_utc_s(self) -> int | None:
        """When sample 0 was, by the first stamp that knows the time; None if the clock was never set."""
        for each in self.stamps:
            if each.utc_s is not None:
                return each.utc_s - round(self._since_begin_s(each))
        return None

    def imu_rate(self) -> Rate | None:
        """The IMU's clock against the device's, between the first and the last STATUS; None under 10 s."""
        known = [each for each in self.stamps[1:] if each.uptime_ms is not None]
        if len(known) < 2:
            return None
        first, last = known[0], known[-1]
        span_s = ((last.uptime_ms or 0) - (first.uptime_ms or 0)) / 1000
        if span_s < _LEAST_SPAN_S or last.index <= first.index:
            return None
        ppm = ((last.index - first.index) / RATE_HZ / span_s - 1) * 1e6
        if abs(ppm) > 1e6:
            return None
        return Rate(round(ppm), round(_LOOK_S / span_s * 1e6) + 1, round(span_s, 1))

    def _uptime_ms(self, told: dict[str, Any]) -> int | None:
        uptime_ms = _count(told.get("uptime_ms"), _MOST_UPTIME_MS)
        if uptime_ms is not None:
            return uptime_ms
        ticks_ms = _count(told.get("ticks_ms"), _TICKS)
        if ticks_ms is None:
            return None
        # Until 0.1.0 the ticks were stored as they are, and wrapped after 12.4 days.
        before = self.stamps[-1].uptime_ms if self.stamps else None
        return ticks_ms if before is None else before + (ticks_ms - before) % _TICKS

    def _since_begin_s(self, stamp: Stamp) -> float:
        first = self.stamps[0]
        if first.index == 0 and first.uptime_ms is not None and stamp.uptime_ms is not None:
            return (stamp.uptime_ms - first.uptime_ms) / 1000
        return stamp.index / RATE_HZ


def is_utc(value: object) -> bool:
    """True for whole seconds since 1970 that a device with a set clock can mean."""
    return (_count(value, LATEST_UTC_S) or 0) >= EARLIEST_UTC_S


def _count(value: object, end: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end else None
