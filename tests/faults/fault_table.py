"""The fault table (make faults): every fault that a session must survive, tried case by case.

    .venv/bin/python tests/faults/fault_table.py [--json] [--every N] [WORD ...]

WORD: only the rows whose name has it. --every N tries each N-th case. Exit code 1 if a session was lost or anything
else was found. What each row does: docs/reference/faults.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fault_rows import cable, damage, host_disk, lies, malice, noise, power, week
from fault_rows.row import Row, RowOf

from retrowalk.console import emit, emit_json, say, table

ROW_MODULES = (power, damage, lies, malice, host_disk, cable, noise, week)
_AT_ONCE = 2
_TITLES = ("fault", "cases", "sessions", "lost", "bytes lost at most", "wrong", "seconds")


def all_rows() -> list[RowOf]:
    """The rows of the table, in order."""
    return [each for module in ROW_MODULES for each in module.rows()]


def tried(number: int, every: int) -> Row:
    """The row of that number, tried; called in a process of its own."""
    return all_rows()[number].tried(every)


def main(words: Sequence[str] | None = None) -> int:
    """Try, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("words", nargs="*", metavar="WORD", help="only rows whose name has this word")
    parser.add_argument("--every", type=int, default=1, help="try each N-th case; default: every one")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args(words)
    rows = list(_try_all(args.words, args.every))
    if args.json:
        emit_json({"format": 1, "every": args.every, "rows": [row.as_json() for row in rows]})
    else:
        for line in _lines(rows):
            emit(line)
    for row in rows:
        for text in row.wrong:
            say(f"{row.fault}: {text}")
    return 1 if not rows or any(row.n_wrong or row.lost or not row.cases for row in rows) else 0


def _try_all(words: Sequence[str], every: int) -> Iterator[Row]:
    chosen = [i for i, each in enumerate(all_rows()) if all(word in each.fault for word in words)]
    # Each row in a process of its own: what one uses of memory is not another's.
    with get_context("spawn").Pool(_AT_ONCE, maxtasksperchild=1) as pool:
        for row in pool.imap(partial(tried, every=every), chosen):
            say(f"{row.fault}: {row.cases} cases in {row.seconds:.0f} s, {row.n_wrong} wrong")
            yield row


def _lines(rows: list[Row]) -> list[str]:
    cells = [
        (row.fault, row.cases, row.sessions, row.lost, row.bytes_lost, row.n_wrong, f"{row.seconds:.0f}")
        for row in rows
    ]
    totals = ("all", *(sum(line[i] for line in cells) for i in (1, 2, 3)))
    worst = max((row.bytes_lost for row in rows), default=0)
    total = (*totals, worst, sum(row.n_wrong for row in rows), f"{sum(row.seconds for row in rows):.0f}")
    return table(_TITLES, [*cells, total])


if __name__ == "__main__":
    sys.exit(main())
