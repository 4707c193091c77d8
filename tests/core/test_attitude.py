"""Which way is up: on made motions with known truth, and against optical orientation on recorded ones."""

import numpy as np
import pytest

from retrogait.attitude import Attitude

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


@pytest.mark.parametrize(
    ("trial", "worst_deg"), [("01_undisturbed_slow_rotation_A", 0.9), ("10_undisturbed_slow_translation_A", 1.5)]
)
def test_inclination_against_optical_truth(recorded, trial, worst_deg):
    rows = np.genfromtxt(recorded / f"broad_orientation/dev/{trial}.csv.gz", delimiter=",", names=True)
    t = np.arange(0, 60, 1 / RATE_HZ)
    column = {name: np.interp(t, rows["t_s"], np.nan_to_num(rows[name])) for name in rows.dtype.names}
    attitude = Attitude()
    errors = []
    for i in range(len(t)):
        force = [round(column[c][i] / 9.80665 * 1000) for c in ("ax", "ay", "az")]
        attitude.push(*force, *(round(float(np.degrees(column[c][i])) * 10) for c in ("gx", "gy", "gz")), False)
        w, x, y, z = (column[c][i] for c in ("qw", "qx", "qy", "qz"))
        sky = np.array([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
        lean, side = np.radians(attitude.lean_cdeg / 100), np.radians(attitude.side_cdeg / 100)
        up = np.array([-np.tan(lean), np.tan(side), 1.0]) * np.sign(np.cos(lean))
        if i > 5 * RATE_HZ and sky[2] > 0.5 and abs(np.linalg.norm([w, x, y, z]) - 1) < 0.01:
            errors.append(np.degrees(np.arccos(np.clip(up @ sky / np.linalg.norm(up) / np.linalg.norm(sky), -1, 1))))
    assert len(errors) > 1000
    assert np.sqrt(np.mean(np.square(errors))) < worst_deg
