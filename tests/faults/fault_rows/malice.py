"""A malicious device: names, sizes and streams that lie, over the raw REPL and over frames.

Whatever it says, a sync ends by itself, nothing is written outside of the archive or under a name that is none of ours,
nothing is evaluated, memory stays bounded, and the user gets a message without a byte that a terminal obeys.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from fault_rows import frame_attacks, repl_attacks, verbs
from fault_rows.hostile_port import HostilePort, Speaker
from fault_rows.made import made
from fault_rows.row import Row, RowOf
from retrowalk.archive.archive import FILE_NAME, MANIFEST, SESSION_NAME

_DATA_SECONDS = 8
_MOST_BYTES = 64 << 20  # of a stream without an end: then it must have been given up
_MOST_MEMORY_KB = 200 << 10  # more than before
Attack = tuple[str, Callable[[bytes], Speaker], tuple[int, ...]]


def rows() -> list[RowOf]:
    """One row a way to talk."""
    return [
        RowOf("malicious device, raw REPL", _over(repl_attacks.ATTACKS), 16),
        RowOf("malicious device, frames", _over(frame_attacks.ATTACKS), 3),
    ]


def _over(attacks: tuple[Attack, ...]) -> Callable[[Row, int], None]:
    def run(row: Row, every: int) -> None:
        for name, speaker, codes in attacks[::every]:
            _try(row, name, speaker(made(1, _DATA_SECONDS).data), codes)

    return run


def _try(row: Row, name: str, speaker: Speaker, codes: tuple[int, ...]) -> None:
    row.cases += 1
    with tempfile.TemporaryDirectory() as folder, HostilePort(speaker) as port:
        root = Path(folder) / "inside" / "walks"
        words = ("--port", port.path, "--archive", str(root), "--prune")
        verbs.run(row, name, "sync", *words, codes=codes)
        row.expect(port.sent_bytes < _MOST_BYTES, f"{name}: {port.sent_bytes >> 20} MB were taken")
        strange = [path for path in Path(folder).rglob("*") if not _is_expected(path, root)]
        row.expect(not strange, f"{name}: written: {[str(path)[:200] for path in strange[:3]]}")
        verbs.run(row, name, "sessions", "--archive", str(root))
    row.expect_grown_by_less(_MOST_MEMORY_KB, name)


def _is_expected(path: Path, root: Path) -> bool:
    """Whether a path is one that a sync may make."""
    if root.is_relative_to(path):
        return True
    if not path.is_relative_to(root):
        return False
    parts = path.relative_to(root).parts
    if len(parts) == 1 and path.is_file():
        return parts[0].startswith((".", "index", "prune", "lock"))
    is_session = len(parts) < 2 or SESSION_NAME.fullmatch(parts[1]) is not None
    name = parts[2].removesuffix(".part") if len(parts) > 2 else MANIFEST  # a part is kept for the next sync
    return is_session and (FILE_NAME.fullmatch(name) is not None or name == MANIFEST)
