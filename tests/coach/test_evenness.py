"""Evenness of the last twenty steps."""

import numpy as np
import pytest

from retrogait.evenness import Evenness


def permille(intervals, usual=57):
    even = Evenness()
    for each in intervals:
        even.push(int(each), usual)
    return even.cv_permille


def test_twenty_steps_are_asked_for():
    assert permille([57] * 19) == -1
    assert permille([57] * 20) == 0


@pytest.mark.parametrize("cv", [0.05, 0.1, 0.15])
def test_it_is_the_coefficient_of_variation(cv):
    intervals = np.round(57 * (1 + cv * np.random.default_rng(2).standard_normal(20).clip(-2.5, 2.5)))
    kept = intervals[(intervals > 0.6 * 57) & (intervals < 1.6 * 57)]
    assert len(kept) == 20
    assert permille(intervals) == pytest.approx(1000 * intervals.std() / intervals.mean(), abs=2)


def test_only_the_last_twenty_count():
    rough = [40, 75] * 20
    assert permille(rough) > 250
    assert permille(rough + [57] * 20) == 0


def test_steps_out_of_rhythm_and_unknown_rhythm_do_not_count():
    assert permille([57, 120] * 19) == -1
    assert permille([57] * 40, usual=0) == -1


def test_a_new_bout_begins_anew():
    even = Evenness()
    for _ in range(30):
        even.push(57, 57)
    even.restart()
    assert even.cv_permille == -1
