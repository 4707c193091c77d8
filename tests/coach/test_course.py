"""The course of a session: segments, goals, pauses, and how it ends by itself."""

import itertools

import pytest

from retrogait import events as ev
from retrogait import life
from retrogait.course import GOAL_METRES, GOAL_SECONDS, GOAL_STEPS, LOOK, Course
from retrogait.events import EventQueue
from retrogait.settings import Settings

RATE_HZ = 104

LONG_AGO = -(1 << 20)


class Session:
    """A course that is walked: `told` collects (t_s, kind, value_a)."""

    def __init__(self, **changes):
        self.queue = EventQueue()
        self.course = Course(Settings(changes), self.queue)
        self.index = 0
        self.steps = 0
        self.told = []

    def go(self, seconds, state=ev.BACKWARD, tipped_index=LONG_AGO, walks=None):
        """So many seconds in a state of the gait; two steps a second of 0.25 m while it walks."""
        if walks is None:
            walks = state in (ev.BACKWARD, ev.FORWARD)
        for _ in range(round(seconds * RATE_HZ / LOOK)):
            self.index += LOOK
            if walks and self.index % (RATE_HZ // 2) < LOOK:
                self.steps += 1
            self.course.look(self.index, state, self.steps, self.steps * 250, tipped_index)
            while self.queue.take():
                self.told.append((self.queue.index / RATE_HZ, self.queue.kind, self.queue.value_a))
        return self

    @property
    def segments(self):
        return [life.STATE_NAMES[value] for _, kind, value in self.told if kind == ev.SEGMENT]

    def times(self, kind):
        return [t_s for t_s, each, _ in self.told if each == kind]


def test_countdown_warm_up_exercise_goal_cool_down_end():
    session = Session(warm_up_s=10, goal_s=20, cool_down_s=15).go(60)
    assert session.segments == ["countdown", "warm_up", "exercise", "cool_down", "idle"]
    at = session.times(ev.SEGMENT)
    assert [b - a for a, b in itertools.pairwise(at)] == pytest.approx([3, 10, 20, 15], abs=0.1)
    assert [value for _, kind, value in session.told if kind == ev.GOAL] == [GOAL_SECONDS]


def test_segments_of_no_length_are_passed_through():
    session = Session(countdown_s=0).go(5)
    assert session.segments == ["countdown", "warm_up", "exercise"]
    assert session.course.is_exercise


@pytest.mark.parametrize(("goal", "kind"), [({"goal_steps": 30}, GOAL_STEPS), ({"goal_m": 8}, GOAL_METRES)])
def test_goals_count_from_the_exercise_on(goal, kind):
    session = Session(warm_up_s=10, **goal).go(13.2)
    assert session.course.is_exercise
    session.go(14)
    assert session.segments[-1] != "idle" or kind == GOAL_STEPS
    session.go(10)
    assert [value for _, each, value in session.told if each == ev.GOAL] == [kind]
    assert session.segments[-1] == "idle"


def test_without_a_goal_the_exercise_goes_on():
    assert Session().go(600).segments[-1] == "exercise"


def test_standing_pauses_walking_resumes_and_the_pause_does_not_count():
    session = Session(goal_s=30).go(13).go(20, ev.STILL).go(40)
    pause, resume = session.times(ev.PAUSE)[0], session.times(ev.RESUME)[0]
    assert pause == pytest.approx(13 + 5, abs=0.3)
    assert resume == pytest.approx(33, abs=0.7)
    (goal,) = session.times(ev.GOAL)
    assert goal == pytest.approx(3 + 30 + (resume - pause), abs=0.3)
    assert session.segments[-1] == "idle"


def test_a_short_stop_is_no_pause():
    assert Session().go(10).go(4, ev.STILL).go(10).times(ev.PAUSE) == []


def test_who_has_not_walked_yet_is_not_paused_but_a_forgotten_session_ends():
    session = Session(end_after_still_s=60).go(40, ev.STILL)
    assert session.segments[-1] == "exercise" and session.times(ev.PAUSE) == []
    assert session.go(30, ev.STILL).segments[-1] == "idle"


def test_standing_for_long_ends_it():
    session = Session(end_after_still_s=30).go(10).go(31, ev.STILL)
    assert session.segments[-2:] == ["paused", "idle"]


def test_nothing_ends_it_when_switched_off():
    assert Session(end_after_still_s=0).go(10).go(4000, ev.STILL).segments[-1] == "paused"


def test_in_the_static_stage_standing_is_the_exercise():
    assert Session(stage=1).go(10, ev.STILL).go(60, ev.UNKNOWN).go(60, ev.STILL).segments[-1] == "exercise"


def test_a_forgotten_static_session_ends_though_toes_were_tapped():
    session = Session(stage=1, end_after_still_s=60).go(10).go(59, ev.STILL)
    assert session.segments[-1] == "exercise"
    assert session.go(2, ev.STILL).segments[-1] == "idle"


def test_steps_of_unknown_direction_end_a_pause_too():
    session = Session(goal_steps=60).go(10).go(20, ev.STILL)
    assert session.segments[-1] == "paused"
    session.go(4, ev.UNKNOWN, walks=True)
    assert len(session.times(ev.RESUME)) == 1
    assert session.go(30, ev.UNKNOWN, walks=True).segments[-1] == "idle"


def test_a_few_steps_of_unknown_direction_are_no_walk():
    assert Session().go(10).go(20, ev.STILL).go(2, ev.UNKNOWN, walks=True).times(ev.RESUME) == []


def test_fidgeting_in_a_pause_does_not_keep_a_session_alive():
    session = Session(end_after_still_s=60).go(10).go(20, ev.STILL)
    for _ in range(10):
        session.go(3, ev.UNKNOWN).go(3, ev.STILL)
    assert session.segments[-2:] == ["paused", "idle"]


@pytest.mark.parametrize("walked_s", [0, 20])
def test_a_session_forgotten_in_a_car_ends_though_nothing_is_ever_still(walked_s):
    session = Session(end_after_still_s=60).go(3).go(walked_s).go(59, ev.UNKNOWN)
    assert session.segments[-1] == "exercise"
    assert session.go(3, ev.UNKNOWN).segments[-1] == "idle"


def test_movement_keeps_a_static_session_alive():
    assert Session(stage=1, end_after_still_s=60).go(300, ev.UNKNOWN).segments[-1] == "exercise"


def test_a_gap_is_no_stillness():
    session = Session(end_after_still_s=30).go(10)
    session.course.skip(60 * RATE_HZ)
    session.index += 60 * RATE_HZ
    session.go(3, ev.STILL).go(10)
    assert session.times(ev.PAUSE) == [] and session.segments[-1] == "exercise"


@pytest.mark.parametrize("reason", [ev.BY_STUMBLE, ev.BY_FALL])
def test_after_a_stumble_or_fall_it_waits_though_the_wearer_walks_on(reason):
    session = Session().go(10)
    session.course.pause(session.index, reason, session.steps)
    session.go(2)
    assert session.segments[-1] == "paused"
    session.go(2)
    assert session.segments[-1] == "exercise"
    assert (ev.PAUSE, reason) in [(kind, value) for _, kind, value in session.told]


def test_a_stop_with_a_tipping_trunk_is_sudden():
    session = Session().go(10)
    session.go(6, ev.STILL, tipped_index=session.index + 40)
    assert [value for _, kind, value in session.told if kind == ev.PAUSE] == [ev.BY_SUDDEN_STOP]


def test_the_motor_time_of_a_pause_is_told_for_the_mask():
    session = Session().go(10)
    session.course.pause(session.index, ev.BY_STILLNESS, session.steps)
    assert session.course.felt_ms == 600
