"""The written criteria one by one, each just inside and just outside; and what neither passes nor fails."""

import pytest
from plans_made import entry, figures

from retrowalk.errors import UsageError
from retrowalk.programme.criteria import CRITERIA, NUMBERS, Numbers
from retrowalk.programme.outcome import DOES_NOT_COUNT, FAILED, PASSED, judge


def verdict(stage: int, same_day=(), numbers: Numbers | None = None, **changes) -> str:
    return judge(entry(1, 0, figures(stage, **changes)), numbers or Numbers(), same_day=same_day).verdict


@pytest.mark.parametrize("stage", CRITERIA)
def test_a_session_that_shows_all_passes(stage):
    outcome = judge(entry(1, 0, figures(stage)), Numbers())
    assert (outcome.verdict, outcome.reasons) == (PASSED, [f"all that stage {stage} asks for"])


WALKS_5M = [[20.0, 5.0]] * 3

EDGES = [
    (1, {"steps": 40}, {"steps": 39}, DOES_NOT_COUNT),
    (1, {"upright_percent": 90.0}, {"upright_percent": 89.9}, FAILED),
    (2, {"walks": WALKS_5M}, {"walks": [*WALKS_5M[:2], [20.0, 4.9]]}, DOES_NOT_COUNT),
    (2, {"backward_percent": 90.0}, {"backward_percent": 89.9}, FAILED),
    (2, {"longest_stop_s": 2.0}, {"longest_stop_s": 2.1}, FAILED),
    (3, {"walks": [[30.0, 9.0]] * 3}, {"walks": [*[[30.0, 9.0]] * 2, [29.9, 19.9]]}, DOES_NOT_COUNT),
    (3, {"walks": [[25.0, 20.0]] * 3}, {"walks": [[25.0, 19.9]] * 3}, DOES_NOT_COUNT),
    (3, {"walks": [[30.0, None]] * 3}, {"walks": [[29.0, None]] * 3}, DOES_NOT_COUNT),
    (3, {"lean_percent": 80.0}, {"lean_percent": 79.9}, FAILED),
    (3, {"step_time_cv_percent": 12.0}, {"step_time_cv_percent": 12.1}, FAILED),
    (4, {"walked_s": 180.0}, {"walked_s": 179.9}, DOES_NOT_COUNT),
    (4, {"lean_percent": 90.0}, {"lean_percent": 89.9}, FAILED),
    (4, {"step_time_cv_percent": 8.0}, {"step_time_cv_percent": 8.1}, FAILED),
    (4, {"cues": 3, "withheld": 0, "walked_s": 180.0}, {"cues": 4, "withheld": 0, "walked_s": 180.0}, FAILED),
    (4, {"cues": 0, "withheld": 3, "walked_s": 180.0}, {"cues": 1, "withheld": 3, "walked_s": 180.0}, FAILED),
    (5, {"walked_s": 180.0}, {"walked_s": 179.0}, DOES_NOT_COUNT),
    (5, {"lean_percent": 80.0}, {"lean_percent": 79.0}, FAILED),
    (5, {"step_time_cv_percent": 12.0}, {"step_time_cv_percent": 13.0}, FAILED),
]


@pytest.mark.parametrize(("stage", "inside", "outside", "then"), EDGES)
def test_edges_of_the_criteria(stage, inside, outside, then):
    assert verdict(stage, **inside) == PASSED
    assert verdict(stage, **outside) == then


def test_every_criterion_has_an_edge_here():
    tried = {(stage, name) for stage, inside, _, _ in EDGES for name in inside}
    for stage, criteria in CRITERIA.items():
        for each in criteria:
            figure = {"taps": "steps", "cues_per_min": "cues"}.get(each.figure, each.figure)
            assert (stage, figure) in tried


def test_every_number_is_used_and_can_be_set():
    named = {each.number for criteria in CRITERIA.values() for each in criteria}
    assert named <= set(NUMBERS)
    strict = Numbers({"form_cv_percent": 5})
    assert verdict(4, numbers=strict) == FAILED
    assert verdict(3, numbers=Numbers({"unassisted_walk_s": 60, "unassisted_walk_m": 60})) == DOES_NOT_COUNT


@pytest.mark.parametrize("told", [{"form_cv_percent": 1}, {"form_cv_percent": float("nan")}, {"nothing": 3}])
def test_impossible_numbers_are_refused(told):
    with pytest.raises(UsageError):
        Numbers(told)


def test_numbers_that_contradict_each_other_are_refused():
    with pytest.raises(UsageError, match="week_sessions_least must not be above"):
        Numbers({"week_sessions_least": 4})


def test_amounts_of_a_day_are_added_and_qualities_are_not():
    first = figures(1, steps=20)
    assert verdict(1, steps=20) == DOES_NOT_COUNT
    assert verdict(1, steps=20, same_day=[first]) == PASSED
    assert verdict(1, steps=20, upright_percent=50.0, same_day=[first]) == FAILED
    assert verdict(2, walks=WALKS_5M[:1], same_day=[figures(2, walks=WALKS_5M[:2])]) == PASSED
    assert verdict(4, walked_s=150.0, same_day=[figures(4)]) == DOES_NOT_COUNT


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"stage": None}, "does not say which stage"),
        ({"pain_stop": True}, "stopped for pain"),
        ({"damaged": True}, "damaged"),
        ({"missing_percent": 10.1}, "10 % of its motion is missing"),
        ({"mount": "ankle", "lean_percent": None}, "waist only"),
        ({"step_time_cv_percent": None}, "fewer than 20"),
        ({"walked_s": 0.0}, "only 0 s of walking backward"),
        ({"walked_s": 29.0, "lean_percent": 10.0, "cues": 9}, "too little to judge"),
    ],
)
def test_what_cannot_be_judged_does_not_count_and_says_why(changes, why):
    stage = changes.pop("stage", 4)
    outcome = judge(entry(1, 0, figures(stage, **changes)), Numbers())
    assert outcome.verdict == DOES_NOT_COUNT
    assert why in "; ".join(outcome.reasons)


def test_one_cue_in_a_short_walk_is_one_a_minute():
    assert figures(4, walked_s=40.0, cues=1, withheld=0).cues_per_min == 1
    assert verdict(4, walked_s=40.0, cues=1, withheld=0) == DOES_NOT_COUNT
    assert verdict(4, walked_s=40.0, cues=2, withheld=0) == FAILED


def test_directions_unknown_do_not_count_in_stage_2():
    outcome = judge(entry(1, 0, figures(2, known_percent=40.0)), Numbers())
    assert (outcome.verdict, outcome.reasons) == (DOES_NOT_COUNT, ["the direction of most steps is not known"])


def test_a_stumble_fails_whatever_else():
    assert verdict(4, stumbles=1) == FAILED
    assert verdict(4, falls=1, damaged=True) == FAILED
    assert judge(entry(1, 0, figures(4, stumbles=2)), Numbers()).reasons[0] == "2 stumbles"
