"""A session log, decoded for replay: the header, the raw samples in segments, the events as they were felt.

Text and numbers come from a device: they are checked here before anything is built on them. What is damaged is left
out and told (see `retrowalk.session_files.contents`). Frame: the sensor's. Called by `retrowalk.walk.walk_source`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrogait import RATE_HZ, record
from retrogait.mounting import Mounting
from retrogait.scale import Scale
from retrogait.settings import SCHEMA, Settings, SettingsError
from retrowalk.console import clean
from retrowalk.errors import DamagedError
from retrowalk.recordings.recording import Segment
from retrowalk.session_files.contents import Contents, contents_of, newer_text
from retrowalk.session_files.session_blocks import LONGEST_SAMPLES, SessionBlocks, read_session_blocks
from retrowalk.walk.replay import Event

# The last block of a session that was cut tells of what came since the flush before it.
_MOST_AHEAD_SAMPLES = 30 * RATE_HZ


@dataclass(frozen=True)
class SessionLog:
    """`header`: checked JSON of the HEADER block; `events` as logged; `n_samples` the session's length in samples."""

    header: dict[str, Any]
    mounting: Mounting
    settings: Settings
    segments: list[Segment]
    events: list[Event]
    n_samples: int
    contents: Contents
    notes: list[str]


def load_session(files: Sequence[Path]) -> SessionLog:
    """Decode the record files of one session, in order.

    Raises DamagedError if there is no header that a replay can be built on, or nothing to replay; other damage is in
    `contents.damage`.
    """
    read = read_session_blocks(files)
    contents = contents_of(read)
    headers = read.of_kind(record.HEADER)
    if not headers:
        raise DamagedError(
            f"{clean(files[0])} has no readable header block, so the ranges and the mounting are unknown and nothing "
            "can be replayed. The files were left as they are.",
            "give the session's whole folder; `retrowalk sync` copies it again, if the device still has it.",
        )
    header = _json(headers[0].payload)
    notes: list[str] = []
    mounting, settings = _mounting(header), _settings(header, notes)
    segments, notes_of_samples = _segments([each.block for each in read.placed if each.block.has_samples])
    logged = _logged(read, notes)
    if not segments and not logged:
        raise DamagedError(
            f"{clean(files[0].parent)} holds no samples and no events: the session ended before its first five "
            "seconds were kept, or they are damaged.",
            "`retrowalk sync` copies the session again, if the device still has it.",
        )
    ends = [segment.end_index for segment in segments[-1:]] + [event.index for event in logged]
    end = max([*ends, *(block.first_index for block in read.of_kind(record.END))])
    notes += [*notes_of_samples, *filter(None, [newer_text(contents)])]
    return SessionLog(header, mounting, settings, segments, logged, min(end, LONGEST_SAMPLES), contents, notes)


def _logged(read: SessionBlocks, notes: list[str]) -> list[Event]:
    """The events, without those that lie where the session cannot have been yet: they would make it hours long."""
    last = max((each.block.first_index + each.block.n_samples for each in read.placed), default=0) + _MOST_AHEAD_SAMPLES
    found = [Event(*each) for block in read.of_kind(record.EVENTS) for each in block.events()]
    kept = [each for each in found if each.index <= last]
    if len(kept) < len(found):
        notes.append(f"{len(found) - len(kept)} events lie beyond the session's end: left out")
    return kept


def _json(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    raise _bad_header("it is no JSON object")


def _mounting(header: dict[str, Any]) -> Mounting:
    """Checks what a replay needs: mount, ranges, rate and the rotation."""
    if header.get("mount") not in ("waist", "ankle"):
        raise _bad_header(f"its mount is {clean(header.get('mount'), 40)!r}")
    if header.get("rate_hz") != RATE_HZ:
        raise _bad_header(f"its rate is {clean(header.get('rate_hz'), 40)} Hz instead of {RATE_HZ}")
    try:
        Scale(header.get("accel_range_g"), header.get("gyro_range_dps"))
        rows = header.get("mounting")
        if not isinstance(rows, list):
            raise ValueError("its mounting is missing")
        return Mounting(rows)
    except (ValueError, TypeError) as error:
        raise _bad_header(clean(error)) from None


def _bad_header(why: str) -> DamagedError:
    return DamagedError(
        f"The session's header cannot be used: {why}.",
        "`retrowalk sync` copies the session again; a newer device may need a newer retrowalk.",
    )


def _settings(header: dict[str, Any], notes: list[str]) -> Settings:
    """The settings of the walk; what this version does not know is told and left out."""
    stored = header.get("settings")
    known: dict[str, int] = {}
    for name, value in stored.items() if isinstance(stored, dict) else ():
        if name in SCHEMA:
            known[name] = value
        else:
            notes.append(f"the walk's setting {clean(name, 40)} is unknown to this version")
    try:
        return Settings(known)
    except SettingsError as error:
        notes.append(f"the walk's settings cannot be used ({clean(error)}): replayed with the defaults")
        return Settings()


def _segments(blocks: list[record.Block]) -> tuple[list[Segment], list[str]]:
    """Runs of samples without a hole; what repeats earlier time is left out and told."""
    runs: list[tuple[int, list[np.ndarray]]] = []
    expected = -1
    n_refused = 0
    for block in blocks:
        counts = np.array(block.counts, dtype=np.int16).reshape(-1, 6)
        if block.first_index < expected:
            n_refused += 1
            continue
        if block.first_index != expected:
            runs.append((block.first_index, []))
        runs[-1][1].append(counts)
        expected = block.first_index + len(counts)
    notes = [f"{n_refused} sample blocks repeat earlier time: left out"] if n_refused else []
    return [Segment(first, np.concatenate(parts)) for first, parts in runs if parts], notes
