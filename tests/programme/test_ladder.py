"""Up and down: two different days, step backs, breaks, unset clocks, zones; nothing but proposals."""

import time
from pathlib import Path

import pytest
from plans_made import DEVICE, at, entry, figures

from retrowalk.programme.figure_cache import Entry
from retrowalk.programme.ladder import GROW, PROMOTE, STAY, STEP_BACK, judge_all, propose
from retrowalk.programme.profile import Profile
from retrowalk.programme.screen import ASK, CLEAR, ScreenState

OK = ScreenState(CLEAR, [], "all answers were no")


def plan(stage: int, **told) -> Profile:
    profile = Profile(Path("unused.json"), "Anna", DEVICE, stage=stage)
    profile.decide(at(-1), "start", [])
    for name, value in told.items():
        setattr(profile, name, value)
    return profile


def proposed(profile, entries, screen=OK, now_day: float = 10):
    return propose(judge_all(entries, profile), profile, screen, at(now_day))


@pytest.fixture
def zone(monkeypatch):
    """Put this computer into a zone."""

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.delenv("TZ", raising=False)
    time.tzset()


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_two_days_passed_propose_the_next_stage_with_evidence(stage):
    found = proposed(plan(stage), [entry(1, 0, figures(stage)), entry(2, 2, figures(stage))])
    assert (found.kind, found.stage, found.is_open) == (PROMOTE, stage + 1, True)
    assert found.evidence == [f"{DEVICE}/s00001", f"{DEVICE}/s00002"]


def test_proposing_changes_nothing():
    profile = plan(3)
    proposed(profile, [entry(1, 0, figures(3)), entry(2, 2, figures(3))])
    assert (profile.stage, len(profile.decisions)) == (3, 1)


def test_twice_on_one_day_is_one_day():
    found = proposed(plan(3), [entry(1, 0, figures(3)), entry(2, 0.2, figures(3))])
    assert found.kind == STAY
    assert "on 1 different day; 2 asked for" in found.reasons[0]


def test_before_and_after_midnight_are_no_two_days(zone):
    zone("UTC")
    late, early = entry(1, 13.9 / 24, figures(3)), entry(2, 14.1 / 24, figures(3))
    assert late.day != early.day
    assert proposed(plan(3), [late, early]).kind == STAY


def test_days_are_those_of_the_zone(zone):
    """23:00 and 09:00 UTC are two days in London and one in Auckland."""
    sessions = [entry(1, 13 / 24, figures(3)), entry(2, 23 / 24, figures(3))]
    zone("UTC")
    assert proposed(plan(3), sessions).kind == PROMOTE
    zone("Pacific/Auckland")
    assert proposed(plan(3), sessions).kind == STAY


def test_the_night_the_clocks_change_is_a_night(zone):
    """29 March 2026, Berlin: 22:30 and 07:00 next morning are only 7.5 hours apart."""
    zone("Europe/Berlin")
    evening, morning = 26 + 11.5 / 24, 26 + 19 / 24
    sessions = [entry(1, evening, figures(3)), entry(2, morning, figures(3))]
    assert [each.day.isoformat() for each in sessions if each.day] == ["2026-03-28", "2026-03-29"]
    assert proposed(plan(3), sessions, now_day=28).kind == STAY
    later = entry(3, morning + 1 / 24, figures(3))
    assert proposed(plan(3), [*sessions, later], now_day=28).kind == PROMOTE


def test_an_unset_clock_has_no_day_and_says_so():
    found = proposed(plan(3), [entry(1, None, figures(3), known_day=0), entry(2, None, figures(3), known_day=3)])
    assert found.kind == STAY
    assert "clock unset: 2" in found.reasons[1]


def test_an_unset_clock_still_tells_of_a_stumble():
    assert proposed(plan(3), [entry(1, None, figures(3, stumbles=1))]).kind == STEP_BACK


def test_an_unset_clock_adds_up_to_no_day():
    halves = [entry(1, None, figures(1, steps=20)), entry(2, None, figures(1, steps=20))]
    assert [each.verdict for each in judge_all(halves, plan(1))] == ["does not count"] * 2


def test_sessions_of_another_stage_are_no_evidence_to_go_up():
    assert proposed(plan(3), [entry(1, 0, figures(4)), entry(2, 2, figures(4))]).kind == STAY


@pytest.mark.parametrize("mishap", [{"stumbles": 1}, {"falls": 1}])
def test_a_stumble_goes_before_a_promotion(mishap):
    sessions = [entry(1, 0, figures(3)), entry(2, 2, figures(3)), entry(3, 4, figures(3, **mishap))]
    found = proposed(plan(3), sessions)
    assert (found.kind, found.stage, found.evidence) == (STEP_BACK, 2, [f"{DEVICE}/s00003"])


def test_a_stumble_in_an_easier_stage_counts_and_in_a_harder_one_is_not_charged_to_this():
    assert proposed(plan(3), [entry(1, 0, figures(2, stumbles=1))]).kind == STEP_BACK
    assert proposed(plan(3), [entry(1, 0, figures(4, stumbles=1))]).kind == STAY


def failing(number: int, day: float):
    return entry(number, day, figures(4, lean_percent=50.0))


def test_two_failed_in_a_row_step_back():
    found = proposed(plan(4), [failing(1, 0), failing(2, 2)])
    assert (found.kind, found.stage) == (STEP_BACK, 3)
    assert "50 % of the walking inside the lean limit, at least 90 asked for" in found.reasons[0]


