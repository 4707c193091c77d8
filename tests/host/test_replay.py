"""Replay: samples, gaps and events through an engine, and the states made of them."""

import numpy as np
import pytest

from retrogait import events
from retrogait.distance import Distance
from retrogait.events import EventQueue
from retrogait.history import History
from retrogait.settings import Settings
from retrogait.variability import Variability
from retrowalk.recordings.recording import Segment
from retrowalk.walk.replay import Event, Span, Trace, replay


class ScriptedEngine:
    """An engine that says what the test wants at given indices: late, early and out of order, as a real one may."""

    def __init__(self, script=()):
        self.events = EventQueue()
        self.index = 0
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self.cadence_dspm = 0
        self.gait = self
        self.distance = Distance(Settings(), History(4000))
        self.variability = Variability()
        self.seen = []
        self._script = dict(script)

    def push(self, sample):
        self.seen.append((self.index, sample[0]))
        self.lean_cdeg = 100 * self.index
        self.cadence_dspm = 1000 if self.index >= 16 else 0
        if self.index in self._script:
            self.events.add(*self._script[self.index])
        self.index += 1
        return self.events.waiting

    def skip(self, n_samples):
        self.events.add(self.index, events.GAP, n_samples)
        self.index += n_samples

    def finish(self):
        self.finished_at = self.index
        return self.events.waiting


def segment(first, n):
    """n samples whose first count is their own index."""
    counts = np.zeros((n, 6), np.int16)
    counts[:, 0] = np.arange(first, first + n)
    return Segment(first, counts)


def test_every_sample_once_at_its_index_and_gaps_between():
    engine = ScriptedEngine()
    trace = replay([segment(5, 20), segment(40, 10)], engine, 60)
    assert engine.seen == [(i, i) for i in [*range(5, 25), *range(40, 50)]]
    assert trace.gaps == [(0, 5), (25, 15), (50, 10)]
    assert [each.index for each in trace.of_kind(events.GAP)] == [0, 25, 50]
    assert engine.index == 60


def test_curves_keep_every_eighth_sample_and_nothing_in_gaps():
    trace = replay([segment(0, 24), segment(40, 10)], ScriptedEngine(), 50)
    expected = [0, 8, 16, np.nan, np.nan, 40, 48]
    assert np.array_equal(trace.lean_deg, expected, equal_nan=True)
    assert np.array_equal(trace.cadence_spm, [np.nan, np.nan, 100, np.nan, np.nan, 100, 100], equal_nan=True)


def test_progress_is_told():
    done = []
    replay([segment(0, 3200)], ScriptedEngine(), 3200, done.append)
    assert sum(done) >= 3120


def test_late_events_are_sorted_by_their_own_index():
    script = {10: (3, events.STEP, events.BACKWARD, 0), 20: (1, events.STEP, events.FORWARD, 0)}
    trace = replay([segment(0, 30)], ScriptedEngine(script), 30)
    assert [each.index for each in trace.events] == [3, 1]
    assert [each.index for each in trace.of_kind(events.STEP)] == [1, 3]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], [(0, 100, events.UNKNOWN)]),
        ([(0, events.STILL)], [(0, 100, events.STILL)]),
        ([(10, events.STILL), (60, events.BACKWARD)], [(0, 10, 0), (10, 60, events.STILL), (60, 100, events.BACKWARD)]),
        ([(10, events.STILL), (60, events.BACKWARD), (40, events.TURNING)], [(0, 10, 0), (10, 40, 4), (40, 100, 3)]),
        ([(50, events.STILL), (50, events.FORWARD)], [(0, 50, 0), (50, 100, 2)]),
        ([(50, events.STILL), (70, events.STILL)], [(0, 50, 0), (50, 100, 4)]),
        ([(-5, events.FORWARD), (200, events.STILL)], [(0, 100, 2)]),
    ],
)
def test_states_cover_the_time_without_hole_or_overlap(told, expected):
    trace = Trace(100, [Event(i, events.STATE, state, 0) for i, state in told], *[np.zeros(13)] * 4, [])
    assert trace.states() == [Span(*each) for each in expected]


def test_at_bumps_a_step_stands_where_the_core_saw_it_before_it_took_off_the_lead_of_a_belt():
    told = [
        Event(10, events.STEP, events.BACKWARD, 0), Event(70, events.STEP, events.FORWARD, 60),
        Event(130, events.STEP, events.UNKNOWN, 60), Event(131, events.STATE, events.STILL, 0),
    ]  # fmt: skip
    moved = Trace(200, told, *[np.zeros(25)] * 4, []).at_bumps().events
    assert [each.index for each in moved] == [18, 75, 137, 131]
    assert [each[1:] for each in moved] == [each[1:] for each in told]


def test_without_forward_only_what_needs_no_direction_stays():
    told = [
        Event(1, events.STEP, events.BACKWARD, 0), Event(2, events.STATE, events.FORWARD, 0),
        Event(3, events.CUE, events.LEAN_BACK, 100), Event(4, events.GOOD_AGAIN, events.LEAN_BACK, 60),
        Event(5, events.TURN, 50, 90), Event(6, events.STATE, events.STILL, 0),
    ]  # fmt: skip
    kept = Trace(16, told, np.ones(2), np.ones(2), np.ones(2), np.ones(2), []).without_forward()
    assert [(each.kind, each.value_a) for each in kept.events] == [
        (events.STEP, 0), (events.STATE, 0), (events.TURN, 50), (events.STATE, events.STILL),
    ]  # fmt: skip
    assert np.isnan(kept.lean_deg).all()
    assert np.isnan(kept.side_deg).all()
    assert not np.isnan(kept.cadence_spm).any()
