"""Sessions whose blocks are whole, each checksum right, and that lie: headers, indices, events, packed samples.

They go through the verbs as a user calls them. None may end in an unforeseen error, print what a terminal obeys, or use
memory without bound; a number that cannot be is refused or told.
"""

import json
import random
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fault_rows import verbs
from fault_rows.made import made
from fault_rows.row import Row, RowOf
from retrogait import record

_SECONDS = 8
_N_FUZZED = 160
_PLOTTED_EACH = 25
_MOST_MEMORY_KB = 400 << 10  # more than before, with a day of curves and their JSON
_HUGE = 1 << 31
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, _HUGE, -_HUGE, 10**300, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", "waist",
    "\x1b[2J\x1b]0;x\x07", "<script>alert(1)</script>", "../../../etc/passwd", "‮evil", "\ud800", "x" * 3000,
    [], {}, [[[[]]]], {"a": {"b": {}}}, [0] * 9, [16384] * 9, [10**30] * 9, ["a"] * 9, "0" * 40,
)  # fmt: skip
_KEYS = (
    "format", "device_id", "name", "board", "version", "firmware", "mount", "side", "rate_hz", "accel_range_g",
    "gyro_range_dps", "utc_s", "mounting", "settings", "test", "coaching", "battery_mv", "faults",
)  # fmt: skip
_END_KEYS = ("reason", "n_samples", "step_count", "samples_dropped", "cues", "recovered", "elapsed_ms")


def rows() -> list[RowOf]:
    """One row a place to lie in."""
    return [
        RowOf("lies: header and end of a session", _header_rows, 25),
        RowOf("lies: indices, events, packed samples", _fuzzed, 40),
    ]


def _header_rows(row: Row, every: int) -> None:
    cases = [(record.HEADER, key, value) for key in _KEYS for value in _VALUES]
    cases += [(record.END, key, value) for key in _END_KEYS for value in _VALUES]
    cases += [(record.HEADER, "settings", {name: value}) for name in ("lean_cue_deg", "\x1b") for value in _VALUES]
    truth = made(1, _SECONDS)
    for n, (kind, key, value) in enumerate(cases):
        if n % every == 0:
            blocks = [_with_json(block, kind, key, value) for block in truth.blocks]
            _try(row, blocks, f"{key} = {str(value)[:40]!a} in block kind {kind}", n % (_PLOTTED_EACH * every) == 0)


def _fuzzed(row: Row, every: int) -> None:
    for n in range(0, _N_FUZZED, every):
        chance = random.Random(n)
        truth = made(1, _SECONDS, is_packed=chance.random() < 0.8, ended=chance.random() < 0.8)
        lies = [chance.choice(_LIES) for _ in range(chance.randrange(1, 4))]
        blocks = list(truth.blocks)
        for lie in lies:
            at = chance.randrange(1, len(blocks))
            blocks[at] = _sealed(*lie(*_opened(blocks[at]), chance))
        _try(row, blocks, f"lies of seed {n}", n % (_PLOTTED_EACH * every) == 0)


def _try(row: Row, blocks: list[bytes], where: str, is_plotted: bool) -> None:
    row.cases += 1
    row.sessions += 1
    with tempfile.TemporaryDirectory() as folder:
        archive, session = Path(folder), Path(folder) / "0123456789ab" / "s00001"
        session.mkdir(parents=True)
        (session / "0000.rwl").write_bytes(b"".join(blocks))
        there = ("--archive", str(archive))
        verbs.run(row, where, "verify", "--json", *there)
        verbs.run(row, where, "verify", "--repair", *there)
        verbs.run(row, where, "sessions", "--json", *there)
        said = verbs.run(row, where, "analyze", "s00001", "--json", *there)
        _check_analysis(row, where, said)
        if is_plotted:
            verbs.run(row, where, "plot", "s00001", "--out", str(archive / "walk.png"), *there)
    row.expect_grown_by_less(_MOST_MEMORY_KB, where)


