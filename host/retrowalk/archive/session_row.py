"""One walk in a list: what its manifest says, each value checked. Called by sessions and by the archive's index."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from retrowalk.archive.archive import StoredSession, hashes_of, synced_utc_s
from retrowalk.archive.session_date import began_utc_s, bounds_of, offset_of, zone_name
from retrowalk.console import clean

UNVERIFIED = "unverified"  # the first sync was cut off
_MOST_COUNT = 1 << 53
_LONGEST_S = 1e9


class SessionRow(NamedTuple):
    """utc_s: when it began, None if unknown, and then `after_utc_s` and `before_utc_s` bound it as far as is known.

    synced_utc_s: 0 if unknown; utc_offset_s, zone: of the computer that synced it; imu_ppm: how far the IMU's clock was
    off, within imu_plus_minus_ppm; hashes: of its files, in order.
    """

    device_id: str
    session: str
    utc_s: int | None
    synced_utc_s: int
    duration_s: float
    step_count: int
    backward_steps: int
    cues: int
    mount: str | None
    state: str
    samples: str | None
    synced_utc: str | None
    utc_offset_s: int | None
    zone: str | None
    after_utc_s: int | None
    before_utc_s: int | None
    imu_ppm: int | None
    imu_plus_minus_ppm: int | None
    hashes: str

    @property
    def when(self) -> tuple[int, str, str]:
        """For the order in time: the start, or else what it came after, or else the sync."""
        began = self.after_utc_s or self.synced_utc_s if self.utc_s is None else self.utc_s
        return (began, self.device_id, self.session)

    @property
    def share_backward(self) -> float | None:
        """Share of the steps that went backward; None without steps."""
        return round(self.backward_steps / self.step_count, 4) if self.step_count else None

    def as_json(self, path: str) -> dict[str, Any]:
        """One row of `sessions --json`."""
        return {
            "session": self.session,
            "device_id": self.device_id,
            "path": path,
            "utc_s": self.utc_s,
            "utc_offset_s": self.utc_offset_s,
            "zone": self.zone,
            "after_utc_s": self.after_utc_s,
            "before_utc_s": self.before_utc_s,
            "imu_ppm": self.imu_ppm,
            "imu_plus_minus_ppm": self.imu_plus_minus_ppm,
            "duration_s": self.duration_s,
            "step_count": self.step_count,
            "share_backward": self.share_backward,
            "cues": self.cues,
            "mount": self.mount,
            "state": self.state,
            "samples": self.samples,
            "synced_utc": self.synced_utc,
        }


def row_of(session: StoredSession) -> SessionRow:
    """The row of one session; what its manifest tells of a wrong type counts as not told."""
    told = session.manifest
    header = told.get("header")
    hashes = hashes_of(told)
    return SessionRow(
        session.device_id,
        session.name,
        began_utc_s(told),
        synced_utc_s(told),
        _seconds(told.get("duration_s")),
        _count(told, "step_count"),
        _count(told, "backward_steps"),
        _count(told, "cues"),
        _text(header.get("mount")) if isinstance(header, dict) else None,
        _text(told.get("state")) or UNVERIFIED,
        _text(told.get("samples")),
        _text(told.get("synced_utc")),
        offset_of(told),
        zone_name(told),
        *bounds_of(told),
        *_imu_rate(told.get("clock")),
        " ".join(clean(hashes[name], 64) for name in sorted(hashes)),
    )


def _imu_rate(clock: object) -> tuple[int | None, int | None]:
    """How far the IMU's clock was off, and how sure that is, in ppm; (None, None) if it is not told."""
    rate = clock.get("imu_rate") if isinstance(clock, dict) else None
    if not isinstance(rate, dict):
        return None, None
    ppm, plus_minus_ppm = rate.get("ppm"), rate.get("plus_minus_ppm")
    if isinstance(ppm, int) and isinstance(plus_minus_ppm, int) and max(abs(ppm), abs(plus_minus_ppm)) < _MOST_COUNT:
        return ppm, plus_minus_ppm
    return None, None


def _count(told: Mapping[str, Any], name: str) -> int:
    value = told.get(name)
    return int(value) if isinstance(value, int) and 0 <= value < _MOST_COUNT else 0


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and 0 <= value < _LONGEST_S else 0.0


def _text(value: object) -> str | None:
    return clean(value, 40) if isinstance(value, str) else None
