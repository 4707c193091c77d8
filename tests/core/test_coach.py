"""The cues: when they come, when they must not, how long they are."""

import itertools

import pytest

from retrogait import events as ev
from retrogait.coach import LOOK, Coach
from retrogait.events import EventQueue
from retrogait.patterns import PAIN, of_event
from retrogait.settings import Settings

RATE_HZ = 104
BUDGET_MS = 12000
"""As in drivers.motor_guard."""


def felt(rows, settings=None):
    """[(t_s, kind, fault, ms)] from rows of (seconds, state, cadence_spm, lean_deg, side_deg)."""
    queue = EventQueue()
    coach = Coach(settings or Settings(), queue)
    out = []
    index = 0
    for seconds, state, cadence_spm, lean_deg, side_deg in rows:
        for _ in range(int(seconds * RATE_HZ)):
            if index % LOOK == LOOK - 1:
                coach.look(index, state, cadence_spm * 10, lean_deg * 100, side_deg * 100, 0, -1)
            while queue.take():
                out.append((queue.index / RATE_HZ, queue.kind, queue.value_a, queue.value_b))
            index += 1
    return out


UPRIGHT = (10, ev.BACKWARD, 90, 2, 0)


def test_upright_and_steady_is_silent():
    assert felt([(600, ev.BACKWARD, 100, 3, -2)]) == []


@pytest.mark.parametrize(
    ("lean", "side", "fault"),
    [(10, 0, ev.LEAN_FORWARD), (-10, 0, ev.LEAN_BACK), (0, 10, ev.LEAN_SIDE), (0, -10, ev.LEAN_SIDE)],
)
def test_lean_is_cued_after_its_dwell_and_praised_when_over(lean, side, fault):
    cue, tick = felt([UPRIGHT, (3, ev.BACKWARD, 90, lean, side), UPRIGHT])
    assert cue[1:3] == (ev.CUE, fault)
    assert 11.4 < cue[0] < 12.3
    assert tick[1:3] == (ev.GOOD_AGAIN, fault)
    assert 13.0 < tick[0] < 14.0


def test_a_sharp_lean_is_cued_sooner():
    assert felt([UPRIGHT, (3, ev.BACKWARD, 90, 25, 0)])[0][0] < 11.3


def test_hurry_comes_before_lean():
    cues = felt([UPRIGHT, (4, ev.BACKWARD, 130, 0, 0), (3, ev.BACKWARD, 130, 12, 0)])
    assert cues[0][2] == ev.TOO_FAST


@pytest.mark.parametrize("state", [ev.STILL, ev.UNKNOWN, ev.TURNING, ev.FORWARD])
def test_silent_unless_walking_backward_for_certain(state):
    assert felt([(60, state, 150, 20, 20)]) == []


def test_four_seconds_between_cues_whatever_happens():
    cues = [row for row in felt([(90, ev.BACKWARD, 150, 20, 20)]) if row[1] == ev.CUE]
    assert len(cues) > 3
    assert min(b[0] - a[0] for a, b in itertools.pairwise(cues)) >= 4.0 - 1e-9


def test_an_unanswered_fault_is_told_ever_more_rarely_and_anew_once_it_was_over():
    long = [row[0] for row in felt([UPRIGHT, (120, ev.BACKWARD, 90, 12, 0)])]
    gaps = [round(after - before) for before, after in itertools.pairwise(long)]
    assert gaps == [4, 8, 16, 32]
    again = felt([UPRIGHT, (40, ev.BACKWARD, 90, 12, 0), (8, ev.BACKWARD, 90, 0, 0), (8, ev.BACKWARD, 90, 12, 0)])
    assert [row[1] for row in again][-3:] == [ev.GOOD_AGAIN, ev.CUE, ev.CUE]


@pytest.mark.parametrize("share", [100, 0])
@pytest.mark.parametrize("between", [ev.TURNING, ev.FORWARD, ev.UNKNOWN, ev.STILL])
def test_who_leans_on_every_lap_and_stands_up_in_between_is_told_on_every_lap(between, share):
    laps = [(3, ev.BACKWARD, 90, 13, 0), (4, between, 90, 2, 0)] * 12
    told = [row[0] for row in felt(laps, Settings({"cue_share_percent": share})) if row[1] in (ev.CUE, ev.WITHHELD)]
    assert len(told) == 12
    assert max(b - a for a, b in itertools.pairwise(told)) < 8


