"""The week's dose against the proposal of 2-3 days with 5-15 min, and whether a session is due today. Called by page.

A day counts when its sessions together reach the least length. Weeks begin on Monday, in the zone of this computer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from retrowalk.programme.criteria import Numbers
from retrowalk.programme.figure_cache import Entry
from retrowalk.programme.moment import week_of


@dataclass(frozen=True)
class Dose:
    """`days`: of this week with enough minutes; `short_days`: with fewer; `undated`: sessions with the clock unset."""

    week: date
    days: int
    short_days: int
    minutes: float
    undated: int

    def as_json(self, numbers: Numbers) -> dict[str, Any]:
        """The part of `plan --json`."""
        return {
            "week_from": self.week.isoformat(), "days": self.days, "short_days": self.short_days,
            "minutes": self.minutes, "undated_sessions": self.undated,
            "goal_days": [int(numbers["week_sessions_least"]), int(numbers["week_sessions_most"])],
            "goal_minutes": [numbers["session_least_min"], numbers["session_most_min"]],
        }  # fmt: skip


@dataclass(frozen=True)
class Due:
    """`today`: True if a session is due; `minutes`: how long, (0, 0) if none; `why`: for people."""

    today: bool
    minutes: tuple[float, float]
    why: str

    def as_json(self) -> dict[str, Any]:
        """The part of `plan --json`."""
        return {"today": self.today, "minutes": list(self.minutes), "why": self.why}


def minutes_by_day(entries: Sequence[Entry]) -> dict[date, float]:
    """Recorded minutes of each day with a session; sessions without a day are left out."""
    found: dict[date, float] = {}
    for entry in entries:
        if entry.day is not None and entry.figures is not None:
            found[entry.day] = found.get(entry.day, 0.0) + entry.figures.duration_s / 60
    return dict(sorted(found.items()))


def dose_of(entries: Sequence[Entry], today: date, numbers: Numbers) -> Dose:
    """What was done in the week of `today`."""
    monday = week_of(today)
    by_day = [minutes for day, minutes in minutes_by_day(entries).items() if monday <= day <= today]
    enough = sum(minutes >= numbers["session_least_min"] for minutes in by_day)
    undated = sum(entry.utc_s is None for entry in entries)
    return Dose(monday, enough, len(by_day) - enough, round(sum(by_day), 1), undated)


def due_on(entries: Sequence[Entry], today: date, numbers: Numbers) -> Due:
    """Whether a session is due on `today`, by the dose alone."""
    by_day = minutes_by_day(entries)
    days = [day for day in by_day if day <= today]
    dose = dose_of(entries, today, numbers)
    least, most = int(numbers["week_sessions_least"]), int(numbers["week_sessions_most"])
    length = (numbers["session_least_min"], numbers["session_most_min"])
    if not days:
        return Due(True, (length[0], length[0]), f"the first session: {length[0]:g} min are enough")
    if by_day.get(today, 0.0) >= length[0]:
        return Due(False, (0, 0), "done for today: rest is part of it")
    if dose.days >= most:
        return Due(False, (0, 0), f"{dose.days} days this week are enough; the next week begins on Monday")
    if _comes_after_break(days, today, numbers["break_days"]):
        told = (
            f"a gentle restart after {numbers['break_days']:g} days or more: {length[0]:g} min, with a rail beside you"
        )
        return Due(True, (length[0], length[0]), told)
    left_after_today = 6 - today.weekday()
    if today - timedelta(days=1) in by_day and today not in by_day and left_after_today >= least - dose.days:
        return Due(False, (0, 0), "a day of rest after yesterday")
    return Due(True, length, f"{dose.days} of {least} to {most} days done this week")


def _comes_after_break(days: list[date], today: date, break_days: float) -> bool:
    """True for the first two days of sessions after a long pause."""
    before = [day for day in days if day < today]
    steps = [*before[-2:], today]
    return any((later - earlier).days >= break_days for earlier, later in pairwise(steps))
