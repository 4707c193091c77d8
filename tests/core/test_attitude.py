"""Which way is up: on made motions with known truth, and against optical orientation on recorded ones."""

import sys
from pathlib import Path

import numpy as np
import pytest

from retrogait.attitude import Attitude

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import attitude_accuracy

RATE_HZ = 104


def tracked(accel_mg, gyro_ddps, masked=False):
    """Lean, side lean (degrees), vertical and forward force (mg) and yaw rate (dps) after each sample."""
    attitude = Attitude()
    rows = []
    for force, rate in zip(
        np.round(accel_mg).astype(int).tolist(), np.round(gyro_ddps).astype(int).tolist(), strict=True
    ):
        attitude.push(*force, *rate, masked)
        a = attitude
        rows.append((a.lean_cdeg / 100, a.side_cdeg / 100, a.vertical_mg, a.forward_mg, a.yaw_ddps / 10))
    return np.array(rows)


def still(seconds, lean_deg=0.0, side_deg=0.0):
    lean, side = np.radians(lean_deg), np.radians(side_deg)
    up = np.array([-np.sin(lean), np.sin(side) * np.cos(lean), np.cos(side) * np.cos(lean)])
    n = int(seconds * RATE_HZ)
    return np.tile(up * 1000, (n, 1)), np.zeros((n, 3))


@pytest.mark.parametrize(("lean", "side"), [(0, 0), (10, 0), (-10, 0), (0, 12), (0, -12), (5, 7), (-40, 0)])
def test_static_lean_has_the_documented_sign(lean, side):
    end = tracked(*still(3, lean, side))[-1]
    assert end[0] == pytest.approx(lean, abs=0.3)
    assert end[1] == pytest.approx(side, abs=0.3)
    assert abs(end[2]) <= 3
    assert abs(end[3]) <= 3


def test_a_bow_is_followed_at_once_and_positive_rate_is_forward():
    rate_dps = 30.0
    lean_deg = np.concatenate([np.zeros(RATE_HZ), np.arange(RATE_HZ) * rate_dps / RATE_HZ])
    up = np.stack([-np.sin(np.radians(lean_deg)), np.zeros_like(lean_deg), np.cos(np.radians(lean_deg))], 1)
    rate = np.zeros((len(lean_deg), 3))
    rate[RATE_HZ:, 1] = rate_dps * 10
    rows = tracked(up * 1000, rate)
    assert np.abs(rows[RATE_HZ:, 0] - lean_deg[RATE_HZ:]).max() < 2.0


def test_shaking_averages_out():
    accel, gyro = still(20, 4)
    t = np.arange(len(accel)) / RATE_HZ
    accel[:, 0] += 250 * np.sin(2 * np.pi * 1.8 * t)
    accel[:, 2] += 350 * np.sin(2 * np.pi * 1.8 * t)
    assert np.abs(tracked(accel, gyro)[3 * RATE_HZ :, 0] - 4).max() < 1.2


def test_gyro_bias_is_learned_at_rest():
    accel, gyro = still(30)
    accel[10 * RATE_HZ :, 0] += 300 * np.sin(np.arange(20 * RATE_HZ) * 0.1)
    assert abs(tracked(accel, gyro + 50)[-1][4]) < 0.3
    assert abs(tracked(accel, gyro + 50)[-1][0]) < 1.5


def test_turning_is_no_bias_and_left_is_positive():
    accel, gyro = still(4)
    gyro[:, 2] = 600
    assert tracked(accel, gyro)[-1][4] == pytest.approx(60, abs=0.2)


def test_masked_samples_do_not_pull():
    accel, _gyro = still(2)
    attitude = Attitude()
    for force in accel.astype(int).tolist():
        attitude.push(*force, 0, 0, 0, False)
    for _ in range(100):
        attitude.push(900, 0, 400, 0, 0, 0, True)
    assert abs(attitude.lean_cdeg) < 20


def test_absurd_input_stays_bounded():
    rng = np.random.default_rng(1)
    accel = rng.choice([-15990, 0, 15990], (4000, 3))
    gyro = rng.choice([-22937, 0, 22937], (4000, 3))
    rows = tracked(accel, gyro)
    assert np.abs(rows[:, :2]).max() <= 180
    assert np.abs(rows[:, 2:4]).max() < 1 << 17


