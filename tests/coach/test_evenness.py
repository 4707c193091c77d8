"""Evenness of the last steps: what varies at random counts, a limp and a change of pace do not."""

import numpy as np
import pytest

from retrogait.evenness import Evenness


def permille(intervals, usual=57):
    even = Evenness()
    for each in intervals:
        even.push(int(each), usual)
    return even.cv_permille


def test_twenty_differences_are_asked_for():
    assert permille([57] * 21) == -1
    assert permille([57] * 22) == 0


@pytest.mark.parametrize("cv", [0.05, 0.1, 0.15])
def test_it_is_the_coefficient_of_variation_of_steps_that_vary_at_random(cv):
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found.append(permille(np.round(57 * (1 + cv * rng.standard_normal(22).clip(-2.3, 2.3)))))
    assert np.mean(found) == pytest.approx(1000 * cv, rel=0.12)


def test_a_limp_is_not_unsteady():
    assert permille([48, 66] * 15) == 0


def test_a_change_of_pace_is_not_unsteady():
    assert permille([70] * 22 + [66, 61, 57, 53, 49] + [48] * 10, usual=60) < 60


def test_only_the_last_twenty_count():
    rough = list(np.random.default_rng(1).choice([40, 57, 75], 40))
    assert permille(rough) > 150
    assert permille(rough + [57] * 22) == 0


def test_steps_out_of_rhythm_and_unknown_rhythm_do_not_count():
    assert permille([57, 120] * 21) == -1
    assert permille([57] * 40, usual=0) == -1


def test_a_new_bout_begins_anew():
    even = Evenness()
    for _ in range(30):
        even.push(57, 57)
    even.restart()
    assert even.cv_permille == -1
