"""Rotations from axes words, from a stance and from the calibration by touch."""

import math

import numpy as np
import pytest

from retrogait.calibration import FAILED, PASSED, STAND, Calibration
from retrogait.mounting import Mounting
from retrogait.scale import Scale

RATE_HZ = 104


def matrix(mounting):
    return np.array(mounting.as_list()).reshape(3, 3) / 16384


def random_rotation(rng):
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return q * np.linalg.det(q)


def test_axes_words_say_which_sensor_axis_is_ours():
    assert np.array_equal(matrix(Mounting.from_axes("-z,y,x")), [[0, 0, -1], [0, 1, 0], [1, 0, 0]])
    assert np.array_equal(matrix(Mounting.from_axes("x, y, z")), np.eye(3))


@pytest.mark.parametrize("words", ["x,y", "x,y,z,x", "x,x,y", "a,b,c", "", "-x,y,z", "xx,y,z", "z,y,x"])
def test_impossible_axes_are_refused(words):
    with pytest.raises(ValueError):
        Mounting.from_axes(words)


def test_rotating_a_sample_scales_and_turns_it():
    mounting = Mounting.from_axes("-z,y,x")
    mounting.rotate(Scale(8, 500), (4098, 0, 1000, 100, 200, -300))
    assert (mounting.ax, mounting.ay, mounting.az) == (-244, 0, 1000)
    assert (mounting.gx, mounting.gy, mounting.gz) == (52, 35, 18)


def test_neutral_stance_becomes_up_and_forward_stays_forward():
    rng = np.random.default_rng(4)
    for _ in range(50):
        truth = random_rotation(rng)
        rough = np.round(truth * 16384).astype(int).ravel().tolist()
        tilt = truth[2] + 0.2 * rng.normal(size=3)
        mounting = matrix(Mounting(rough).with_neutral(*np.round(tilt * 4000).astype(int).tolist()))
        assert np.allclose(mounting @ mounting.T, np.eye(3), atol=4e-4)
        assert np.allclose(mounting[2], tilt / np.linalg.norm(tilt), atol=1e-3)
        assert mounting[0] @ truth[0] > 0.8


def test_a_stance_along_forward_is_refused():
    with pytest.raises(ValueError):
        Mounting().with_neutral(4000, 0, 0)


def session(rotation, bias_dps, bow_deg, still_s=4.0, noise_mg=4.0, bow_axis=(0, 1, 0), seed=5):
    """Counts of a stand and a bow of a clip worn with `rotation` (body = rotation @ sensor)."""
    rng = np.random.default_rng(seed)
    bow_s = 2.4
    t = np.arange(int((still_s + 0.6 + bow_s + 1) * RATE_HZ)) / RATE_HZ
    phase = np.clip((t - still_s - 0.6) / bow_s, 0, 1)
    angle = np.radians(bow_deg) * (1 - np.cos(2 * np.pi * phase)) / 2
    rate = np.gradient(angle, 1 / RATE_HZ)
    axis = np.array(bow_axis) / np.linalg.norm(bow_axis)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    up = np.array([0, 0, 1.0])
    # The sky seen from a body turned by angle about axis (Rodrigues with the opposite angle).
    sky = up * cos - np.cross(axis, up) * sin + axis * (axis @ up) * (1 - cos)
    accel_mg = (sky * 1000 + rng.normal(0, noise_mg, (len(t), 3))) @ rotation
    gyro_dps = (np.degrees(rate)[:, None] * axis + rng.normal(0, 0.3, (len(t), 3))) @ rotation + bias_dps
    counts = np.hstack([accel_mg / 0.244, gyro_dps / 0.0175])
    return np.round(counts).astype(int).tolist()


def run(samples, mount="waist"):
    calibration = Calibration(mount, 8, 500)
    for sample in samples:
        calibration.push(sample)
    return calibration


def test_any_pose_is_found_by_standing_and_bowing():
    rng = np.random.default_rng(6)
    for seed in range(20):
        truth = random_rotation(rng)
        result = run(session(truth, rng.normal(0, 1, 3), 25, seed=seed))
        assert result.phase == PASSED, result.reason
        error = matrix(result.mounting) @ truth.T
        angle_deg = math.degrees(math.acos(min(1, (np.trace(error) - 1) / 2)))
        assert angle_deg < 2.0
        assert np.abs(np.array(result.bias_ddps)).max() < 60


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bow_deg": 3}, "no_motion"),
        ({"bow_axis": (0, 0.5, 1)}, "twisted"),
        ({"noise_mg": 300.0}, "not_still"),
        ({"bias_dps": np.array([15.0, 0, 0])}, "gyro_off"),
        ({"bias_dps": np.array([0, 5.0, 0])}, "gyro_off"),
    ],
)
def test_a_bad_calibration_says_why(change, reason):
    arguments = {"rotation": np.eye(3), "bias_dps": np.zeros(3), "bow_deg": 25, "still_s": 4.0} | change
    samples = session(**arguments)
    result = run(samples + samples[-50:] * 40)
    assert (result.phase, result.reason) == (FAILED, reason)


def test_a_dead_sensor_and_a_wrong_scale_fail():
    assert run([[0, 0, 4098, 0, 0, 0]] * 1700).reason == "sensor_frozen"
    assert run([[0, 0, 2000 + i % 3, 0, 0, 0] for i in range(1700)]).reason == "gravity_off"


def test_nothing_is_decided_before_three_still_seconds():
    samples = session(np.eye(3), np.zeros(3), 25)
    assert run(samples[: 3 * RATE_HZ - 10]).phase == STAND


def test_forward_steps_give_the_ankle_its_axes():
    rng = np.random.default_rng(7)
    truth = random_rotation(rng)
    stand = session(truth, np.zeros(3), 0, still_s=4)[: 4 * RATE_HZ]
    t = np.arange(6 * RATE_HZ) / RATE_HZ
    swing = -250 * np.clip(np.sin(2 * np.pi * t / 1.2), 0, None) + 90 * np.clip(-np.sin(2 * np.pi * t / 1.2), 0, None)
    rate_dps = np.stack([rng.normal(0, 5, len(t)), swing, rng.normal(0, 10, len(t))], 1) @ truth
    walk = np.hstack([np.full((len(t), 3), 100), np.round(rate_dps / 0.07)]).astype(int).tolist()
    to_16g = [[*(round(v * 0.244 / 0.488) for v in s[:3]), *(round(v * 0.0175 / 0.07) for v in s[3:])] for s in stand]
    calibration = Calibration("ankle", 16, 2000)
    for sample in to_16g + walk:
        calibration.push(sample)
    assert calibration.phase == PASSED, calibration.reason
    assert matrix(calibration.mounting)[1] @ truth[1] > np.cos(np.radians(4))
