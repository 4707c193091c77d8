"""How the verbs talk: data to stdout, talk to stderr, progress on a terminal only, a device's text filtered.

Called by the verbs. Long transfers report to the function that `progress` yields, whether somebody watches or not.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from retrowalk.errors import BusyError


class Advance(Protocol):
    """Called by a long job each time `amount` more of its units (bytes, files) are done."""

    def __call__(self, amount: int, /) -> None: ...


def say(text: str) -> None:
    """One line of talk for the person at the terminal."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def emit(text: str) -> None:
    """One line of data."""
    sys.stdout.write(f"{text}\n")


def emit_json(value: Any) -> None:
    """One JSON document; text stays ASCII, so that no terminal and no pipe can be upset by it."""
    emit(json.dumps(value, indent=2, allow_nan=False))


def clean(text: object, longest: int = 120) -> str:
    """`text` from a device or a file, made safe to show: one line, printable, at most `longest` characters."""
    shown = "".join(mark if mark.isprintable() else " " for mark in str(text)[: 4 * longest])
    shown = " ".join(shown.split())
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a plain table, columns two spaces apart: readable aloud, by eye and by `awk`."""
    cells = [list(titles), *[[clean(cell) for cell in row] for row in rows]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(titles))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def confirm(question: str, always_yes: bool) -> None:
    """Ask before something that cannot be undone. Raises BusyError when the answer is no or nobody can be asked."""
    if always_yes:
        return
    if not sys.stdin.isatty():
        raise BusyError(f"{question} Nobody is there to answer.", "give --yes if that is what you want.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise BusyError("Nothing was changed.", "run it again when you are sure.")


@contextmanager
def progress(label: str, total: int, unit: str = "bytes") -> Iterator[Advance]:
    """Show a bar on stderr while the block runs, if stderr is a terminal; yields the function that advances it."""
    if not sys.stderr.isatty() or total <= 0:
        yield _ignore
        return
    from rich import progress as shown
    from rich.console import Console

    amount = (shown.DownloadColumn(), shown.TransferSpeedColumn()) if unit == "bytes" else (shown.MofNCompleteColumn(),)
    columns = (shown.TextColumn("{task.description}"), shown.BarColumn(), *amount, shown.TimeRemainingColumn())
    with shown.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def advance(amount: int, /) -> None:
            bar.advance(task, amount)

        yield advance


def _ignore(_amount: int, /) -> None:
    return None