def test_up_is_a_unit_vector_and_the_force_is_split_along_it():
    accel, _gyro = still(5, 20, 10)
    attitude = Attitude()
    for force in accel.round().astype(int).tolist():
        attitude.push(*force, 0, 0, 0, False)
    up = np.array([attitude.up_x, attitude.up_y, attitude.up_z]) / 16384
    assert np.linalg.norm(up) == pytest.approx(1, abs=0.002)
    assert up == pytest.approx(accel[-1] / 1000, abs=0.003)
    pushed = accel[-1] + 100 * np.array([1, 0, 0])
    attitude.push(*pushed.round().astype(int).tolist(), 0, 0, 0, True)
    assert attitude.forward_mg == pytest.approx(100 * (1 - up[0] ** 2), abs=4)
    assert attitude.vertical_mg == pytest.approx(100 * up[0], abs=4)


def test_whole_turns_at_1800_dps_come_back():
    up = np.array([0.0, 0.0, 1000.0])
    attitude = Attitude()
    for _ in range(4 * RATE_HZ):
        attitude.push(*up.astype(int).tolist(), 0, 0, 0, False)
    n, rate_dps = 104, 1800
    angle = np.radians(rate_dps / RATE_HZ)
    for i in range(n):
        force = [-1000 * np.sin(angle * (i + 1)), 0, 1000 * np.cos(angle * (i + 1))]
        attitude.push(*(round(value) for value in force), 0, rate_dps * 10, 0, True)
    back_deg = np.degrees(np.arctan2(-attitude.up_x, attitude.up_z))
    assert abs(back_deg) < 1.5  # five whole turns about Y, by the gyro alone


def test_gyro_bias_is_followed_in_motion():
    accel, gyro = still(240)
    t = np.arange(len(accel)) / RATE_HZ
    accel[:, 0] += 200 * np.sin(2 * np.pi * 1.8 * t)
    gyro[:, 0] = 600 * np.cos(2 * np.pi * 0.9 * t)  # never at rest
    lean = tracked(accel, gyro + np.array([0, 10, 0]))[:, 0]
    early, late = np.abs(lean[6 * RATE_HZ : 12 * RATE_HZ]).mean(), np.abs(lean[-20 * RATE_HZ :]).mean()
    assert early > 2  # 1 deg/s of bias, three seconds of lag
    assert late < early / 8


def test_a_clip_that_slips_faster_than_the_gyro_can_tell_recovers():
    accel, gyro = still(10)
    slipped, _ = still(12, 30, 0)
    rows = tracked(np.vstack([accel, slipped]), np.vstack([gyro, np.zeros((len(slipped), 3))]))
    assert np.abs(rows[17 * RATE_HZ :, 0] - 30).max() < 2.5


def test_free_fall_and_a_dead_axis_say_no_nonsense():
    accel, gyro = still(60, 10)
    accel[20 * RATE_HZ : 25 * RATE_HZ] = 0
    gyro[:, 1] = 0  # dead
    rows = tracked(accel, gyro)
    assert np.abs(rows[5 * RATE_HZ :, 0] - 10).max() < 0.5
    only_zero = tracked(np.zeros((3000, 3)), np.zeros((3000, 3)))
    assert (only_zero[:, 0] == 0).all()


@pytest.mark.parametrize(
    ("trial", "worst_deg"),
    [
        ("01_undisturbed_slow_rotation_A", 0.75), ("06_undisturbed_fast_rotation_A", 0.6),
        ("10_undisturbed_slow_translation_A", 0.4), ("15_undisturbed_fast_translation_A", 0.6),
    ],
)  # fmt: skip
def test_inclination_against_optical_truth(recorded, trial, worst_deg):
    assert attitude_accuracy.broad_error_deg(recorded / f"broad_orientation/dev/{trial}.csv.gz") < worst_deg


def test_lean_of_a_walker_against_optical_truth(recorded):
    assert attitude_accuracy.neura_error_deg("vicon_", aligned=True) < 3.5
    assert attitude_accuracy.neura_error_deg("xsens_", aligned=False) < 1.9
