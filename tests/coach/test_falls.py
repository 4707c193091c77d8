"""Falls: the landing, the tilt, the stillness; and all that looks like a fall and is none."""

import numpy as np
import pytest

from retrogait.clip_check import ClipCheck, tilt_cdeg
from retrogait.falls import AnkleFall, WaistFall

LOOKS = 26


def waist(*spells):
    """Indices of the falls told; spells of (seconds, peak_mg, unrest_mg, tilt_deg)."""
    fall = WaistFall()
    out, look = [], 0
    for seconds, peak, unrest, tilt in spells:
        for _ in range(round(seconds * LOOKS)):
            if fall.push(look * 4, peak, unrest, tilt * 100):
                out.append((look / LOOKS, fall.at / 104))
            look += 1
    return out


WALK = (20, 600, 500, 5)
LANDING = (0.1, 2600, 2500, 30)
LIE = (11, 100, 30, 85)


def test_a_landing_then_lying_still_is_a_fall_and_is_told_at_its_landing():
    ((told_s, at_s),) = waist(WALK, LANDING, LIE)
    assert at_s == pytest.approx(20, abs=0.1)
    assert told_s == pytest.approx(30.2, abs=0.3)


@pytest.mark.parametrize(
    "spells",
    [
        (WALK, LANDING, WALK),  # a hard step
        (WALK, (0.1, 2600, 2500, 10), (12, 20, 20, 10)),  # a jump, then standing
        (WALK, (0.1, 1800, 1700, 30), LIE),  # lying down softly
        (WALK, LANDING, (5, 100, 30, 85), (20, 500, 400, 10)),  # up again within ten seconds
        (WALK, LANDING, (60, 300, 400, 85)),  # moving all the while
    ],
)
def test_what_is_no_fall(spells):
    assert waist(*spells) == []


def test_who_rolls_over_first_is_still_found():
    assert len(waist(WALK, LANDING, (8, 300, 500, 70), LIE)) == 1


def test_two_falls_are_two():
    assert len(waist(WALK, LANDING, LIE, WALK, LANDING, LIE)) == 2


def ankle(*spells):
    """Times told; spells of (seconds, unrest_mg, tilt_deg, is_walking)."""
    fall = AnkleFall()
    out, look = [], 0
    for seconds, unrest, tilt, is_walking in spells:
        for _ in range(round(seconds * LOOKS)):
            lies = np.radians(tilt)
            force = round(1000 * np.sin(lies)), 0, round(1000 * np.cos(lies))
            if fall.push(look * 4, unrest, *force, is_walking):
                out.append((look / LOOKS, fall.at / 104))
            look += 1
    return out


def test_a_shank_that_lies_still_after_walking_is_a_fall():
    ((told_s, at_s),) = ankle((20, 800, 20, True), (1, 900, 60, False), (30, 20, 88, False))
    assert at_s == pytest.approx(21, abs=0.1)
    assert told_s == pytest.approx(31, abs=0.2)


def test_sitting_down_with_the_leg_stretched_out_long_after_walking_is_none():
    assert ankle((20, 800, 20, True), (10, 100, 10, False), (60, 20, 75, False)) == []


def test_strides_that_tilt_far_are_none():
    assert ankle(*[(0.5, 900, 70, True), (0.5, 900, 10, True)] * 30) == []


def test_tilt_of_a_force():
    assert tilt_cdeg(0, 0, 1000) == 0
    assert tilt_cdeg(1000, 0, 0) == pytest.approx(9000, abs=2)
    assert tilt_cdeg(0, 0, -1000) == 18000
    assert tilt_cdeg(0, -700, 700) == pytest.approx(4500, abs=5)
    assert tilt_cdeg(-27000, 27000, 27000) == pytest.approx(np.degrees(np.arctan(np.sqrt(2))) * 100, abs=2)


def seat(ax, ay, az, n=60, noise=10, seed=1):
    """The check after `n` looks at a noisy force."""
    rng = np.random.default_rng(seed)
    check = ClipCheck()
    for row in rng.normal((ax, ay, az), noise, (n, 3)).astype(int).tolist():
        check.push(*row)
    return check


@pytest.mark.parametrize("force", [(0, 0, 1000), (280, 0, 960), (-220, 200, 950)])
def test_posture_is_no_moved_clip(force):
    assert not seat(*force).is_moved()


@pytest.mark.parametrize("force", [(0, 0, -1000), (1000, 0, 0), (0, 600, 800)])
def test_a_clip_that_hangs_otherwise_is_seen(force):
    assert seat(*force).is_moved()


def test_a_wearer_who_moves_is_not_judged():
    assert not seat(1000, 0, 0, noise=200).is_moved()
    assert not seat(1000, 0, 0, n=10).is_moved()
