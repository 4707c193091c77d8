"""What the files of one session contain, and what is missing from them: for the manifest and the lists.

Decoding is retrogait.record's; here its blocks are counted and compared with the sequence numbers. Called by sync.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrogait import RATE_HZ, events, record
from retrowalk.console import clean
from retrowalk.session_files.session_blocks import MISPLACED, SessionBlocks, read_session_blocks
from retrowalk.session_files.timeline import Timeline

COMPLETE = "complete"
INTERRUPTED = "interrupted"  # no END block: power cut or reset in the walk; all that was flushed is there
RECOVERED = "recovered"  # the same, and the device closed it at its next start
DAMAGED = "damaged"
ALL_SAMPLES, THINNED_SAMPLES = "all", "thinned"  # thinned: the device took raw samples out to make room
UNREADABLE_THERE = "unreadable on the device"
_MOST_NAMED = 4
_HEADER_KEYS = ("device_id", "name", "board", "version", "mount", "rate_hz", "utc_s", "battery_mv", "run", "uptime_ms")


class Contents:
    """Counts over one session. Fields: `state`, `header`, `end` (what END says), `damage` (list of dicts), totals.

    missing_spans: [from, to) in sample indices, of raw motion that lies in no block; thinned_spans: what the device
    took out of its files to make room, which is no damage. newer: {(kind, version): number} of whole blocks that only a
    newer reader understands; they are no damage.
    """

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.end: dict[str, Any] | None = None
        self.damage: list[dict[str, Any]] = []
        self.torn_tail_bytes = 0
        self.step_count = 0
        self.backward_steps = 0
        self.cues = 0
        self.n_samples = 0
        self.missing_samples = 0
        self.missing_spans: list[tuple[int, int]] = []
        self.dropped_samples = 0
        self.timeline = Timeline()
        self.thinned_samples = 0
        self.thinned_spans: list[tuple[int, int]] = []
        self.has_thinned_file = False
        self._thinned = Thinned(0, 0)
        self.newer: dict[tuple[int, int], int] = {}
        self._next_sequence = 0
        self._next_index = 0
        self._block_lost = False

    @property
    def state(self) -> str:
        """COMPLETE, RECOVERED, INTERRUPTED or DAMAGED."""
        if self.damage:
            return DAMAGED
        if self.end is None:
            return INTERRUPTED
        return RECOVERED if self.is_recovered else COMPLETE

    @property
    def is_recovered(self) -> bool:
        """True if power went in the walk, and the device wrote the end later."""
        return self.end is not None and self.end.get("recovered") is True

    @property
    def samples(self) -> str:
        """ALL_SAMPLES or THINNED_SAMPLES."""
        return THINNED_SAMPLES if self.has_thinned_file else ALL_SAMPLES

    def as_manifest(self) -> dict[str, Any]:
        """The part of the manifest that is about contents."""
        return {
            "state": self.state,
            "samples": self.samples,
            "header": self.header,
            "clock": self._clock(),
            "duration_s": round(self.n_samples / RATE_HZ, 1),
            "step_count": self.step_count,
            "backward_steps": self.backward_steps,
            "cues": self.cues,
            "torn_tail_bytes": self.torn_tail_bytes,
            "missing_spans_s": [[round(each / RATE_HZ, 2) for each in span] for span in self.missing_spans],
            "missing_s": round((self.missing_samples + self.dropped_samples) / RATE_HZ, 1),
            "thinned_s": round(self.thinned_samples / RATE_HZ, 1),
            "damage": self.damage,
            "newer_blocks": [
                {"kind": kind, "version": version, "n": n} for (kind, version), n in sorted(self.newer.items())
            ],
        }

    def _clock(self) -> dict[str, Any]:
        """What the session's own stamps tell of time."""
        rate = self.timeline.imu_rate()
        return {"utc_s": self.timeline.began_utc_s(), "imu_rate": None if rate is None else rate.as_json()}

    def _take(self, block: record.Block, file_name: str) -> None:
        n_lost = self._thinned.unexplained(self._next_sequence, block.sequence)
        if n_lost:
            self.damage.append({"file": file_name, "kind": "blocks missing", "before_byte": block.offset, "n": n_lost})
            self._block_lost = True
        self._next_sequence = max(self._next_sequence, block.sequence + 1)
        if not block.is_known:
            key = (block.kind, block.version)
            self.newer[key] = self.newer.get(key, 0) + 1
        elif block.has_samples:
            self._note_hole(block.first_index)
            self._next_index = block.first_index + block.n_samples
            self.n_samples = max(self.n_samples, self._next_index)
        elif block.kind == record.EVENTS:
            self._count(block)
        elif block.kind == record.HEADER and not self.header:
            told = _json(block.payload)
            self.header = _extract(told)
            self.timeline.add(0, told)
        elif block.kind == record.STATUS:
            self.timeline.add(block.first_index, _json(block.payload))
        elif block.kind == record.THINNED:
            self._take_thinned(_json(block.payload), block.sequence)
        elif block.kind == record.END:
            self.end = _json(block.payload)
            dropped = self.end.get("samples_dropped")
            self.dropped_samples = dropped if isinstance(dropped, int) and dropped > 0 else 0
            if not self.dropped_samples:  # what a full flash dropped before the end is told by END itself
                self._note_hole(block.first_index)
            self.n_samples = max(self.n_samples, block.first_index)

    def _take_thinned(self, told: dict[str, Any], sequence: int) -> None:
        """The device took blocks out of this file: their numbers are missing on purpose, and their samples known."""
        self.has_thinned_file = True
        # This block bears the number of the first that is gone.
        self._thinned = Thinned(_count(told.get("end_sequence")), _count(told.get("blocks")) - 1)
        self.thinned_samples += _count(told.get("samples"))
        spans = told.get("spans")
        for span in spans if isinstance(spans, list) else ():
            if isinstance(span, list) and len(span) == 2 and 0 <= _count(span[0]) < _count(span[1]):
                first, end = _count(span[0]), _count(span[1])
                self._note_hole(first)
                self.thinned_spans.append((first, end))
                self._next_index = max(self._next_index, end)
                self.n_samples = max(self.n_samples, end)

    def _note_hole(self, first_index: int) -> None:
        """After a lost block: what lies between the samples before it and `first_index` is missing."""
        if self._block_lost and first_index > self._next_index:
            self.missing_samples += first_index - self._next_index
            self.missing_spans.append((self._next_index, first_index))
        self._block_lost = False

    def _count(self, block: record.Block) -> None:
        for _index, kind, value_a, _value_b in block.events():
            if kind == events.STEP:
                self.step_count += 1
                self.backward_steps += value_a == events.BACKWARD
            elif kind == events.CUE:
                self.cues += 1

    def _excuse_torn_tail(self, found: SessionBlocks) -> None:
        """The block that was being written at a power cut is no damage; what the recovery wrote comes after it."""
        name = found.file_names[-1] if found.file_names else ""
        if self.is_recovered:  # the recovery ends a session in a file of its own
            ended = [each.file_name for each in found.placed if each.block.kind == record.END][-1]
            name = found.file_names[max(0, found.file_names.index(ended) - 1)]
        torn = found.tails.get(name)
        if torn is not None and (self.is_recovered or self.end is None):
            self.damage.remove(torn)
            self.torn_tail_bytes = torn["n"]


