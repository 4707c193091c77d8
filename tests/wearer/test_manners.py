"""How the wearers of the cast walk: rhythm, limp, sway, pace and slow leans, truth against what the clip feels."""

from itertools import pairwise

import numpy as np
import pytest
from felt_walks import RATE_HZ, between, felt, intervals_s

from retrogait.settings import Settings
from retrowalk.wearer.cast import model
from retrowalk.wearer.manner import Manner
from retrowalk.wearer.measures import banded
from retrowalk.wearer.model import walk_scenario
from retrowalk.wearer.scenario import Scenario
from retrowalk.wearer.script import BACKWARD, Segment

LIMITS = Settings()
CUE_DEG = LIMITS.lean_cue_cdeg / 100
SEEDS = range(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limp_is_uneven_in_time_and_in_rise(seed):
    walked = model("limping", seed=seed)
    truth = walked.truth
    for start_s, end_s in ((8, 62), (70, 87)):
        on_right, on_left = [], []
        for i, foot in enumerate(truth.step_feet[:-1]):
            if start_s < truth.step_times_s[i] < end_s:
                (on_right if foot == "right" else on_left).append(np.diff(truth.step_times_s[i : i + 2])[0])
        share = np.mean(on_right) / (np.mean(on_right) + np.mean(on_left))
        assert share == pytest.approx(0.42, abs=0.015)


def test_a_limp_rises_less_over_the_foot_that_hurts():
    """With even step times, since a quick step alone is a hard one."""
    script = (Segment(4.0), Segment(40.0, BACKWARD, 0.5, 80.0))
    for foot, rises_less in (("right", True), ("left", False)):
        walked = walk_scenario(Scenario(script, Manner(limp_rise=0.35, limp_foot=foot)))
        force, _ = felt(walked)
        times_s, feet = walked.truth.step_times_s[5:-3], walked.truth.step_feet[5:-3]
        span_g = [np.ptp(between(banded(force[:, 2]), *pair)) for pair in pairwise(times_s)]
        on = {side: np.mean([s for s, each in zip(span_g, feet, strict=False) if each == side]) for side in set(feet)}
        assert (on["right"] < 0.8 * on["left"]) == rises_less
        assert (on["left"] < 0.8 * on["right"]) != rises_less


def test_a_treadmill_makes_no_way_and_an_even_rhythm():
    for seed in SEEDS:
        truth = model("treadmill", seed=seed).truth
        assert not truth.distance_m.any()
        assert set(np.unique(truth.belt_mps.round(2))) >= {0.0, 0.22, 0.35, 0.45}
        assert model("steady").truth.belt_mps.max() == 0
        spread = [np.std(found) / np.mean(found) for found in (intervals_s(truth, 95, 124),)]
        steady = model("steady", seed=seed).truth
        assert spread[0] < np.std(intervals_s(steady, 8, 60)) / np.mean(intervals_s(steady, 8, 60))


def test_a_hand_on_the_rail_sways_less():
    sway = {}
    for name in ("rail", "steady"):
        found = [model(name, seed=seed).truth.side_deg[: 4 * RATE_HZ].std() for seed in range(6)]
        sway[name] = np.mean(found)
    assert sway["rail"] < 0.5 * sway["steady"]
    truth = model("rail").truth
    bouts = [each for each in truth.intervals if each.state == "backward"]
    metres = [between(truth.distance_m, bout.start_s, bout.end_s) for bout in bouts]
    assert all(4.5 < metre[-1] - metre[0] < 10 for metre in metres) and len(metres) == 4
    assert [turn.angle_deg for turn in truth.turns] == [180]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_beginners_steps_are_irregular_but_never_a_stumble(seed):
    truth = model("beginner", seed=seed).truth
    found = np.concatenate([intervals_s(truth, 8, 73), intervals_s(truth, 80, 116)])
    assert np.std(found) / np.mean(found) == pytest.approx(0.10, abs=0.025)
    assert found.max() < 1.8 * np.median(found)
    assert not truth.leans(CUE_DEG, 0.5) and truth.leans(3, 1)
    speed_mps = np.diff(truth.distance_m[[20 * RATE_HZ, 60 * RATE_HZ]])[0] / 40
    assert speed_mps == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sloucher_leans_for_minutes_and_the_hurrier_hurries_thrice(seed):
    sloucher = model("sloucher", seed=seed).truth
    ((start_s, end_s),) = sloucher.leans(CUE_DEG, LIMITS.lean_dwell_ms / 1000)
    assert end_s - start_s > 100
    assert 12 < between(sloucher.lean_deg, 100, 170).mean() < 16
    assert np.diff(sloucher.lean_deg[20 * RATE_HZ : 90 * RATE_HZ : 10 * RATE_HZ]).max() < 6, "it creeps in"
    assert not sloucher.hurries(LIMITS.cadence_limit_spm, 1)
    hurrier = model("hurrier", seed=seed).truth
    bouts = hurrier.hurries(LIMITS.cadence_limit_spm, 5)
    assert len(bouts) == 3
    for start_s, end_s in bouts:
        fastest = 60 / np.median(intervals_s(hurrier, start_s + 2, end_s - 2))
        assert 1.18 < fastest / LIMITS.cadence_limit_spm < 1.32
    assert not hurrier.leans(CUE_DEG, 0.5)


def test_the_slowest_walks_at_a_fifth_of_a_metre_a_second():
    truth = model("slowest").truth
    way = between(truth.distance_m, 10, 60)
    assert (way[-1] - way[0]) / 50 == pytest.approx(0.2, abs=0.005)


def test_the_tired_slow_down_and_sink_within_the_limit():
    for seed in SEEDS:
        truth = model("tired", seed=seed).truth
        fresh, tired = intervals_s(truth, 10, 60), intervals_s(truth, 215, 233)
        assert np.median(tired) > 1.2 * np.median(fresh)
        assert np.std(tired) / np.mean(tired) > 1.5 * np.std(fresh) / np.mean(fresh)
        assert not truth.leans(CUE_DEG, 0.5) and truth.leans(5, 5)
