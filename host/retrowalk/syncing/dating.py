"""When each session was walked, as well as it can be known, and in which zone: written into the manifests after a sync.

Known are: the device's clock in the session's own stamps; the uptime it began at, with an anchor of the same run. Where
they differ, and no host had set the clock in that run before the walk, the anchor counts: a clock that ran on through a
long sleep may be days off. Else only bounds: after the session before it, before its sync. UTC and zone are kept apart:
a device knows no zone; the one noted is that of the computer that first synced the session, with the offset of the
session's own day.
"""

from datetime import timedelta
from typing import Any

from retrowalk.archive.archive import Archive, StoredSession, synced_utc_s, write_manifest
from retrowalk.archive.session_date import began_utc_s, bounds_of, local_time
from retrowalk.console import clean
from retrowalk.contact.device_clock import Anchor, keep_anchors, load_anchors
from retrowalk.session_files.timeline import is_utc

CLOCK, ANCHOR, UNKNOWN = "clock", "anchor", "unknown"
_AGREE_S = 60


def after_sync(archive: Archive, device_id: str, fresh: list[Anchor]) -> None:
    """Keep the anchors that came, and date every session of the device. Raises FailedError."""
    keep_anchors(archive, device_id, fresh)
    date_sessions(archive, device_id)


def date_sessions(archive: Archive, device_id: str) -> None:
    """Write into the manifests what the archive knows of the dates of a device's sessions. Raises FailedError."""
    anchors = load_anchors(archive, device_id)
    sessions = [each for each in archive.sessions(device_id) if each.manifest]
    began = [_began(each, anchors) for each in sessions]
    for session, told in zip(sessions, began, strict=True):
        if told["utc_s"] is None:
            others = [(each, its) for each, its in zip(sessions, began, strict=True) if its["utc_s"] is not None]
            ended = [_end_utc_s(each, its["utc_s"]) for each, its in others if _is_before(each, session)]
            later = [its["utc_s"] for each, its in others if _is_before(session, each)]
            _, noted = bounds_of(session.manifest)
            told["after_utc_s"] = max(ended, default=None)
            told["before_utc_s"] = min([synced_utc_s(session.manifest), *later, *([noted] if noted else [])])
        zone = session.manifest.get("zone") or _zone(told["utc_s"] or synced_utc_s(session.manifest))
        if session.manifest.get("began") != told or session.manifest.get("zone") != zone:
            write_manifest(session.path, {**session.manifest, "began": told, "zone": zone})


def _began(session: StoredSession, anchors: list[Anchor]) -> dict[str, Any]:
    own = began_utc_s({**session.manifest, "began": None})
    header = session.manifest.get("header")
    run, uptime_ms = (header.get("run"), header.get("uptime_ms")) if isinstance(header, dict) else (None, None)
    mine = [each for each in anchors if each.run == run]
    if not mine or not isinstance(uptime_ms, int):
        noted = session.manifest.get("began")
        if isinstance(noted, dict) and noted.get("source") == ANCHOR and is_utc(noted.get("utc_s")):
            return {"utc_s": noted["utc_s"], "source": ANCHOR}  # one that is lost since
        return {"utc_s": own, "source": UNKNOWN if own is None else CLOCK}
    nearest = min(mine, key=lambda each: abs(each.uptime_ms - uptime_ms))
    reckoned = (nearest.utc_ms - nearest.uptime_ms + uptime_ms) // 1000
    was_set_before = any(each.uptime_ms <= uptime_ms for each in mine)
    if own is not None and (was_set_before or abs(own - reckoned) <= _AGREE_S):
        return {"utc_s": own, "source": CLOCK}
    return {"utc_s": reckoned, "source": ANCHOR}


def _is_before(one: StoredSession, other: StoredSession) -> bool:
    """By their numbers. After an erased flash these begin again: s00001-2 is later than s00001, and than s00002 or not.

    Each erasing that reached a number is a row of its own, so that a higher number in no lower row is later.
    """
    number, row = _place(one)
    other_number, other_row = _place(other)
    return number <= other_number and row <= other_row and one.name != other.name


def _place(session: StoredSession) -> tuple[int, int]:
    number, _, row = session.name[1:].partition("-")
    return int(number), int(row or 1)


def _end_utc_s(session: StoredSession, start_utc_s: int) -> int:
    duration_s = session.manifest.get("duration_s")
    return start_utc_s + (int(duration_s) if isinstance(duration_s, int | float) else 0)


def _zone(utc_s: int) -> dict[str, Any]:
    local = local_time(utc_s, None)
    offset = local.utcoffset() or timedelta()
    return {"utc_offset_s": int(offset.total_seconds()), "name": clean(local.tzname() or "", 20)}
