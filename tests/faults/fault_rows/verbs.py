"""Runs a verb of `retrowalk` in this process, and says what any verb must never do, whatever it is given."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from fault_rows.row import Row
from retrowalk import cli

_LONGEST_TALK = 4000


@dataclass(frozen=True)
class Said:
    """How a verb ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its stdout as strict JSON: ValueError if it is none, or holds a number that is none."""
        return json.loads(self.out, parse_constant=_refuse)


def run(row: Row, where: str, *words: str, codes: tuple[int, ...] = (0, 5)) -> Said:
    """Run it; what is wrong with how it ended, or with what it said, goes into `row`."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(list(words))
    said = Said(code, out.getvalue(), err.getvalue())
    verb = words[0]
    row.expect("unforeseen" not in said.err, f"{where}: {verb}: {said.err.strip()[:200]}")
    row.expect(code in codes, f"{where}: {verb} leaves with {code}: {said.err.strip()[:200]}")
    row.expect(code == 0 or "Next: " in said.err, f"{where}: {verb} leaves with {code} and says no next step")
    row.expect(_is_clean(said.out + said.err), f"{where}: {verb} prints what a terminal obeys")
    row.expect(len(said.err) < _LONGEST_TALK, f"{where}: {verb} says {len(said.err)} characters")
    if "--json" in words and (code == 0 or said.out):
        try:
            said.json()
        except ValueError as error:
            row.note(f"{where}: {verb} --json prints no JSON: {error}")
    return said


def _is_clean(text: str) -> bool:
    return all(mark == "\n" or mark.isprintable() for mark in text)


def _refuse(name: str) -> None:
    raise ValueError(name)