def test_a_pass_between_two_failed_ones_keeps_the_stage():
    assert proposed(plan(4), [failing(1, 0), entry(2, 2), failing(3, 4)]).kind == STAY


def test_what_does_not_count_does_not_break_the_row():
    short = entry(2, 2, figures(4, walked_s=60.0))
    assert proposed(plan(4), [failing(1, 0), short, failing(3, 4)]).kind == STEP_BACK


@pytest.mark.parametrize(("score", "kind"), [(4, STAY), (5, STEP_BACK), (10, STEP_BACK)])
def test_pain_of_five_steps_back(score, kind):
    pains = {f"{DEVICE}/s00001": {"score": score, "utc_s": at(0.1)}}
    assert proposed(plan(3, pains=pains), [entry(1, 0, figures(3, pain_stop=True))]).kind == kind


def test_pain_told_after_the_decision_is_still_heard():
    profile = plan(3, pains={f"{DEVICE}/s00001": {"score": 7, "utc_s": at(6)}})
    profile.decide(at(5), "promote", [], 4)
    assert proposed(profile, [entry(1, 0, figures(3, pain_stop=True))]).kind == STEP_BACK


def test_pain_without_a_score_holds_the_promotion():
    sessions = [entry(1, 0, figures(3)), entry(2, 2, figures(3)), entry(3, 4, figures(3, pain_stop=True))]
    found = proposed(plan(3), sessions)
    assert found.kind == PROMOTE and not found.is_open
    assert "retrowalk plan pain" in found.held_by


def test_there_is_nothing_below_stage_1():
    found = proposed(plan(1), [entry(1, 0, figures(1, stumbles=1))])
    assert (found.kind, found.stage) == (STAY, 1)
    assert "speak to a professional" in found.reasons[-1]


def test_a_decision_answers_what_was_known_before():
    profile = plan(3)
    sessions = [entry(1, 0, figures(3, stumbles=1))]
    profile.decide(at(1), "step_back", [], 2)
    assert proposed(profile, sessions).kind == STAY


def test_a_stumble_synced_late_is_not_lost():
    profile = plan(3)
    profile.decide(at(1), "promote", [], 4)
    assert proposed(profile, [entry(1, 0, figures(3, stumbles=1), known_day=2)]).kind == STEP_BACK


def test_pinning_a_limit_does_not_make_a_stumble_forgotten():
    profile = plan(3)
    profile.decide(at(1), "pin", ["lean_cue_cdeg=600"])
    assert proposed(profile, [entry(1, 0, figures(3, stumbles=1))]).kind == STEP_BACK


def test_a_pinned_stage_holds_both_ways_and_the_reasons_stay_visible():
    for sessions, kind in (
        ([entry(1, 0, figures(3)), entry(2, 2, figures(3))], PROMOTE),
        ([entry(1, 0, figures(3, stumbles=1))], STEP_BACK),
    ):
        found = proposed(plan(3, pinned_stage=3), sessions)
        assert (found.kind, found.is_open) == (kind, False)
        assert "pinned" in found.held_by and found.reasons


def test_an_open_screen_holds_the_promotion_but_no_step_back():
    screen = ScreenState(ASK, [], "never answered")
    assert not proposed(plan(3), [entry(1, 0, figures(3)), entry(2, 2, figures(3))], screen).is_open
    assert proposed(plan(3), [entry(1, 0, figures(3, stumbles=1))], screen).is_open


@pytest.mark.parametrize(
    ("second", "now", "kind"), [(20, 21, PROMOTE), (21, 22, STAY), (2, 22, PROMOTE), (2, 23, STAY)]
)
def test_passes_before_a_long_break_are_stale(second, now, kind):
    assert proposed(plan(3), [entry(1, 0, figures(3)), entry(2, second, figures(3))], now_day=now).kind == kind


def test_the_numbers_of_the_ladder_can_be_pinned():
    three = plan(3, pinned_numbers={"pass_days": 3})
    sessions = [entry(1, 0, figures(3)), entry(2, 2, figures(3))]
    assert proposed(three, sessions).kind == STAY
    assert proposed(three, [*sessions, entry(3, 4, figures(3))]).kind == PROMOTE
    assert proposed(plan(4, pinned_numbers={"failed_in_a_row": 3}), [failing(1, 0), failing(2, 2)]).kind == STAY


def test_stage_5_grows_one_variable_a_week():
    sessions = [entry(1, 0, figures(5)), entry(2, 2, figures(5))]
    assert proposed(plan(5), sessions, now_day=5.9).kind == STAY
    found = proposed(plan(5), sessions, now_day=6.1)
    assert (found.kind, found.stage, found.change) == (GROW, 5, {"minutes": 5.8})
    belt = {"variable": "speed", "speed_mps": 0.25}
    assert proposed(plan(5, belt=belt), sessions).change == {"speed_mps": 0.3}
    slope = {"variable": "grade", "speed_mps": 0.25, "grade_percent": 1.0}
    assert proposed(plan(5, belt=slope), sessions).change == {"grade_percent": 2.0}
    assert proposed(plan(5, belt={"variable": "resistance"}), sessions).kind == STAY
    assert proposed(plan(5, belt={"minutes": 15}), sessions).kind == STAY


def test_a_session_that_could_not_be_measured_is_told_and_harmless():
    broken = Entry(f"{DEVICE}/s00001", at(0), at(0) + 60, None, "its header cannot be used")
    outcomes = judge_all([broken], plan(3))
    assert (outcomes[0].verdict, outcomes[0].reasons) == ("does not count", ["its header cannot be used"])
    assert proposed(plan(3), [broken]).kind == STAY
