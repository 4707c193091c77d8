"""Walkers for the tests of the plan: an archive with sessions of given figures, and a clock that the test moves.

A session is a manifest and a cached figures.json beside it, as `retrowalk plan` leaves them: no file is replayed.
"""

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from retrowalk import cli
from retrowalk.archive.archive import Archive, write_manifest
from retrowalk.programme import figure_cache, moment
from retrowalk.programme.figure_cache import Entry
from retrowalk.programme.figures import Figures

DEVICE = "0123456789ab"
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.utc)
NO = "no,no,no,no,no,no"
SYNC_S = 3600

_STILL = {"walks": [], "walked_s": 0.0, "walked_m": None, "lean_percent": None, "step_time_cv_percent": None}
GOOD = {
    1: {**_STILL, "steps": 40, "known_percent": 0.0, "backward_percent": None, "upright_percent": 96.0},
    2: {"walks": [[20.0, 6.0], [22.0, 6.5], [19.0, 5.0]], "walked_s": 61.0, "walked_m": 17.5, "steps": 60},
    3: {"walks": [[31.0, 12.0], [33.0, 13.0], [30.0, 12.0]], "walked_s": 94.0, "walked_m": 37.0, "steps": 150},
    4: {},
    5: {},
}
"""What changes from the figures below for a session that passes each stage."""


def figures(stage: int | None = 4, **changes) -> Figures:
    """The figures of a session that passes `stage`, with changes."""
    told = {
        "stage": stage, "mount": "waist", "duration_s": 480.0, "exercise_s": 400.0, "steps": 400, "known_percent": 99.0,
        "backward_percent": 98.0, "longest_stop_s": 0.0, "walks": [[100.0, 40.0], [100.0, 41.0]], "walked_s": 200.0,
        "walked_m": 81.0, "lean_percent": 95.0, "upright_percent": 95.0, "step_time_cv_percent": 6.0, "cues": 1,
        "withheld": 1, "stumbles": 0, "falls": 0, "pain_stop": False, "end_reason": "button", "missing_percent": 0.0,
        "damaged": False,
    }  # fmt: skip
    return Figures(**{**told, **GOOD.get(stage or 0, {}), **changes})


def entry(number: int, day: float | None, told: Figures | None = None, known_day: float | None = None) -> Entry:
    """Session `number`, walked `day` days after MONDAY (None: clock unset) and synced an hour later."""
    known_day = known_day if known_day is not None else (day or 0.0)
    utc_s = None if day is None else at(day)
    return Entry(f"{DEVICE}/s{number:05d}", utc_s, at(known_day) + SYNC_S, told or figures())


def at(day: float) -> int:
    """UTC seconds of `day` days after MONDAY."""
    return int((MONDAY + timedelta(days=day)).timestamp())


class Walker:
    """An archive and a calendar. `day`: days since MONDAY; `plan(...)`: the exit code; `page()`: plan --json."""

    def __init__(self, root: Path, monkeypatch, capsys) -> None:
        self.archive = Archive(root)
        self.day = 0.0
        self.number = 0
        self._capsys = capsys
        monkeypatch.setattr(os, "fsync", lambda _fd: None)  # a year is thousands of files
        monkeypatch.setattr(moment, "now_utc_s", lambda: at(self.day))

    def plan(self, *words: str) -> int:
        """Run the verb."""
        return cli.main(["plan", *words, "--archive", str(self.archive.root)])

    def told(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of the verb."""
        self._capsys.readouterr()
        code = self.plan(*words)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def page(self) -> dict:
        """`retrowalk plan --json`."""
        code, out, err = self.told("--json")
        assert code == 0, err
        return json.loads(out)

    def history(self) -> dict:
        """`retrowalk plan history --json`."""
        return json.loads(self.told("history", "--json")[1])

    def start(self, answers: str = NO, name: str = "Anna") -> int:
        """`retrowalk plan start`."""
        return self.plan("start", "--name", name, "--height", "1.72m", "--answers", answers)

    def walk(self, told: Figures, clock_set: bool = True, height_cm: int = 172) -> str:
        """One more session, walked at `day` and synced an hour later, when `day` is then; returns its name."""
        self.number += 1
        name = f"s{self.number:05d}"
        folder = self.archive.folder(DEVICE, name)
        synced = MONDAY + timedelta(days=self.day, seconds=SYNC_S)
        header = {"device_id": DEVICE, "mount": told.mount, **({"utc_s": at(self.day)} if clock_set else {})}
        files = {"0000.rwl": {"size": 1, "sha256": name}}
        manifest = {"device_id": DEVICE, "session": name, "synced_utc": synced.isoformat(), "files": files}
        write_manifest(folder, {**manifest, "header": header, "state": "complete"})
        session = next(each for each in self.archive.sessions(DEVICE) if each.name == name)
        figure_cache.write_cache(session, figure_cache.key_of(session, height_cm), told)
        self.day += (SYNC_S + 60) / moment.DAY_S
        return name


def changed(told: Figures, **changes) -> Figures:
    """`told` with changes."""
    return replace(told, **changes)
