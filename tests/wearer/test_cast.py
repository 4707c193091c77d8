"""The named walks keep what their names promise, by the coach's own default limits."""

import numpy as np
import pytest

from retrogait.calibration import FAILED, PASSED, Calibration
from retrogait.settings import Settings
from retrowalk.errors import UsageError
from retrowalk.recordings.recording import to_counts
from retrowalk.wearer.cast import model, names, scenario
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.frames import Frames

LIMITS = Settings()
CUE_DEG = LIMITS.lean_cue_cdeg / 100


def longest_s(mask, rate_hz=104):
    """Longest run of True, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return max(edges[1::2] - edges[::2], default=0) / rate_hz


def fastest_spm(truth, steps=6):
    """Highest cadence over `steps` step intervals."""
    times_s = truth.step_times_s
    return 60 * steps / (times_s[steps:] - times_s[:-steps]).min()


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("mount", ["waist", "ankle"])
def test_everybody_can_walk_inside_the_sensors_range(name, mount):
    walked = model(name, mount, seed=2)
    track = np.abs(walked.frames.values)
    assert len(walked.frames) == len(walked.truth.lean_deg) == round(104 * scenario(name).duration_s)
    accel_range_g, gyro_range_dps = (8, 500) if mount == "waist" else (16, 2000)
    assert track[:, :3].max() < accel_range_g * 1e6
    assert track[:, 3:].max() < gyro_range_dps * 8000


def test_nobody_else_is_known():
    with pytest.raises(UsageError, match="hurry, lean"):
        model("nobody")


@pytest.mark.parametrize("seed", range(5))
def test_steady_breaks_no_limit(seed):
    truth = model("steady", seed=seed).truth
    assert longest_s(np.abs(truth.lean_deg) > CUE_DEG) == 0
    assert longest_s(np.abs(truth.side_deg) > CUE_DEG) < 0.3
    assert fastest_spm(truth) < LIMITS.cadence_clear_spm


def test_the_others_break_the_limit_they_are_named_for():
    assert longest_s(model("lean").truth.lean_deg > CUE_DEG) > 3
    assert fastest_spm(model("hurry").truth) > LIMITS.cadence_limit_spm + 10
    crooked = model("crooked").truth
    assert longest_s(crooked.side_deg > CUE_DEG) > 2 and longest_s(crooked.lean_deg < -CUE_DEG) > 2
    slow = model("slow").truth
    assert np.median(60 / np.diff(slow.step_times_s)) < 47
    assert [turn.angle_deg for turn in model("turns").truth.turns] == [180, -90, -180]


def test_the_demo_shows_everything():
    truth = model("demo").truth
    assert 60 <= len(truth.lean_deg) / 104 <= 90
    assert {each.state for each in truth.intervals} == {"still", "backward", "turn", "forward"}
    assert longest_s(truth.lean_deg > CUE_DEG) > 4
    assert fastest_spm(truth) > LIMITS.cadence_limit_spm + 10
    assert truth.turns[0].angle_deg == 180
    assert 5 < truth.step_directions.count("forward") < 20 < truth.backward_count


@pytest.mark.parametrize("clip", [Clip(), Clip(pitch_deg=25.0, roll_deg=-8.0, twist_deg=30.0)])
@pytest.mark.parametrize(("mount", "moving"), [("waist", "bow"), ("ankle", "first_steps")])
def test_stand_and_bow_or_step_pass_the_calibration_by_touch(clip, mount, moving):
    """What the device does by touch: the mounting it finds is that of the clip, within the bias of the sensor."""
    still, moved = (model(name, mount, 1, clip).frames for name in ("stand", moving))
    first = 4 * 104 if moving == "bow" else 0
    track = Frames.concatenate([Frames(still.values[:first]), moved, still])
    ranges = (8, 500) if mount == "waist" else (16, 2000)
    counts, _ = to_counts(np.hstack([track.accel_mps2, track.gyro_radps]), *ranges)
    calibration = Calibration(mount, *ranges)
    for sample in counts.tolist():
        if calibration.push(sample) in (PASSED, FAILED):
            break
    assert (calibration.phase, calibration.reason) == (PASSED, "")
    assert calibration.mounting is not None
    found = np.array(calibration.mounting.as_list()).reshape(3, 3) / 16384
    angle_deg = np.degrees(np.arccos(min(1.0, (np.trace(found @ clip.mounting(mount).T) - 1) / 2)))
    assert angle_deg < 4
