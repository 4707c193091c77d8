"""Measures of a stretch of walking at the lower back: what the walking model is held against recorded walks with.

Body frame, m/s^2 and rad/s at 104 Hz. Called by benchmarks/model_check.py and tests/wearer.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrogait import RATE_HZ

_BAND_HZ = (0.5, 4.0)
_WINDOW_S = 2.0
_PHASES = 64
STEP_HARMONICS = (2, 4, 6)
STRIDE_HARMONICS = (1, 3, 5)


@dataclass(frozen=True)
class WaistMeasures:
    """`up_rms`, `forward_rms`: m/s^2 in 0.5-4 Hz; `direction`: mean D of design/gait.md; `gyro_rms` [3]: rad/s;
    `cycle` [13, 6]: complex harmonics of the stride of (forward, left, up, roll, pitch, yaw rate), phase 0 at the left
    initial contact: value(phase) = sum of |c| cos(2 pi k phase + angle(c)).
    """

    up_rms: float
    forward_rms: float
    direction: float
    gyro_rms: np.ndarray
    cycle: np.ndarray


def measure(accel, gyro, left_contacts_s):
    """WaistMeasures of [n, 3] accel and gyro from time 0 on; `left_contacts_s` are the left foot's initial contacts.

    Raises ValueError if the stretch holds no whole stride of 0.7 to 6 s or is shorter than 2 s.
    """
    accel, gyro = levelled(accel, gyro)
    up, forward = banded(accel[:, 2]), banded(accel[:, 0])
    values = np.column_stack([accel, gyro])
    return WaistMeasures(
        up_rms=float(up.std()),
        forward_rms=float(forward.std()),
        direction=float(np.mean(direction_features(up, forward))),
        gyro_rms=gyro.std(axis=0),
        cycle=_cycle(values, np.asarray(left_contacts_s)),
    )


def mean_of(measured):
    """The mean of several WaistMeasures; harmonics as vectors, so that what is not common cancels."""
    return WaistMeasures(
        *(
            np.mean([getattr(each, name) for each in measured], axis=0)
            for name in ("up_rms", "forward_rms", "direction", "gyro_rms", "cycle")
        )
    )


def levelled(accel, gyro):
    """Turned so that the mean specific force is up and X stays as near as can be."""
    up = accel.mean(axis=0) / np.linalg.norm(accel.mean(axis=0))
    x = np.array([1.0, 0.0, 0.0]) - up * up[0]
    x /= np.linalg.norm(x)
    rotation = np.array([x, np.cross(up, x), up])
    return accel @ rotation.T, gyro @ rotation.T


def banded(values):
    """[n] without what lies outside 0.5 to 4 Hz."""
    spectrum = np.fft.rfft(values - values.mean())
    frequency = np.fft.rfftfreq(len(values), 1 / RATE_HZ)
    spectrum[(frequency < _BAND_HZ[0]) | (frequency > _BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(values))


def direction_features(up, forward):
    """D in windows of 2 s: mean(forward * d(up)/dt) / (their spreads), positive walking forward."""
    jerk = np.gradient(up) * RATE_HZ
    length = int(_WINDOW_S * RATE_HZ)
    if len(up) < length:
        raise ValueError("a stretch of at least 2 s is needed")
    out = []
    for start in range(0, len(up) - length + 1, length // 2):
        f, j = forward[start : start + length], jerk[start : start + length]
        out.append(np.mean(f * j) / (f.std() * j.std()))
    return np.array(out)


def _cycle(values, left_contacts_s):
    at_s = np.arange(len(values)) / RATE_HZ
    found = []
    for start_s, end_s in pairwise(left_contacts_s):
        if start_s >= 0 and end_s <= at_s[-1] and 0.7 < end_s - start_s < 6:
            grid_s = start_s + (end_s - start_s) * np.arange(_PHASES) / _PHASES
            stride = np.column_stack([np.interp(grid_s, at_s, column) for column in values.T])
            found.append(np.fft.rfft(stride, axis=0)[:13] * 2 / _PHASES)
    if not found:
        raise ValueError("no whole stride lies in this stretch")
    return np.mean(found, axis=0)
