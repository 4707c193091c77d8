"""The week's dose and what is due: rest days, enough for a week, a gentle restart, days without a clock."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from plans_made import at, entry, figures

from retrowalk.programme.criteria import Numbers
from retrowalk.programme.dose import dose_of, due_on

MONDAY = date(2026, 3, 2)
NUMBERS = Numbers()


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def walks(*days: float, minutes: float = 8.0):
    return [entry(i, day, figures(duration_s=60 * minutes)) for i, day in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("days", "today", "due", "why"),
    [
        ((), 0, True, "the first session"),
        ((0,), 0, False, "done for today"),
        ((0,), 1, False, "a day of rest"),
        ((0,), 2, True, "1 of 2 to 3 days"),
        ((0, 2), 4, True, "2 of 2 to 3 days"),
        ((0, 2, 4), 5, False, "3 days this week are enough"),
        ((0, 2, 4), 6, False, "3 days this week are enough"),
        ((0, 2, 4), 7, True, "0 of 2 to 3"),
        ((0, 2, 6), 7, False, "a day of rest"),
        ((5,), 6, True, "1 of 2 to 3"),
    ],
)
def test_what_is_due(days, today, due, why):
    found = due_on(walks(*days), on(today), NUMBERS)
    assert (found.today, found.why[: len(why)]) == (due, why)
    assert found.minutes == ((0, 0) if not due else (5, 5) if not days else (5, 15))


def test_short_sessions_add_up_over_the_day():
    short = walks(0, 0.1, minutes=3)
    assert (dose_of(short[:1], on(0), NUMBERS).days, dose_of(short[:1], on(0), NUMBERS).short_days) == (0, 1)
    assert due_on(short[:1], on(0), NUMBERS).today
    assert (dose_of(short, on(0), NUMBERS).days, dose_of(short, on(0), NUMBERS).minutes) == (1, 6.0)
    assert not due_on(short, on(0), NUMBERS).today


def test_a_restart_after_three_weeks_is_gentle_twice():
    assert due_on(walks(0), on(20), NUMBERS).minutes == (5, 15)
    found = due_on(walks(0), on(21), NUMBERS)
    assert (found.today, found.minutes) == (True, (5, 5))
    assert "gentle restart" in found.why
    assert due_on(walks(0, 21), on(23), NUMBERS).minutes == (5, 5)
    assert due_on(walks(0, 21, 23), on(25), NUMBERS).minutes == (5, 15)


def test_sessions_without_a_clock_are_on_no_day_and_counted_apart():
    found = dose_of([entry(1, None, known_day=0), *walks(1)], on(2), NUMBERS)
    assert (found.days, found.minutes, found.undated) == (1, 8.0, 1)


def test_the_dose_can_be_pinned():
    more = Numbers({"week_sessions_most": 5, "session_least_min": 10})
    assert due_on(walks(0, 2, 4), on(6), more).today
    assert dose_of(walks(0), on(0), more).days == 0


def test_a_late_walk_abroad_counts_to_the_day_it_had_there(monkeypatch):
    """Monday evening in UTC is Tuesday morning in Tokyo, where it was synced; we read it in New York."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    monday_evening = entry(1, 11.5 / 24)
    assert replace(monday_evening, utc_offset_s=9 * 3600).day == date(2026, 3, 3)
    assert replace(monday_evening, utc_offset_s=3600).day == date(2026, 3, 2)
    monkeypatch.undo()
    time.tzset()


def test_a_walk_without_a_date_stands_after_the_one_before_it():
    undated = replace(entry(2, None, known_day=9.0), after_utc_s=at(1.0))
    assert at(0.9) < undated.when_utc_s < at(1.1)
    assert undated.day is None
