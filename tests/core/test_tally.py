"""Evenness of steps, stumbles and twist, and the tally that feeds them: made steps, exact numbers."""

import numpy as np
import pytest

from retrogait.distance import Distance
from retrogait.evenness import Evenness
from retrogait.events import BACKWARD, STATE, STEP, STUMBLE, TURNING, EventQueue
from retrogait.history import History
from retrogait.settings import Settings
from retrogait.stumble import Stumble
from retrogait.tally import Tally
from retrogait.twist import Twist
from retrogait.variability import FEWEST_STEPS, Variability


def told(tally, intervals, start=1000):
    """Steps at these intervals after a first one at `start`; the index of the last."""
    tally.add(start, STEP, BACKWARD, 0)
    for interval in intervals:
        start += interval
        tally.add(start, STEP, BACKWARD, interval)
    return start


def tally_with(variability, stumble=None):
    queue = EventQueue(600)
    return Tally(queue, variability, Evenness(), Distance(Settings(), History(4000)), stumble), queue


def test_cv_is_that_of_the_intervals():
    rng = np.random.default_rng(1)
    intervals = np.round(rng.normal(60, 4, 120)).astype(int)
    variability = Variability()
    tally, queue = tally_with(variability)
    told(tally, intervals.tolist())
    kept = intervals[4:]
    assert variability.steps == len(kept)
    assert variability.cv_permille == pytest.approx(1000 * kept.std() / kept.mean(), abs=1.5)
    assert queue.waiting == 121


def test_not_before_twenty_strides():
    variability = Variability()
    for _ in range(FEWEST_STEPS - 1):
        variability.push(60, 60)
    assert variability.cv_permille == -1
    variability.push(60, 60)
    assert variability.cv_permille == 0


def test_a_missed_and_a_false_step_do_no_harm():
    variability = Variability()
    tally, _ = tally_with(variability)
    told(tally, [60, 61] * 30 + [120, 30, 31] + [60, 61] * 30)
    assert variability.cv_permille <= 10
    assert variability.refused == 3


def test_a_week_of_uneven_steps_stays_small():
    variability = Variability()
    for k in range(20000):
        variability.push(300 if k % 2 else 100, 180)
    assert variability.cv_permille == -1
    for k in range(20000):
        variability.push(250 if k % 2 else 120, 180)
    assert 300 < variability.cv_permille < 400
    assert variability.steps < 256


def test_turns_are_left_out():
    variability = Variability()
    tally, _ = tally_with(variability)
    at = told(tally, [60] * 10)
    tally.add(at, STATE, TURNING)
    for k in range(1, 6):
        tally.add(at + 80 * k, STEP, BACKWARD, 80)
    tally.add(at + 400, STATE, BACKWARD)
    assert variability.steps == 6
    tally.add(at + 460, STEP, BACKWARD, 60)
    assert variability.steps == 7


def stumbled(fast_ddps, interval, before=60, turning=False, after=(), usual_ddps=200):
    """Steps of 60 samples, one of `before`, then one of `interval` during which the trunk tips at `fast_ddps`, then
    those of `after`; else it tips at `usual_ddps`.
    """
    tipping = History(30000)
    stumbles = EventQueue()
    tally, _ = tally_with(Variability(), Stumble(tipping, stumbles))
    start = 1000 + 60 * 10 + before
    for index in range(3, start + interval + 200, 4):
        tipping.push(index, fast_ddps if start + 8 < index < start + 24 else usual_ddps)
    if turning:
        tally.add(1000, STATE, TURNING)
    told(tally, [60] * 10 + [before, interval, *after])
    found = []
    while stumbles.take():
        found.append((stumbles.kind, stumbles.index - start))
    return found


def test_a_stumble_is_late_and_tips():
    ((kind, after),) = stumbled(1300, 115)
    assert kind == STUMBLE
    assert 0 <= after <= 28


@pytest.mark.parametrize("after", [(48,), (75, 48)])
def test_a_late_step_and_then_a_hasty_one_around_a_tip_are_a_stumble(after):
    ((kind, at),) = stumbled(1300, 80 if len(after) == 1 else 55, after=after)
    assert kind == STUMBLE
    assert 0 <= at <= 28


@pytest.mark.parametrize(
    "walk",
    [
        {"fast_ddps": 900, "interval": 115},
        {"fast_ddps": 1300, "interval": 100},
        {"fast_ddps": 1300, "interval": 115, "before": 90},
        {"fast_ddps": 1300, "interval": 115, "turning": True},
        {"fast_ddps": 2300, "interval": 115, "usual_ddps": 1200},
        {"fast_ddps": 900, "interval": 80, "after": (48,)},
        {"fast_ddps": 1300, "interval": 80, "after": (58,)},
        {"fast_ddps": 1300, "interval": 66, "after": (48,)},
        {"fast_ddps": 1300, "interval": 60, "after": (60, 80, 48)},
    ],
)
def test_less_is_no_stumble(walk):
    assert stumbled(**walk) == []


def twisted(parts, turning=False):
    """Twist after [(degrees per second, seconds)...]; its largest angle and whether it was ever active."""
    twist = Twist()
    largest, active = 0, False
    for rate, seconds in parts:
        for _ in range(round(26 * seconds)):
            twist.push(10 * rate, turning)
            largest = max(largest, abs(twist.degrees))
            active = active or twist.active
    return largest, active


def test_looking_back_is_a_twist_and_a_glance_is_none():
    assert twisted([(0, 5), (40, 1), (0, 3)]) == (pytest.approx(38, abs=2), True)
    assert not twisted([(0, 5), (40, 1), (0, 1), (-40, 1), (0, 5)])[1]
    assert not twisted([(20, 0.5), (-20, 0.5)] * 20)[1]


def test_a_turn_mutes_and_an_old_twist_leaks_away():
    assert twisted([(90, 3), (0, 5)], turning=True) == (0, False)
    twist = Twist()
    for k in range(26 * 40):
        twist.push(400 if k < 26 else 0, False)
    assert abs(twist.degrees) <= 1
    assert not twist.active
