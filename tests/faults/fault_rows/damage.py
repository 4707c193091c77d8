"""A session's file damaged: every byte flipped in turn, cut at every length, spliced, and replaced by random bytes."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fault_rows.made import Made, made
from fault_rows.reading import Reading
from fault_rows.row import Row, RowOf

_SECONDS = 6  # of the session whose bytes are flipped: two flushes, a gap
_MASKS = (0x01, 0x80, 0xFF)
_N_SPLICED = 2000
_N_RANDOM = 2000


def rows() -> list[RowOf]:
    """One row a kind of damage."""
    return [
        RowOf("file: every byte flipped", _flipped, 97),
        RowOf("file: cut at every length", _truncated, 97),
        RowOf("file: blocks spliced, doubled, moved, of other sessions", _spliced, 40),
        RowOf("file: random bytes in its place or inside", _random, 40),
    ]


def _kinds() -> Iterator[tuple[str, Made]]:
    yield "packed", made(1, _SECONDS)
    yield "packed, no end", made(1, _SECONDS, ended=False)
    yield "plain", made(1, _SECONDS, is_packed=False)


def _flipped(row: Row, every: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind, truth in _kinds():
            reading, data = Reading(row, Path(folder), truth), truth.data
            for at in range(0, len(data), every):
                mask = _MASKS[at % len(_MASKS)]
                flipped = data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
                where = f"{kind}: byte {at} ^ {mask:#04x}"
                contents = reading.judge([flipped], where)
                if contents is not None:
                    row.expect(bool(contents.header) or not truth.is_ended, f"{where}: no header is left")
                    told = bool(contents.damage) or contents.torn_tail_bytes > 0
                    row.expect(told, f"{where}: nothing is told")


def _truncated(row: Row, every: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind, truth in _kinds():
            reading, data = Reading(row, Path(folder), truth), truth.data
            for length in range(0, len(data), every):
                where = f"{kind}: cut to {length} of {len(data)} bytes"
                reading.judge([data[:length]], where)


def _spliced(row: Row, every: int) -> None:
    others = [block for number in (2, 3) for block in made(number, _SECONDS).blocks]
    with tempfile.TemporaryDirectory() as folder:
        for n in range(0, _N_SPLICED, every):
            chance = random.Random(n)
            truth = made(1, _SECONDS, is_packed=chance.random() < 0.7, ended=chance.random() < 0.7)
            blocks = list(truth.blocks)
            for _ in range(chance.randrange(1, 5)):
                _splice(blocks, others, chance)
            files = _in_files(blocks, chance)
            Reading(row, Path(folder), truth).judge(files, f"splice of seed {n}")


def _splice(blocks: list[bytes], others: list[bytes], chance: random.Random) -> None:
    """One change: a block of another session, one moved, doubled or taken away, two swapped, a stretch turned round."""
    at, to = chance.randrange(len(blocks)), chance.randrange(len(blocks))
    kind = chance.randrange(6)
    if kind == 0:
        blocks.insert(at, chance.choice(others))
    elif kind == 1:
        blocks.insert(to, blocks.pop(at))
    elif kind == 2:
        blocks.insert(to, blocks[at])
    elif kind == 3 and len(blocks) > 4:
        del blocks[at]
    elif kind == 4:
        blocks[at], blocks[to] = blocks[to], blocks[at]
    else:
        blocks[min(at, to) : max(at, to)] = blocks[min(at, to) : max(at, to)][::-1]


def _in_files(blocks: list[bytes], chance: random.Random) -> list[bytes]:
    """In one to three files, as rotation cuts them or in the middle of a block."""
    data = b"".join(blocks)
    cuts = sorted(chance.randrange(len(data)) for _ in range(chance.randrange(3)))
    if chance.random() < 0.5:
        ends = [sum(len(block) for block in blocks[:n]) for n in range(len(blocks))]
        cuts = [max(end for end in ends if end <= cut) for cut in cuts]
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def _random(row: Row, every: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for n in range(0, _N_RANDOM, every):
            chance = random.Random(n)
            truth = made(1, _SECONDS, is_packed=chance.random() < 0.7)
            data = truth.data
            start = chance.randrange(len(data)) if n % 4 else 0
            end = chance.randrange(start, len(data) + 1) if n % 4 else len(data)
            noise = chance.randbytes(chance.choice((end - start, chance.randrange(20_000))))
            if n % 3 == 0:  # noise that looks like blocks, up to the checksum
                noise = noise.replace(noise[:1] or b"x", b"RW\x08\x01")
            Reading(row, Path(folder), truth).judge([data[:start] + noise + data[end:]], f"noise of seed {n}")
