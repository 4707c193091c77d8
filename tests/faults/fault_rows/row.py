"""One row of the fault table: what was tried and what was found, counted by the cases themselves."""

import resource
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

_MOST_TOLD = 20


def peak_kb() -> int:
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@dataclass
class Row:
    """cases: faults done; sessions: sessions at stake, summed over the cases; lost: of these, gone or unreadable.

    bytes_lost: the most that one case lost of a session, in bytes; wrong: findings, each with how to make it again.
    """

    fault: str
    cases: int = 0
    sessions: int = 0
    lost: int = 0
    bytes_lost: int = 0
    seconds: float = 0.0
    n_wrong: int = 0
    wrong: list[str] = field(default_factory=list)
    peak_before_kb: int = field(default_factory=peak_kb)

    def note(self, text: str) -> None:
        """Something is not as it must be."""
        self.n_wrong += 1
        if len(self.wrong) < _MOST_TOLD:
            self.wrong.append(text)

    def lose(self, text: str) -> None:
        """A session is lost, or cannot be read."""
        self.lost += 1
        self.note(text)

    def expect(self, is_right: bool, text: str) -> None:
        """Note `text` unless it is as it must be."""
        if not is_right:
            self.note(text)

    def expect_grown_by_less(self, most_kb: int, text: str) -> None:
        """Note `text` if the process has needed so much more memory than before this row."""
        grown_kb = peak_kb() - self.peak_before_kb
        self.expect(grown_kb < most_kb, f"{text}: {grown_kb >> 10} MB more memory")

    def add(self, told: dict[str, Any]) -> None:
        """What inside/tally.py told of some of this row's cases."""
        self.cases += told["cases"]
        self.sessions += told["sessions"]
        self.lost += told["lost"]
        self.bytes_lost = max(self.bytes_lost, told["bytes_lost"])
        self.n_wrong += told["n_wrong"]
        self.wrong += told["wrong"]

    def as_json(self) -> dict[str, Any]:
        """One row of `--json`."""
        told = {**asdict(self), "seconds": round(self.seconds, 1)}
        del told["peak_before_kb"]
        return told


@dataclass(frozen=True)
class RowOf:
    """How a row is made: run(row, every) tries each `every`-th of its cases; thinned: the `every` of `make test`."""

    fault: str
    run: Callable[[Row, int], None]
    thinned: int

    def tried(self, every: int) -> Row:
        """The row, tried. Whatever is raised is a finding: a fault must never end in an exception."""
        row = Row(self.fault)
        began_s = monotonic()
        try:
            self.run(row, every)
        except Exception as error:  # noqa: BLE001 the other rows are tried all the same, and this one has failed
            row.note(f"the row broke off: {type(error).__name__}: {error}")
        row.seconds = monotonic() - began_s
        return row
