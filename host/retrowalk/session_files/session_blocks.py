"""The good blocks of one session's files, in their order, and all that is wrong with the files. Called by contents.

A checksum says that a block is as it was written, not that it belongs here: blocks of another session, blocks that come
twice and blocks that contradict each other are left out and told, and what lies in the wrong order is put right.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from retrogait import RATE_HZ, record
from retrowalk.archive.archive import storage_error

STRANGERS, LATE = "blocks of another session", "blocks beyond 24 hours"
CONTRADICTING, REPEATED, MOVED = "blocks contradict", "blocks repeated", "blocks out of order"
MISPLACED = (STRANGERS, LATE, CONTRADICTING, REPEATED, MOVED)
LONGEST_SAMPLES = 24 * 3600 * RATE_HZ


@dataclass(frozen=True)
class Placed:
    """A good block and the name of the file that holds it."""

    file_name: str
    block: record.Block


@dataclass(frozen=True)
class SessionBlocks:
    """placed: by rising sequence number, each once. damage: dicts with "file", "kind", "n" and where.

    tails: by file name, the one of `damage` that ends the file. n_bytes: of all files.
    """

    placed: list[Placed]
    damage: list[dict[str, Any]]
    file_names: list[str]
    tails: dict[str, dict[str, Any]]
    n_bytes: int

    def of_kind(self, kind: int) -> list[record.Block]:
        """The blocks of one kind that this version knows."""
        return [each.block for each in self.placed if each.block.kind == kind and each.block.is_known]


def read_session_blocks(files: Sequence[Path]) -> SessionBlocks:
    """Read the files of one session, in order. Raises FailedError if one cannot be read, and for nothing else."""
    placed: list[Placed] = []
    corrupt: list[dict[str, Any]] = []
    tails: dict[str, dict[str, Any]] = {}
    n_bytes = 0
    for path in files:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise storage_error(path, error) from error
        n_bytes += len(data)
        for item in record.read_blocks(data):
            if isinstance(item, record.Block):
                placed.append(Placed(path.name, item))
                continue
            corrupt.append({"file": path.name, "kind": "corrupt bytes", "at_byte": item.offset, "n": item.length})
            if item.offset + item.length == len(data):
                tails[path.name] = corrupt[-1]
    ours, strangers = _of_one_session(placed)
    ours, too_late = _within_a_day(ours)
    ours, out_of_order = _in_order(ours)
    damage = [*strangers, *too_late, *out_of_order, *corrupt]
    return SessionBlocks(ours, damage, [path.name for path in files], tails, n_bytes)


def _of_one_session(placed: list[Placed]) -> tuple[list[Placed], list[dict[str, Any]]]:
    """Those of the session that most blocks are of, and what is told of the others."""
    numbers = Counter(each.block.session for each in placed)
    if len(numbers) < 2:
        return placed, []
    number = numbers.most_common(1)[0][0]
    strangers = [each for each in placed if each.block.session != number]
    told = [_misplaced(strangers[0], STRANGERS, len(strangers))]
    return [each for each in placed if each.block.session == number], told


def _within_a_day(placed: list[Placed]) -> tuple[list[Placed], list[dict[str, Any]]]:
    """No session lasts longer: what tells of a time beyond is no walk, and would cost memory without end."""
    kept = [each for each in placed if each.block.first_index + each.block.n_samples <= LONGEST_SAMPLES]
    late = [each for each in placed if each.block.first_index + each.block.n_samples > LONGEST_SAMPLES]
    return kept, [_misplaced(late[0], LATE, len(late))] if late else []


def _in_order(placed: list[Placed]) -> tuple[list[Placed], list[dict[str, Any]]]:
    """By sequence number; of the same number the one block, or none where they differ."""
    if all(a.block.sequence < b.block.sequence for a, b in pairwise(placed)):
        return placed, []
    kept: list[Placed] = []
    told: list[dict[str, Any]] = []
    n_repeated = 0
    for several in _by_sequence(placed):
        first = several[0]
        if any(_differ(first.block, each.block) for each in several[1:]):
            told.append(_misplaced(first, CONTRADICTING, len(several)))
            continue
        n_repeated += len(several) - 1
        kept.append(first)
    if n_repeated:
        told.append(_misplaced(placed[0], REPEATED, n_repeated))
    each_once = list(dict.fromkeys(each.block.sequence for each in placed))
    n_moved = sum(a > b for a, b in pairwise(each_once))
    if n_moved:
        told.append(_misplaced(placed[0], MOVED, n_moved))
    return kept, told


def _by_sequence(placed: list[Placed]) -> Iterator[list[Placed]]:
    ordered = sorted(placed, key=lambda each: each.block.sequence)
    return (list(several) for _, several in groupby(ordered, key=lambda each: each.block.sequence))


def _differ(a: record.Block, b: record.Block) -> bool:
    return (a.kind, a.version, a.first_index, a.payload) != (b.kind, b.version, b.first_index, b.payload)


def _misplaced(first: Placed, kind: str, n: int) -> dict[str, Any]:
    return {"file": first.file_name, "kind": kind, "at_byte": first.block.offset, "n": n}
