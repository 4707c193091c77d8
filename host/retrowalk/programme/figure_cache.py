"""The figures of every session, measured once and kept beside it: <session>/figures.json, 0600.

A cache file is good as long as the core's version, the record files and the height are those it was made from; a
file that is damaged or of another form is made anew. A session that cannot be measured is told with its reason.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from retrogait import VERSION
from retrowalk.archive.archive import Archive, StoredSession, hashes_of, storage_error, write_file
from retrowalk.archive.session_date import began_utc_s, bounds_of, offset_of
from retrowalk.console import progress
from retrowalk.errors import DamagedError
from retrowalk.programme.figures import Figures
from retrowalk.programme.moment import DAY_S, day_of, utc_of_text

CACHE = "figures.json"
FORMAT = 1
_MOST_BYTES = 1 << 22


@dataclass(frozen=True)
class Entry:
    """One session for the ladder. `utc_s`: when it began, None if nobody knows; `known_utc_s`: when synced.

    utc_offset_s: of the zone it was synced in, None for this computer's; after_utc_s: what an undated one came after.

    figures: None where `trouble` says why.
    """

    reference: str
    utc_s: int | None
    known_utc_s: int
    figures: Figures | None
    trouble: str = ""
    utc_offset_s: int | None = None
    after_utc_s: int | None = None

    @property
    def when_utc_s(self) -> int:
        """For the order in time: the start, or else what it came after, or else the sync."""
        return (self.after_utc_s or self.known_utc_s) if self.utc_s is None else self.utc_s

    @property
    def day(self) -> date | None:
        """The wearer's day; None if nobody knows when it was."""
        return None if self.utc_s is None else day_of(self.utc_s, self.utc_offset_s)


def entries_of(archive: Archive, device_id: str, height_cm: int) -> list[Entry]:
    """Every session of a device in the order of time; new ones are replayed. Raises FailedError for the disk only."""
    sessions = archive.sessions(device_id)
    found: list[Entry] = []
    fresh = [each for each in sessions if _read_cache(each, key_of(each, height_cm)) is None]
    with progress("measuring new sessions", len(fresh), "sessions") as advance:
        for session in sessions:
            found.append(_entry(session, height_cm))
            if session in fresh:
                advance(1)
    return sorted(found, key=lambda each: (each.when_utc_s, each.reference))


def _entry(session: StoredSession, height_cm: int) -> Entry:
    manifest = session.manifest
    known_utc_s = utc_of_text(manifest.get("synced_utc"))
    if known_utc_s is None:
        return Entry(session.reference, None, 0, None, "its sync was cut off; `retrowalk sync` finishes it")
    started = began_utc_s(manifest)
    latest_utc_s = known_utc_s + DAY_S  # a walk cannot have begun after its sync: then the clock was wrong
    utc_s = started if started is not None and started < latest_utc_s else None
    key = key_of(session, height_cm)
    figures = _read_cache(session, key)
    trouble = ""
    if figures is None:
        from retrowalk.programme.measure import measure  # numpy and the core are needed for new sessions only

        try:
            figures = measure(session, height_cm)
        except DamagedError as error:
            trouble = error.message
        else:
            write_cache(session, key, figures)
    after_utc_s, _before_utc_s = bounds_of(manifest)
    return Entry(session.reference, utc_s, known_utc_s, figures, trouble, offset_of(manifest), after_utc_s)


def key_of(session: StoredSession, height_cm: int) -> dict[str, Any]:
    """What the figures rest on; the session's settings are in its files."""
    return {"core": VERSION, "files": hashes_of(session.manifest), "height_cm": height_cm}


def _read_cache(session: StoredSession, key: dict[str, Any]) -> Figures | None:
    path = session.path / CACHE
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_MOST_BYTES))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    except OSError as error:
        raise storage_error(path, error) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("key") != key:
        return None
    return Figures.from_json(told.get("figures"))


def write_cache(session: StoredSession, key: dict[str, Any], figures: Figures) -> None:
    """Keep the figures of a session. Raises FailedError."""
    told = {"format": FORMAT, "key": key, "figures": figures.as_json()}
    write_file(session.path / CACHE, json.dumps(told, indent=1, allow_nan=False).encode() + b"\n")
