"""What befalls the wearers of the cast: the truth of each scenario against what the clip feels."""

import numpy as np
import pytest
from felt_walks import RATE_HZ, between, felt

from retrogait.settings import Settings
from retrowalk.wearer.cast import model
from retrowalk.wearer.clip import Clip

CUE_DEG = Settings().lean_cue_cdeg / 100
SEEDS = range(3)


def tilt_deg(first, second):
    """Angle between two mean forces."""
    first, second = first.mean(axis=0), second.mean(axis=0)
    return np.degrees(np.arccos(first @ second / np.linalg.norm(first) / np.linalg.norm(second)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["faller", "side_faller"])
@pytest.mark.parametrize(("mount", "tilted_deg"), [("waist", 35), ("ankle", 60)])
def test_a_fall_hits_tips_over_and_lies_still(name, mount, tilted_deg, seed):
    walked = model(name, mount, seed)
    force, rate = felt(walked, mount)
    (fall,), (lying,) = walked.truth.of_kind("fall"), walked.truth.of_kind("lying")
    size_g = np.linalg.norm(force, axis=1)
    assert between(size_g, fall.start_s, fall.end_s + 0.1).max() > 3
    if mount == "waist":
        assert size_g[: round(fall.start_s * RATE_HZ)].max() < 3, "no walking is as hard"
        assert between(size_g, fall.start_s, fall.end_s).min() < 0.6, "it drops before it hits"
    assert fall.end_s - fall.start_s < 1
    before = between(force, fall.start_s - 0.15, fall.start_s)
    after = between(force, fall.end_s, fall.end_s + 0.15)
    assert tilt_deg(before, after) > tilted_deg
    last_s = min(lying.end_s, walked.frames.duration_s)
    assert last_s - lying.start_s >= 10
    still = slice(round((lying.start_s + 0.2) * RATE_HZ), round(last_s * RATE_HZ))
    assert np.ptp(size_g[still]) < 0.02
    assert np.abs(rate[still] - rate[still].mean(axis=0)).max() < 2


def test_who_fell_gets_up_again():
    walked = model("faller")
    force, _ = felt(walked)
    assert tilt_deg(force[:300], force[-100:]) < 2
    assert abs(walked.truth.lean_deg[-1]) < 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stumble_is_a_late_step_and_a_fast_tip(seed):
    walked = model("stumbler", seed=seed)
    truth = walked.truth
    _, rate = felt(walked)
    stumbles = truth.of_kind("stumble")
    assert len(stumbles) == 3
    usual_s = np.median(np.diff(truth.step_times_s))
    late = np.diff(truth.step_times_s) > 1.8 * usual_s
    assert late.sum() == 3, "nothing else is late"
    for stumble, i in zip(stumbles, np.flatnonzero(late), strict=True):
        start_s, end_s = truth.step_times_s[i : i + 2]
        assert start_s < stumble.start_s + 0.15 < end_s
        assert np.hypot(*between(rate, start_s, end_s)[:, :2].T).max() > 100
        assert truth.step_times_s[i + 2] - end_s < 0.97 * usual_s, "a quick step follows"
    calm = np.ones(len(rate), bool)
    for stumble in stumbles:
        calm[round(stumble.start_s * RATE_HZ) : round(stumble.end_s * RATE_HZ)] = False
    assert np.abs(rate[calm, 1]).max() < 100
    assert np.sign(truth.lean_deg[round((stumbles[1].start_s + 0.3) * RATE_HZ)]) == np.sign(stumbles[1].size)


@pytest.mark.parametrize("seed", SEEDS)
def test_looks_twist_the_pelvis_and_return_without_a_turn(seed):
    walked = model("looker", seed=seed)
    truth = walked.truth
    _, rate = felt(walked)
    looks = truth.of_kind("look")
    assert len(looks) >= 5 and {np.sign(look.size) for look in looks} == {-1, 1}
    bias_dps = rate[: 3 * RATE_HZ, 2].mean()
    kernel = np.ones(RATE_HZ) / RATE_HZ
    yaw_deg = np.convolve(np.cumsum(rate[:, 2] - bias_dps) / RATE_HZ, kernel, "same")
    for look in looks:
        assert 25 <= abs(look.size) <= 40
        middle, before = (round(at_s * RATE_HZ) for at_s in ((look.start_s + look.end_s) / 2, look.start_s - 0.7))
        after = round((look.end_s + 0.7) * RATE_HZ)
        assert yaw_deg[middle] - yaw_deg[before] == pytest.approx(look.size, abs=3)
        assert yaw_deg[after] - yaw_deg[before] == pytest.approx(0, abs=3)
        assert truth.twist_deg[middle] == pytest.approx(look.size)
    assert not truth.turns and not truth.heading_deg.any()


@pytest.mark.parametrize("axis", ["pitch", "roll"])
def test_a_slip_turns_the_clip_and_not_the_wearer(axis):
    walked = model("slipping")
    force, rate = felt(walked)
    truth = walked.truth
    slip = truth.of_kind("slip")[0 if axis == "pitch" else 1]
    before, after = (between(force, at_s, at_s + 6) for at_s in (slip.start_s - 6.5, slip.end_s + 0.5))
    assert tilt_deg(before, after) == pytest.approx(abs(slip.size), abs=2)
    index = {"pitch": 1, "roll": 0}[axis]
    turned_deg = between(rate[:, index], slip.start_s, slip.end_s).sum() / RATE_HZ
    assert turned_deg == pytest.approx(slip.size, abs=4), "the gyro feels it, with the sign of a lean"
    up = after.mean(axis=0)
    lean_deg = np.degrees(np.arctan2(-up[0], up[2])) if axis == "pitch" else np.degrees(np.arctan2(up[1], up[2]))
    assert np.sign(lean_deg) == np.sign(slip.size)
    assert not truth.leans(CUE_DEG, 0.5) and not truth.leans(-CUE_DEG, 0.5)


@pytest.mark.parametrize(
    ("name", "up", "forward_kept"),
    [("turned_round", [0, 0, 1], False), ("upside_down", [0, 0, -1], True), ("tilted", [-0.42, 0, 0.91], True)],
)
def test_a_clip_put_on_otherwise_reads_otherwise(name, up, forward_kept):
    worn, straight = model(name), model("turned_round", clip=Clip())
    force, rate = felt(worn)
    upright, _ = felt(straight)
    assert force[: 3 * RATE_HZ].mean(axis=0) == pytest.approx(np.array(up), abs=0.03)
    ahead = np.corrcoef(force[6 * RATE_HZ : 40 * RATE_HZ, 0], upright[6 * RATE_HZ : 40 * RATE_HZ, 0])[0, 1]
    assert (ahead > 0.8) == forward_kept and (abs(ahead) > 0.8)
    assert np.isfinite(rate).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_static_exercises_swing_the_ankle_and_go_nowhere(seed):
    for foot, other in (("right", "left"), ("left", "right")):
        walked = model("static", "ankle", seed, foot=foot)
        truth = walked.truth
        _, rate = felt(walked, "ankle")
        assert truth.step_count == 0 and truth.distance_m.max() == 0 and len(truth.of_kind("toe_tap")) == 12
        peaks = [np.abs(between(rate[:, 1], tap.start_s, tap.end_s)).max() for tap in truth.of_kind("toe_tap")]
        own, others = (peaks[:6], peaks[6:]) if foot == "right" else (peaks[6:], peaks[:6])
        assert min(own) > 60 and max(others) < 5, (foot, other)
    force, _ = felt(model("static", "waist", seed))
    for shift in truth.of_kind("weight_shift"):
        assert 0.01 < np.ptp(between(force[:, 1], shift.start_s, shift.end_s)) < 0.2


def test_a_sudden_stop_is_over_within_a_step():
    walked = model("stop_and_go")
    truth = walked.truth
    (stop,) = truth.of_kind("sudden_stop")
    assert stop.size == 0.6
    assert truth.step_times_s[-1] < stop.end_s + 0.1
    speed_mps = np.gradient(truth.distance_m) * RATE_HZ
    assert speed_mps[round((stop.start_s - 0.05) * RATE_HZ)] == pytest.approx(0.6, abs=0.02)
    assert speed_mps[round((stop.end_s + 0.05) * RATE_HZ)] == pytest.approx(0, abs=0.02)
    lengths_s = [pause.end_s - pause.start_s for pause in truth.pauses()]
    assert min(lengths_s) <= 1.5 and max(lengths_s) == 15 and len(lengths_s) == 4
    force, _ = felt(walked)
    for pause in truth.pauses()[1:]:
        assert between(force, pause.start_s + 1.4, pause.end_s).std(axis=0).max() < 0.02