class Thinned:
    """The sequence numbers that a THINNED block explains: up to `end_sequence`, `n_absent` of them are gone."""

    def __init__(self, end_sequence: int, n_absent: int) -> None:
        self._end_sequence = end_sequence
        self._n_absent = n_absent

    def unexplained(self, expected: int, found: int) -> int:
        """How many blocks are lost between the one that was expected and the one that came."""
        absent = max(0, found - expected)
        explained = min(max(0, min(found, self._end_sequence) - expected), self._n_absent)
        self._n_absent -= explained
        return absent - explained


def read_contents(files: Sequence[Path]) -> Contents:
    """Decode the files of one session, in order. Raises FailedError if one cannot be read; damage is in the result."""
    return contents_of(read_session_blocks(files))


def contents_of(found: SessionBlocks) -> Contents:
    """Count what was read."""
    contents = Contents()
    for each in found.placed:
        contents._take(each.block, each.file_name)
    contents.damage += found.damage
    contents._excuse_torn_tail(found)
    if found.n_bytes and not contents.header and all(kind != record.HEADER for kind, _ in contents.newer):
        contents.damage.append({"file": "0000.rwl", "kind": "header missing", "n": 1})
    return contents


def damage_text(contents: Contents) -> str:
    """Damage in a few words for people."""
    damage = contents.damage
    n_bytes = sum(each["n"] for each in damage if each["kind"] == "corrupt bytes")
    n_blocks = sum(each["n"] for each in damage if each["kind"] == "blocks missing")
    parts = []
    if n_bytes:
        parts.append(f"{n_bytes} bytes corrupt")
    if n_blocks:
        parts.append(f"{n_blocks} block{'s' if n_blocks > 1 else ''} missing")
    if contents.missing_samples:
        parts.append(f"{contents.missing_samples / RATE_HZ:.1f} s of raw motion missing")
    for kind in MISPLACED:
        n_misplaced = sum(each["n"] for each in damage if each["kind"] == kind)
        parts += [f"{n_misplaced} {kind}"] if n_misplaced else []
    n_unreadable = sum(each["kind"] == UNREADABLE_THERE for each in damage)
    if n_unreadable:
        parts.append(f"{n_unreadable} file{'s' if n_unreadable > 1 else ''} unreadable on the device")
    if any(each["kind"] == "header missing" for each in damage):
        parts.append("the header is missing")
    return ", ".join(parts)


def newer_text(contents: Contents) -> str:
    """What only another retrowalk can read, in a line for people; "" if there is nothing."""
    n_blocks = sum(contents.newer.values())
    if not n_blocks:
        return ""
    kinds = ", ".join(f"kind {kind} version {version}" for kind, version in sorted(contents.newer)[:_MOST_NAMED])
    blocks = "block" if n_blocks == 1 else "blocks"
    return f"{n_blocks} {blocks} of another format ({kinds}) skipped: a newer retrowalk may read them"


def _extract(header: dict[str, Any]) -> dict[str, Any]:
    """The header's fields for the manifest; text is made safe, other types are dropped."""
    kept: dict[str, Any] = {}
    for key in _HEADER_KEYS:
        value = header.get(key)
        if isinstance(value, str):
            kept[key] = clean(value)
        elif isinstance(value, int) and abs(value) < 1 << 53:
            kept[key] = value
    return kept


def _count(value: object) -> int:
    """A number of a device's JSON; what is none counts as 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32 else 0


def _json(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
