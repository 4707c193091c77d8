"""The small tracks of a wearer who does as the clip asks: standing, and the movement of the calibration.

Waist: a bow of 25 degrees forward and up again in 2.4 s. Ankle: a few steps forward. All in the sensor's frame. Of a
clip that hangs otherwise than the documentation shows it, only what the stance tells is known. A stance is what the
clip feels while its wearer stands: an array [6] in the units of a track.
"""

import numpy as np

from retrogait import RATE_HZ
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.frames import MOUNTINGS, Frames
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import FORWARD, Segment

_STAND_S = 20.0
_NOISE = (700.0, 300.0)  # ug; units of 125 udps
_BOW_DEG = 25.0
_BOW_S = 2.4
_WINDOW_S = 1.0
_OPPOSITE = 1e-6
_UG_PER_G = 1e6
_UNITS_PER_DPS = 8000.0
_FIRST_STEPS = (Segment(1.0), Segment(5.0, FORWARD, 0.8, 95.0), Segment(1.5))


def default_stance(mount: str) -> np.ndarray:
    """The stance of a clip that sits at `mount` as the documentation shows it, with a perfect IMU."""
    up = np.asarray(MOUNTINGS[mount]).T @ np.array([0.0, 0.0, _UG_PER_G])
    return np.concatenate([up, np.zeros(3)])


def stance_of(frames: Frames) -> np.ndarray:
    """The stance in a track: the mean of its quietest second."""
    n_window = min(len(frames), round(_WINDOW_S * RATE_HZ))
    starts = range(0, len(frames) - n_window + 1, max(1, n_window // 4))
    windows = [frames.values[start : start + n_window] for start in starts]
    quietest = min(windows, key=lambda window: float(np.ptp(window[:, 3:], axis=0).sum()))
    return quietest.mean(axis=0)


def standing(stance: np.ndarray, seed: int = 0) -> Frames:
    """20 s of quiet standing with an IMU's noise."""
    noise = np.random.default_rng(seed).standard_normal((round(_STAND_S * RATE_HZ), 6))
    return Frames(np.rint(stance + noise * np.repeat(_NOISE, 3)))


def movement(stance: np.ndarray, mount: str) -> Frames:
    """What the calibration asks for at `mount`."""
    if mount == "waist":
        tipped = _shortest_turn(default_stance(mount)[:3], stance[:3])
        return bow(stance, np.asarray(MOUNTINGS[mount]) @ tipped.T)
    return first_steps(stance, mount)


def first_steps(stance: np.ndarray, mount: str) -> Frames:
    """A few steps forward with a clip that hangs as in the stance: tipped the shortest way, with its gyro's bias."""
    still = Clip(accel_noise_mg=0.0, gyro_noise_dps=0.0, accel_bias_mg=0.0, gyro_bias_dps=0.0)
    straight = walk(_FIRST_STEPS, mount, clip=still).frames
    tipped = straight.rotated(_shortest_turn(default_stance(mount)[:3], stance[:3]))
    return Frames(np.rint(tipped.values + np.concatenate([np.zeros(3), stance[3:]])))


def _shortest_turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """[3, 3]: the rotation that takes the direction of `start` to that of `end`, about the axis across both."""
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    half = start + end
    if float(half @ half) < _OPPOSITE:
        # Upside down: about whichever axis lies across.
        half = np.eye(3)[int(np.argmin(np.abs(start)))]
        half = half - start * (half @ start)
        return 2 * np.outer(half, half) / (half @ half) - np.eye(3)
    # Two half turns, about the start and about the middle, make the turn from one to the other.
    about_half = 2 * np.outer(half, half) / (half @ half) - np.eye(3)
    return about_half @ (2 * np.outer(start, start) - np.eye(3))


def bow(stance: np.ndarray, mounting: np.ndarray) -> Frames:
    """Forward and back about the wearer's left axis, beginning and ending in the stance."""
    n_samples = round(_BOW_S * RATE_HZ)
    turn = 2 * np.pi * np.arange(n_samples) / n_samples
    lean = np.radians(_BOW_DEG / 2 * (1 - np.cos(turn)))
    up = mounting @ stance[:3]
    force = np.tile(up, (n_samples, 1))
    # The body turns forward about +Y, so the world's up turns the other way in the body's axes.
    force[:, 0] = up[0] * np.cos(lean) - up[2] * np.sin(lean)
    force[:, 2] = up[0] * np.sin(lean) + up[2] * np.cos(lean)
    rate = np.tile(mounting @ stance[3:], (n_samples, 1))
    rate[:, 1] += _UNITS_PER_DPS * _BOW_DEG / 2 * np.sin(turn) * 2 * np.pi / _BOW_S
    return Frames(np.rint(np.column_stack([force, rate]))).to_sensor(mounting)
