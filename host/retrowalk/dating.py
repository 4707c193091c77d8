"""When each session was walked, as well as it can be known, and in which zone: written into the manifests after a sync.

Known are, in this order: the device's clock in the session's own stamps; the uptime it began at, with an anchor of the
same run. Else only bounds: after the session before it, before its sync. UTC and zone are kept apart: a device knows
no zone; the one noted is that of the computer that first synced the session, with the offset of the session's own day.
"""

from datetime import timedelta
from typing import Any

from retrowalk.archive import Archive, StoredSession, began_utc_s, synced_utc_s, write_manifest
from retrowalk.console import clean
from retrowalk.device_clock import Anchor, keep_anchors
from retrowalk.session_date import bounds_of, local_time

CLOCK, ANCHOR, UNKNOWN = "clock", "anchor", "unknown"


def after_sync(archive: Archive, device_id: str, fresh: list[Anchor]) -> None:
    """Keep the anchors that came, and date every session of the device. Raises FailedError."""
    anchors = keep_anchors(archive, device_id, fresh)
    sessions = [each for each in archive.sessions(device_id) if each.manifest]
    began = [_began(each, anchors) for each in sessions]
    for at, session in enumerate(sessions):
        told = dict(began[at])
        if told["utc_s"] is None:
            told["after_utc_s"] = max((_end_utc_s(each, began[i]) for i, each in enumerate(sessions[:at])), default=0)
            told["after_utc_s"] = told["after_utc_s"] or None
            later = [each["utc_s"] for each in began[at + 1 :] if each["utc_s"] is not None]
            _, noted = bounds_of(session.manifest)
            told["before_utc_s"] = min([synced_utc_s(session.manifest), *later, *([noted] if noted else [])])
        zone = session.manifest.get("zone") or _zone(told["utc_s"] or synced_utc_s(session.manifest))
        if session.manifest.get("began") != told or session.manifest.get("zone") != zone:
            write_manifest(session.path, {**session.manifest, "began": told, "zone": zone})


def _began(session: StoredSession, anchors: list[Anchor]) -> dict[str, Any]:
    own = began_utc_s({**session.manifest, "began": None})
    if own is not None:
        return {"utc_s": own, "source": CLOCK}
    header = session.manifest.get("header")
    run, uptime_ms = (header.get("run"), header.get("uptime_ms")) if isinstance(header, dict) else (None, None)
    mine = [each for each in anchors if each.run == run]
    if not mine or not isinstance(uptime_ms, int):
        noted = began_utc_s({"began": session.manifest.get("began")})  # by an anchor that is lost since
        return {"utc_s": noted, "source": UNKNOWN if noted is None else ANCHOR}
    nearest = min(mine, key=lambda each: abs(each.uptime_ms - uptime_ms))
    return {"utc_s": (nearest.utc_ms - nearest.uptime_ms + uptime_ms) // 1000, "source": ANCHOR}


def _end_utc_s(session: StoredSession, began: dict[str, Any]) -> int:
    duration_s = session.manifest.get("duration_s")
    if began["utc_s"] is None:
        return 0
    return began["utc_s"] + (int(duration_s) if isinstance(duration_s, int | float) else 0)


def _zone(utc_s: int) -> dict[str, Any]:
    local = local_time(utc_s, None)
    offset = local.utcoffset() or timedelta()
    return {"utc_offset_s": int(offset.total_seconds()), "name": clean(local.tzname() or "", 20)}
