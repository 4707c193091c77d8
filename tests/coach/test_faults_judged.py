"""Which faults are judged when: stages, states, switches, priority."""

import pytest

from retrogait import events as ev
from retrogait.coach import LOOK, Coach
from retrogait.events import EventQueue
from retrogait.settings import Settings

RATE_HZ = 104
CALM = {"state": ev.BACKWARD, "cadence_dspm": 900, "lean": 0, "side": 0, "twist": 0, "uneven": 50}


def cues(seconds, changes, **values):
    """Faults cued when the wearer is so for `seconds`."""
    queue = EventQueue()
    coach = Coach(Settings(changes), queue)
    now = {**CALM, **values}
    out = []
    for index in range(LOOK - 1, seconds * RATE_HZ, LOOK):
        coach.look(index, now["state"], now["cadence_dspm"], now["lean"], now["side"], now["twist"], now["uneven"])
        while queue.take():
            if queue.kind == ev.CUE:
                out.append(queue.value_a)
    return out


ALL = {"stage": 4}


@pytest.mark.parametrize(
    ("fault", "values"),
    [
        (ev.TWIST, {"twist": 25}),
        (ev.TWIST, {"twist": -25}),
        (ev.UNSTEADY, {"uneven": 200}),
        (ev.WRONG_WAY, {"state": ev.FORWARD}),
        (ev.TOO_FAST, {"cadence_dspm": 1250}),
        (ev.LEAN_BACK, {"lean": -1000}),
    ],
)
def test_the_form_stage_cues_all(fault, values):
    assert set(cues(8, ALL, **values)) == {fault}


@pytest.mark.parametrize("values", [{"twist": 25}, {"uneven": 200}, {"state": ev.FORWARD}])
def test_the_unassisted_stage_leaves_twist_rhythm_and_way_alone(values):
    assert cues(20, {"stage": 3}, **values) == []


def test_the_assisted_stage_caps_the_pace_and_leaves_the_trunk_alone():
    assert set(cues(10, {"stage": 2}, cadence_dspm=950)) == {ev.TOO_FAST}
    assert cues(20, {"stage": 2}, lean=1400) == []


def test_the_static_stage_judges_tilt_while_standing_and_nothing_else():
    assert set(cues(10, {"stage": 1}, state=ev.STILL, lean=1000)) == {ev.LEAN_FORWARD}
    assert cues(20, {"stage": 1}, state=ev.TURNING, lean=1000) == []
    assert cues(20, {"stage": 1}, state=ev.BACKWARD, cadence_dspm=1500) == []


def test_what_was_set_stands_above_the_stage():
    assert set(cues(10, {"stage": 2, "cue_lean": 1}, lean=1000)) == {ev.LEAN_FORWARD}
    assert cues(20, {"stage": 4, "cue_twist": 0}, twist=40) == []


def test_each_switch_silences_its_faults():
    assert cues(20, {"cue_lean": 0}, lean=2500, side=2500) == []
    assert cues(20, {"cue_pace": 0}, cadence_dspm=1900) == []


def test_one_fault_at_a_time_by_priority():
    values = {"cadence_dspm": 1500, "lean": 1000, "side": 1000, "twist": 40, "uneven": 400}
    changes = {"stage": 4, "pace_dwell_ms": 500, "lean_dwell_ms": 500, "twist_dwell_ms": 1500}
    # Unevenness is due at once; when it has been told, the most urgent of all that are due follows.
    assert cues(60, changes, **values)[:2] == [ev.UNSTEADY, ev.TOO_FAST]
    changes["cue_unsteady"] = 0
    assert cues(60, changes, **values)[0] == ev.TOO_FAST
    changes["cue_pace"] = 0
    assert cues(60, changes, **values)[0] == ev.LEAN_FORWARD
    changes["cue_lean"] = 0
    assert cues(60, changes, **values)[0] == ev.TWIST


def test_unevenness_not_yet_known_is_no_fault():
    assert cues(30, ALL, uneven=-1) == []


def test_brewing_tells_that_a_fault_is_growing():
    coach = Coach(Settings(), EventQueue())
    coach.look(3, ev.BACKWARD, 900, 0, 0, 0, -1)
    assert not coach.brewing
    coach.look(7, ev.BACKWARD, 1300, 0, 0, 0, -1)
    assert coach.brewing
    coach.rest(11)
    assert not coach.brewing