def test_a_clip_that_slipped_does_not_nag_on_every_lap():
    laps = [(6, ev.BACKWARD, 90, 13, 0), (4, ev.TURNING, 90, 13, 0)] * 12
    assert len(felt(laps)) <= 6


def test_unevenness_that_is_not_known_is_no_praise():
    queue = EventQueue()
    coach = Coach(Settings({"cue_unsteady": 1}), queue)
    for index in range(3, 20 * RATE_HZ, LOOK):
        coach.look(index, ev.BACKWARD, 900, 0, 0, 0, 300 if index < 5 * RATE_HZ else -1)
    kinds = []
    while queue.take():
        kinds.append(queue.kind)
    assert ev.CUE in kinds and ev.GOOD_AGAIN not in kinds
    assert not coach.brewing


@pytest.mark.parametrize("changes", [{}, {"cue_longest_ms": 500, "cue_rest_ms": 6500}])
def test_cues_leave_the_motor_room_for_a_pain_stop(changes):
    """Leaning back far, three seconds of four: as many long pulses in a minute as a wearer can earn."""
    told = felt([(3, ev.BACKWARD, 90, -17, 0), (1, ev.BACKWARD, 90, 0, 0)] * 45, Settings(changes))
    felt_ms = [(t_s, sum(of_event(kind, fault, ms)[::2])) for t_s, kind, fault, ms in told]
    most_ms = max(sum(ms for t_s, ms in felt_ms if start <= t_s < start + 60) for start in range(120))
    # A pulse is charged with the shortest run of the chip, and a tenth more, before it begins.
    assert most_ms + PAIN[0] + 825 <= BUDGET_MS


def test_length_grows_with_the_error_and_keeps_its_limits():
    lengths = [felt([UPRIGHT, (2.5, ev.BACKWARD, 90, lean, 0)])[0][3] for lean in (9, 11, 13, 16, 40)]
    assert lengths == sorted(lengths)
    assert lengths[0] < 130
    assert lengths[-1] == Settings().cue_longest_ms


def test_sway_around_the_limit_still_counts_but_brief_peaks_do_not():
    sway = [(0.4, ev.BACKWARD, 90, 10, 0), (0.4, ev.BACKWARD, 90, 7, 0)] * 10
    assert any(row[1] == ev.CUE for row in felt([UPRIGHT, *sway]))
    brief = [(1.0, ev.BACKWARD, 90, 10, 0), (3.0, ev.BACKWARD, 90, 0, 0)] * 10
    assert [row for row in felt([UPRIGHT, *brief]) if row[1] == ev.CUE] == []


def test_a_moment_over_the_limit_and_then_just_under_it_is_no_fault():
    assert felt([UPRIGHT, (0.6, ev.BACKWARD, 90, 9, 0), (20, ev.BACKWARD, 90, 7, 0)]) == []
    assert felt([UPRIGHT, (1.0, ev.BACKWARD, 111, 0, 0), (20, ev.BACKWARD, 109, 0, 0)]) == []


def test_masked_while_the_motor_runs():
    queue = EventQueue()
    coach = Coach(Settings(), queue)
    masked = 0
    for index in range(4 * RATE_HZ):
        if index % LOOK == LOOK - 1:
            coach.look(index, ev.BACKWARD, 900, 1000, 0, 0, -1)
        masked += coach.cueing.masked
    assert queue.waiting == 1
    queue.take()
    assert masked == pytest.approx((queue.value_b + 150 + 100) * 0.104, abs=LOOK)


def test_a_gap_forgets_the_fault():
    queue = EventQueue()
    coach = Coach(Settings(), queue)
    for index in range(3, 150, LOOK):
        coach.look(index, ev.BACKWARD, 900, 1000, 0, 0, -1)
    coach.forget()
    for index in range(651, 760, LOOK):
        coach.look(index, ev.BACKWARD, 900, 1000, 0, 0, -1)
    assert queue.waiting == 0
