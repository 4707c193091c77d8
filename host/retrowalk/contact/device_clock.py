"""A device's clock: set at every contact, and what is known of it: pairs of uptime and this computer's time.

Pairs (anchors) come from the device, which keeps a few, and are kept for good in <archive>/<device>/clock.json. They
date the sessions that were walked before the clock was set, and show the drift. Called by sync and doctor.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from retrowalk.archive.archive import Archive, storage_error, write_file
from retrowalk.contact.link import Link
from retrowalk.contact.status import is_device_id
from retrowalk.errors import BusyError
from retrowalk.session_files.timeline import EARLIEST_UTC_S, LATEST_UTC_S

CLOCK = "clock.json"
FORMAT = 1
_MOST_ANCHORS = 400
_MOST_BYTES = 1 << 20
_LINK_S = 0.15  # from this computer's look at its clock to the device's look at its uptime
_LEAST_SPAN_S = 600.0
_MOST_PPM = 2000.0


class Anchor(NamedTuple):
    """The device's uptime in its run `run` (eight hexadecimal digits), and UTC at the same moment, in milliseconds."""

    run: str
    uptime_ms: int
    utc_ms: int


@dataclass(frozen=True)
class Drift:
    """The device's clock against the computers that set it: ppm (positive: it runs fast), over `span_s` seconds."""

    ppm: float
    plus_minus_ppm: float
    span_s: float

    def words(self) -> str:
        """For people."""
        return f"{self.ppm:+.1f} ± {self.plus_minus_ppm:.1f} ppm over {self.span_s / 3600:.1f} h"

    def as_json(self) -> dict[str, float]:
        """As plain data."""
        return {
            "ppm": round(self.ppm, 2),
            "plus_minus_ppm": round(self.plus_minus_ppm, 2),
            "span_s": round(self.span_s, 1),
        }


def greet(link: Link) -> list[Anchor]:
    """Set the device's clock, and ask for its anchors. [] where it refuses: an older app, or our time is off.

    Disturbs no walk. Raises NoDeviceError.
    """
    try:
        link.set_time()
        return ask_anchors(link)
    except BusyError:
        return []


def ask_anchors(link: Link) -> list[Anchor]:
    """The device's anchors: those that it tells twice, for a line has no checksum. Raises NoDeviceError, BusyError."""
    once, again = (parse_anchors(link.ask("anchors").get("anchors")) for _ in range(2))
    return [each for each in once if each in again]


def parse_anchors(rows: object) -> list[Anchor]:
    """The anchors in a device's (or a file's) list; what is none is left out."""
    found = []
    for row in rows[-_MOST_ANCHORS:] if isinstance(rows, list) else ():
        if not isinstance(row, list) or len(row) != 3 or any(isinstance(each, bool) for each in row):
            continue
        run, uptime_ms, utc_ms = row
        if not is_device_id(run) or not isinstance(uptime_ms, int) or not isinstance(utc_ms, int):
            continue
        if 0 <= uptime_ms < 1 << 45 and 1000 * EARLIEST_UTC_S <= utc_ms < 1000 * LATEST_UTC_S:
            found.append(Anchor(run, uptime_ms, utc_ms))
    return found


def drift_of(anchors: list[Anchor]) -> Drift | None:
    """From the longest run with two anchors ten minutes apart; None if there is none.

    None also where the two clocks do not go together at all: one was set wrong, or the device does not run in real
    time, as a virtual one may.
    """
    best: Drift | None = None
    for run in {each.run for each in anchors}:
        mine = [each for each in anchors if each.run == run]
        first, last = min(mine, key=lambda each: each.uptime_ms), max(mine, key=lambda each: each.uptime_ms)
        span_s = (last.utc_ms - first.utc_ms) / 1000
        if span_s < _LEAST_SPAN_S or (best is not None and span_s <= best.span_s):
            continue
        ppm = ((last.uptime_ms - first.uptime_ms) / 1000 / span_s - 1) * 1e6
        if abs(ppm) <= _MOST_PPM:
            best = Drift(ppm, 2 * _LINK_S / span_s * 1e6, span_s)
    return best


def load_anchors(archive: Archive, device_id: str) -> list[Anchor]:
    """The anchors kept of a device, in the order of time; a file that cannot be used counts as none."""
    path = _path(archive, device_id)
    try:
        with path.open("rb") as file:
            told: Any = json.loads(file.read(_MOST_BYTES))
    except (FileNotFoundError, ValueError, RecursionError):
        return []
    except OSError as error:
        raise storage_error(path, error) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return []
    return sorted(set(parse_anchors(told.get("anchors"))), key=lambda each: each.utc_ms)


def keep_anchors(archive: Archive, device_id: str, fresh: list[Anchor]) -> list[Anchor]:
    """Add to what is kept of a device that is in the archive already; returns all. Raises FailedError."""
    kept = load_anchors(archive, device_id)
    merged = sorted({*kept, *fresh}, key=lambda each: each.utc_ms)[-_MOST_ANCHORS:]
    if merged != kept and _path(archive, device_id).parent.is_dir():
        rows = [list(each) for each in merged]
        write_file(_path(archive, device_id), json.dumps({"format": FORMAT, "anchors": rows}).encode() + b"\n")
    return merged


def _path(archive: Archive, device_id: str) -> Path:
    return archive.root / device_id / CLOCK
