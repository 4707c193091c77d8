"""The date of a session as its manifest tells it: local time of the zone where it was synced, or between what days.

UTC and zone are kept apart; they meet only where a person reads. Written by syncing.dating; used by the lists.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from retrowalk.console import clean
from retrowalk.session_files.timeline import is_utc


def began_utc_s(manifest: dict[str, Any]) -> int | None:
    """When a walk began, seconds since 1970; None if nobody knows (see syncing.dating), or it tells nonsense."""
    for place in ("began", "header", "clock"):
        told = manifest.get(place)
        utc_s = told.get("utc_s") if isinstance(told, dict) else None
        if is_utc(utc_s):
            return utc_s
    return None


def local_time(utc_s: int, utc_offset_s: int | None) -> datetime:
    """The moment on the wall's clock where it was synced; None: in the zone of this computer. Raises ValueError."""
    moment = datetime.fromtimestamp(utc_s, timezone.utc)
    return moment.astimezone(None if utc_offset_s is None else timezone(timedelta(seconds=utc_offset_s)))


def offset_of(manifest: dict[str, Any]) -> int | None:
    """Seconds that local time was ahead of UTC on the session's day; None if it is not told."""
    zone = manifest.get("zone")
    offset = zone.get("utc_offset_s") if isinstance(zone, dict) else None
    return offset if isinstance(offset, int) and abs(offset) < 86400 else None


def zone_name(manifest: dict[str, Any]) -> str | None:
    """The zone's short name, like CET; None if it is not told."""
    zone = manifest.get("zone")
    name = zone.get("name") if isinstance(zone, dict) else None
    return clean(name, 20) if isinstance(name, str) else None


def bounds_of(manifest: dict[str, Any]) -> tuple[int | None, int | None]:
    """(after, before) of a session with an unknown date."""
    began = manifest.get("began")
    told = began if isinstance(began, dict) else {}
    after, before = told.get("after_utc_s"), told.get("before_utc_s")
    return after if is_utc(after) else None, before if is_utc(before) else None


def date_words(utc_s: int | None, bounds: tuple[int | None, int | None], utc_offset_s: int | None) -> str:
    """The date for people: local time, or between what days it was."""
    try:
        if utc_s is not None:
            return local_time(utc_s, utc_offset_s).strftime("%Y-%m-%d %H:%M")
        days = ["" if each is None else local_time(each, utc_offset_s).strftime("%Y-%m-%d") for each in bounds]
    except (OverflowError, OSError, ValueError):
        return "unknown"
    parts = ["unknown", *(f"{word} {day}" for word, day in zip(("after", "before"), days, strict=True) if day)]
    return ", ".join(parts)
