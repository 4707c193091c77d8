"""Signals without a step, made by rule and marked SYNTHETIC: what a clip feels when its wearer does not walk.

Each is built from a posture over time, its lever arms and a noise of the sensor; nothing is taken from a recording.
Body axes X forward, Y left, Z up; m/s^2 (with gravity) and rad/s at 104 Hz. Called by accuracy.measure.
"""

from pathlib import Path

import numpy as np

from accuracy.ours import write_csv

RATE_HZ = 104
G = 9.80665
_ACCEL_NOISE = 0.006
_GYRO_NOISE = 0.0006


def smooth(fraction):
    """0 to 1 with speed and acceleration 0 at both ends (minimum jerk, Flash and Hogan 1985)."""
    f = np.clip(fraction, 0, 1)
    return f**3 * (10 - 15 * f + 6 * f**2)


def drift(rng, n, low_hz, high_hz):
    """Noise [n] of unit spread between two frequencies."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    frequency = np.fft.rfftfreq(n, 1 / RATE_HZ)
    spectrum[(frequency < low_hz) | (frequency > high_hz)] = 0
    noise = np.fft.irfft(spectrum, n)
    return noise / noise.std()


def felt(rng, pitch, yaw=0.0, roll=0.0, up_m=0.0, force=0.0):
    """(accel [n, 3], gyro [n, 3]) of a clip that pitches, rolls, turns (rad) and rises (m), plus a force [n, 3].

    Everyone sways a little (0.3 degrees at 0.1 to 1 Hz), and the sensor has its noise. Angles are small or one at a
    time, so rates are their derivatives; only gravity is turned exactly.
    """
    n = len(pitch)
    sway = np.radians(0.3)
    pitch = pitch + sway * drift(rng, n, 0.1, 1)
    roll = roll + sway * drift(rng, n, 0.1, 1)
    yaw = yaw + np.zeros(n)
    vertical = G + np.gradient(np.gradient(up_m + np.zeros(n))) * RATE_HZ**2
    up = np.stack([-np.sin(pitch), np.cos(pitch) * np.sin(roll), np.cos(pitch) * np.cos(roll)], axis=1)
    accel = vertical[:, None] * up
    gyro = np.stack([np.gradient(roll), np.gradient(pitch), np.gradient(yaw)], axis=1) * RATE_HZ
    accel = accel + force + rng.normal(0, _ACCEL_NOISE, (n, 3))
    return accel, gyro + rng.normal(0, _GYRO_NOISE, (n, 3))


def _moves(rng, duration_s, every_s, length_s):
    """Fractions [n, k] of k movements of about `length_s`, each begun about every `every_s`, after 4 s of standing."""
    t_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    starts = np.arange(4.0, duration_s - 2 * length_s, every_s)
    starts = starts + rng.uniform(0, every_s / 3, len(starts))
    lengths = length_s * rng.uniform(0.8, 1.3, len(starts))
    return np.stack([(t_s - start) / length for start, length in zip(starts, lengths, strict=True)], axis=1)


def sitting_down_and_up(rng, duration_s=120.0):
    """Alternately down and up every 4 s: the pelvis sinks or rises 0.4 m and bows 30 degrees on the way."""
    moves = _moves(rng, duration_s, 4.0, 1.6)
    signs = np.where(np.arange(moves.shape[1]) % 2 == 0, -1, 1)
    bow = smooth(moves * 2) - smooth(moves * 2 - 1)
    return felt(rng, np.radians(30) * bow.sum(axis=1), up_m=0.4 * (smooth(moves) * signs).sum(axis=1))


def turning_on_the_spot(rng, duration_s=120.0):
    """The trunk swings to alternate sides, up to 90 degrees in 1.5 s, the feet stay: no step."""
    moves = _moves(rng, duration_s, 3.0, 1.5)
    signs = np.where(np.arange(moves.shape[1]) % 2 == 0, 1, -1)
    signs[0] = 1
    yaw = np.radians(90) * (smooth(moves) * signs).sum(axis=1)
    return felt(rng, np.zeros(len(yaw)), yaw=yaw, roll=np.radians(4) * np.sin(yaw))


def picking_things_up(rng, duration_s=120.0):
    """Bow 70 degrees and come up again every 5 s, the pelvis 0.15 m lower at the bottom."""
    moves = _moves(rng, duration_s, 5.0, 2.6)
    bow = (smooth(moves * 2) - smooth(moves * 2 - 1)).sum(axis=1)
    return felt(rng, np.radians(70) * bow, up_m=-0.15 * bow)


def riding_a_bus(rng, duration_s=120.0):
    """Seated: the suspension at 1 to 2 Hz (0.3 m/s^2 RMS up), the road at 4 to 15 Hz (0.4), curves and brakes (0.7)."""
    n = round(duration_s * RATE_HZ)
    stands = smooth((np.arange(n) / RATE_HZ - 4) / 2)[:, None]
    up = 0.3 * drift(rng, n, 1, 2) + 0.4 * drift(rng, n, 4, 15)
    forward, left = (0.7 * drift(rng, n, 0.05, 0.4) + 0.2 * drift(rng, n, 3, 12) for _ in range(2))
    force = np.stack([forward, left, up], axis=1) * stands
    pitch, roll, yaw = (np.radians(1) * drift(rng, n, 0.2, 2) * stands[:, 0] for _ in range(3))
    return felt(rng, pitch - np.radians(10) * stands[:, 0], yaw=yaw, roll=roll, force=force)


def handling_the_clip(rng, duration_s=60.0):
    """In the hand: turned by up to a right angle at 0.2 to 1.5 Hz, shaken with 2 m/s^2 RMS at 0.5 to 5 Hz."""
    n = round(duration_s * RATE_HZ)
    held = smooth((np.arange(n) / RATE_HZ - 4) / 1)
    pitch, roll, yaw = (np.radians(35) * drift(rng, n, 0.2, 1.5) * held for _ in range(3))
    force = 2.0 * np.stack([drift(rng, n, 0.5, 5) for _ in range(3)], axis=1) * held[:, None]
    return felt(rng, pitch, yaw=yaw, roll=roll, force=force)


WAIST = {
    "sitting down and up": sitting_down_and_up,
    "turning on the spot": turning_on_the_spot,
    "picking things up": picking_things_up,
    "riding a bus": riding_a_bus,
    "handling the clip": handling_the_clip,
}
ANKLE = {"riding a bus": riding_a_bus, "handling the clip": handling_the_clip}


def write(make, seed: int, path: Path) -> float:
    """One of these signals as a recording in body axes; returns its length in minutes."""
    accel, gyro = make(np.random.default_rng(seed))
    write_csv(path, np.arange(len(accel)) / RATE_HZ, accel, gyro)
    return len(accel) / RATE_HZ / 60
