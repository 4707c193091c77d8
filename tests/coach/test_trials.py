"""The walking test: three timed trials, voids, and how it ends."""

import pytest

from retrogait import events as ev
from retrogait import life
from retrogait.course import LOOK
from retrogait.events import EventQueue
from retrogait.settings import Settings
from retrogait.trials import BEGINS, ENDS, VOID, Trials

RATE_HZ = 104


class Test:
    """Trials on a clock: `told` collects (t_s, kind, value_a, value_b)."""

    __test__ = False

    def __init__(self):
        self.queue = EventQueue()
        self.trials = Trials(Settings(), self.queue)
        self.index = 0
        self.told = []

    def wait(self, seconds):
        for _ in range(round(seconds * RATE_HZ / LOOK)):
            self.index += LOOK
            self.trials.look(self.index, ev.STILL, 0, 0, 0)
            self._take()
        return self

    def press(self):
        self.trials.press(self.index)
        self._take()
        return self

    def _take(self):
        while self.queue.take():
            self.told.append((self.queue.index / RATE_HZ, self.queue.kind, self.queue.value_a, self.queue.value_b))

    def of(self, kind):
        return [row for row in self.told if row[1] == kind]


def test_three_trials_are_timed_and_end_the_test():
    test = Test().wait(1)
    for seconds in (3.0, 4.5, 6.2):
        test.press().wait(3 + seconds).press().wait(2)
    begins = [t_s for t_s, _, what, _ in test.of(ev.TRIAL) if what == BEGINS]
    ends = [t_s for t_s, _, what, _ in test.of(ev.TRIAL) if what == ENDS]
    assert [b - a for a, b in zip(begins, ends, strict=True)] == pytest.approx([3.0, 4.5, 6.2], abs=0.1)
    assert [number for *_, what, number in test.of(ev.TRIAL) if what == ENDS] == [1, 2, 3]
    assert test.trials.life.state == life.IDLE
    assert len(test.of(ev.GOAL)) == 1


def test_a_press_in_the_countdown_takes_it_back():
    test = Test().wait(1).press().wait(2).press().wait(5)
    assert test.of(ev.TRIAL) == []
    assert test.trials.life.state == life.TEST_READY


def test_a_stumble_voids_the_trial_and_it_is_walked_again():
    test = Test().wait(1).press().wait(5)
    test.trials.pause(test.index, ev.BY_STUMBLE, 4)
    test._take()
    assert [(what, n) for *_, what, n in test.of(ev.TRIAL)] == [(BEGINS, 1), (VOID, 1)]
    test.press().wait(6).press()
    assert test.trials.done == 1


def test_a_forgotten_trial_is_void_and_a_forgotten_test_ends():
    test = Test().wait(1).press().wait(130)
    assert [what for *_, what, _ in test.of(ev.TRIAL)] == [BEGINS, VOID]
    test.wait(310)
    assert test.trials.life.state == life.IDLE


def test_a_stumble_outside_a_trial_voids_nothing():
    test = Test().wait(1)
    test.trials.pause(test.index, ev.BY_STUMBLE, 0)
    test._take()
    assert test.of(ev.TRIAL) == []
