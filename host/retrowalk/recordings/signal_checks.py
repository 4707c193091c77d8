"""What is wrong with the signal itself, for `quality.notes`: clipping, dead axes, frozen sensor, gravity off.

Works on the counts that the core gets, so recordings and sessions are judged alike. Called by `walk.walk_source`.
"""

from typing import Any

import numpy as np

from retrogait import RATE_HZ

_NAMES = ("ax", "ay", "az", "gx", "gy", "gz")
_FEWEST = RATE_HZ
_CLIPPED_SHARE = 0.001
# Sensor noise alone moves a reading by a count or two; a second of exactly the same six numbers is no measurement.
_FROZEN_SAMPLES = RATE_HZ
# A walker's mean specific force is 1 g; offset and scale of a sound sensor keep it within a tenth.
_GRAVITY_OFF = 0.1


def signal_notes(segments: list[Any], g_per_count: float) -> list[str]:
    """One sentence for each thing that is wrong; `segments` have `values`, int16 counts [n, 6]."""
    parts = [np.asarray(each.values) for each in segments if len(each.values)]
    counts = np.concatenate(parts) if parts else np.zeros((0, 6), np.int16)
    if len(counts) < _FEWEST:
        return []
    return [*_clipped(counts), *_dead(counts), *_frozen(parts), *_gravity(counts, g_per_count)]


def _clipped(counts: np.ndarray) -> list[str]:
    at_end = (counts == 32767) | (counts == -32768)
    share = float(at_end.any(axis=1).mean())
    if share < _CLIPPED_SHARE:
        return []
    axes = ", ".join(name for name, clips in zip(_NAMES, at_end.any(axis=0), strict=True) if clips)
    return [
        f"{100 * share:.1f} % of the samples are at the end of the sensor's range ({axes}): forces there are unknown"
    ]


def _dead(counts: np.ndarray) -> list[str]:
    still = np.ptp(counts.astype(int), axis=0) == 0
    if still.all():
        return ["no axis ever changes: the sensor is dead or the recording was made up"]
    if still[3:].all() and not counts[:, 3:].any():
        return []  # a file without gyro, or one that reads 0 throughout, has a note of its own
    return [
        f"{name} reads {'0' if not counts[0, k] else 'the same value'} throughout: this axis is dead"
        for k, name in enumerate(_NAMES)
        if still[k]
    ]


def _frozen(parts: list[np.ndarray]) -> list[str]:
    """Stretches of a second or more in which nothing changes, while the sensor is alive elsewhere."""
    frozen = total = 0
    for part in parts:
        same = np.concatenate([[False], (part[1:] == part[:-1]).all(axis=1), [False]])
        edges = np.flatnonzero(np.diff(same.astype(int)))
        lengths = edges[1::2] - edges[::2]
        frozen += int(lengths[lengths >= _FROZEN_SAMPLES].sum())
        total += len(part)
    if frozen == 0 or frozen >= total - len(parts):
        return []
    return [f"the readings are frozen for {frozen / RATE_HZ:.1f} s in all (a second or more without any change)"]


def _gravity(counts: np.ndarray, g_per_count: float) -> list[str]:
    norm_g = float(np.median(np.linalg.norm(counts[:, :3].astype(float), axis=1))) * g_per_count
    if abs(norm_g - 1) <= _GRAVITY_OFF:
        return []
    return [f"the accelerometer's median length is {norm_g:.2f} g where gravity is 1: scale or offset is off"]
