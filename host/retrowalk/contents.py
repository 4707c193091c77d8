"""What the files of one session contain, and what is missing from them: for the manifest and the lists.

Decoding is retrogait.record's; here its blocks are counted and compared with the sequence numbers. Called by sync.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrogait import RATE_HZ, events, record
from retrowalk.console import clean
from retrowalk.session_blocks import MISPLACED, SessionBlocks, read_session_blocks

COMPLETE = "complete"
INTERRUPTED = "interrupted"  # no END block: power cut or reset in the walk; all that was flushed is there
DAMAGED = "damaged"
UNREADABLE_THERE = "unreadable on the device"
_MOST_NAMED = 4
_HEADER_KEYS = ("device_id", "name", "board", "version", "mount", "rate_hz", "utc_s", "battery_mv")


class Contents:
    """Counts over one session. Fields: `state`, `header`, `end` (what END says), `damage` (list of dicts), totals.

    missing_spans: [from, to) in sample indices, of raw motion that lies in no block. newer: {(kind, version): number}
    of whole blocks that only a newer reader understands; they are no damage.
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
        self.newer: dict[tuple[int, int], int] = {}
        self._next_sequence = 0
        self._next_index = 0
        self._block_lost = False

    @property
    def state(self) -> str:
        """COMPLETE, INTERRUPTED or DAMAGED."""
        if self.damage:
            return DAMAGED
        return COMPLETE if self.end is not None else INTERRUPTED

    def as_manifest(self) -> dict[str, Any]:
        """The part of the manifest that is about contents."""
        return {
            "state": self.state,
            "header": self.header,
            "duration_s": round(self.n_samples / RATE_HZ, 1),
            "step_count": self.step_count,
            "backward_steps": self.backward_steps,
            "cues": self.cues,
            "torn_tail_bytes": self.torn_tail_bytes,
            "missing_spans_s": [[round(each / RATE_HZ, 2) for each in span] for span in self.missing_spans],
            "missing_s": round((self.missing_samples + self.dropped_samples) / RATE_HZ, 1),
            "damage": self.damage,
            "newer_blocks": [
                {"kind": kind, "version": version, "n": n} for (kind, version), n in sorted(self.newer.items())
            ],
        }

    def _take(self, block: record.Block, file_name: str) -> None:
        if block.sequence > self._next_sequence:
            n_lost = block.sequence - self._next_sequence
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
            self.header = _extract(_json(block.payload))
        elif block.kind == record.END:
            self.end = _json(block.payload)
            dropped = self.end.get("samples_dropped")
            self.dropped_samples = dropped if isinstance(dropped, int) and dropped > 0 else 0
            if not self.dropped_samples:  # what a full flash dropped before the end is told by END itself
                self._note_hole(block.first_index)
            self.n_samples = max(self.n_samples, block.first_index)

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


def read_contents(files: Sequence[Path]) -> Contents:
    """Decode the files of one session, in order. Raises FailedError if one cannot be read; damage is in the result."""
    return contents_of(read_session_blocks(files))


def contents_of(found: SessionBlocks) -> Contents:
    """Count what was read."""
    contents = Contents()
    for each in found.placed:
        contents._take(each.block, each.file_name)
    contents.damage += found.damage
    if found.tail_bytes and contents.end is None:  # the block that was being written at a power cut
        contents.damage.pop()
        contents.torn_tail_bytes = found.tail_bytes
    if not contents.header and all(kind != record.HEADER for kind, _ in contents.newer):
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
    """What only a newer retrowalk can read, in a line for people; "" if there is nothing."""
    n_blocks = sum(contents.newer.values())
    if not n_blocks:
        return ""
    kinds = ", ".join(f"kind {kind} version {version}" for kind, version in sorted(contents.newer)[:_MOST_NAMED])
    return (
        f"{n_blocks} block{'s' if n_blocks > 1 else ''} of a newer format ({kinds}) skipped: update retrowalk to read"
    )


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


def _json(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