def _check_analysis(row: Row, where: str, said: verbs.Said) -> None:
    """What analysis gives must at least be possible."""
    if not said.out.startswith("{"):
        return
    told = said.json()
    duration_s = told["duration_s"]
    row.expect(0 <= duration_s <= 24 * 3600, f"{where}: a walk of {duration_s} s")
    times = [step["t_s"] for step in told["steps"]]
    is_possible = times == sorted(times) and all(-2 <= t_s <= duration_s + 2 for t_s in times)
    row.expect(is_possible, f"{where}: steps at times that cannot be: {times[:3]}")
    n_most = 6 * duration_s + 10
    row.expect(told["step_count"] <= n_most, f"{where}: {told['step_count']} steps in {duration_s} s")


_Opened = tuple[list[int], bytes]


def _opened(block: bytes) -> _Opened:
    """[kind, version, session, sequence, first index], payload."""
    kind, version, session, sequence, index, n_bytes = struct.unpack_from("<BBIIIH", block, 2)
    return [kind, version, session, sequence, index], block[record.HEAD_BYTES : record.HEAD_BYTES + n_bytes]


def _sealed(head: list[int], payload: bytes) -> bytes:
    kind, version, session, sequence, index = head
    writer = record.BlockWriter(session, max(1, len(payload)))
    writer.sequence = sequence
    writer.begin(kind, index)
    writer.add_bytes(payload)
    sealed = bytearray(writer.finish())
    sealed[3] = version
    sealed[-4:] = struct.pack("<I", record.crc32(bytes(sealed[:-4])))
    return bytes(sealed)


def _with_json(block: bytes, kind: int, key: str, value: Any) -> bytes:
    head, payload = _opened(block)
    if head[0] != kind:
        return block
    told = {**json.loads(payload), key: value}
    return _sealed(head, json.dumps(told).encode()[: record.LONGEST_PAYLOAD])


def _lie_index(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    return [*head[:4], chance.choice((0, 5, 500, 1 << 20, 24 * 3600 * 104 - 100, _HUGE, (1 << 32) - 1))], payload


def _lie_sequence(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    return [*head[:3], chance.choice((0, 3, 1000, _HUGE, (1 << 32) - 1)), head[4]], payload


def _lie_kind(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    return [chance.randrange(256), chance.choice((0, 1, 1, 1, 2, 255)), *head[2:]], payload


def _lie_payload(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    return head, chance.randbytes(chance.choice((1, 7, 16, len(payload), record.LONGEST_PAYLOAD)))


def _lie_bytes(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    changed = bytearray(payload)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] = chance.choice((0, 0xFF, 0x80, chance.randrange(256)))
    return head, bytes(changed)


def _lie_events(head: list[int], payload: bytes, chance: random.Random) -> _Opened:
    extremes = (0, 1, -1, _HUGE - 1, -_HUGE, 1 << 20)
    told = [
        (chance.choice((0, 100, _HUGE, (1 << 32) - 1)), chance.randrange(256 if chance.random() < 0.3 else 19),
         chance.choice(extremes), chance.choice(extremes))
        for _ in range(chance.randrange(1, 60))
    ]  # fmt: skip
    return [record.EVENTS, 1, *head[2:]], b"".join(struct.pack("<IB3xii", *each) for each in told)


def _lie_json(head: list[int], _payload: bytes, chance: random.Random) -> _Opened:
    bombs = (b"[" * 4096, b'{"a":' * 800, b"9" * 4096, b"1e999", b'"\\ud800"', b"\xff" * 100, b"NaN", b"null", b"{}")
    return [chance.choice((record.HEADER, record.STATUS, record.END)), 1, *head[2:]], chance.choice(bombs)


_LIES: tuple[Callable[[list[int], bytes, random.Random], _Opened], ...] = (
    _lie_index, _lie_sequence, _lie_kind, _lie_payload, _lie_bytes, _lie_events, _lie_json,
)  # fmt: skip
