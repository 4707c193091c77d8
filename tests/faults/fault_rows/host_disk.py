"""Syncs on a computer that dies, or whose disk is full, read-only or broken, at each single operation of the sync.

The cases are those of tests/host/test_sync_cut.py, which `make test` runs in full.
"""

import io
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import test_sync_cut as cut
from broken_disk import BROKEN, FULL, READ_ONLY

from fault_rows.row import Row, RowOf

_SESSIONS = 2
_ERRORS = {FULL: "full", READ_ONLY: "read-only", BROKEN: "broken"}


def rows() -> list[RowOf]:
    """One row for the host's death, one for its disk."""
    return [
        RowOf("sync: host killed at every step", _killed, 25),
        RowOf("sync: host's disk full, read-only, broken at every step", _failed, 25),
    ]


def _killed(row: Row, every: int) -> None:
    for done_first in (False, True):
        when = "after" if done_first else "before"
        _at_every(row, every, f"killed {when} step", 0, lambda *case, done=done_first: cut.killed_at(*case, done))


def _failed(row: Row, every: int) -> None:
    for error, name in _ERRORS.items():
        for lasting in (False, True):
            words = f"disk {name}{' from then on' if lasting else ''} at step"
            # The last step lets go of the archive's lock: nothing is refused there.
            _at_every(row, every, words, 1, lambda *case, e=error, last=lasting: cut.failed_at(*case, e, last))


def _at_every(row: Row, every: int, words: str, n_left_out: int, case: Callable[..., None]) -> None:
    patch = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            options = () if n_left_out else ("--prune",)
            n_operations = cut.operations(patch, folder, *options) - n_left_out
            for at in range(0, n_operations, every):
                row.cases += 1
                row.sessions += _SESSIONS
                try:
                    case(patch, folder, at)
                except (AssertionError, pytest.fail.Exception) as error:
                    row.lose(f"{words} {at} of {n_operations}: {str(error)[:200]}")
    patch.undo()
