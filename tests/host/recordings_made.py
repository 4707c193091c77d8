"""Recordings made up for the tests: a CSV writer, and somebody who stands and then steps in place of a real walk."""

import gzip
from pathlib import Path

import numpy as np

GRAVITY = 9.80665
HEADER = "t_s,ax,ay,az,gx,gy,gz"


def standing_then_stepping(rate_hz: float = 100.0, stand_s: float = 4.0, step_s: float = 12.0) -> np.ndarray:
    """[n, 7] t_s, m/s^2, rad/s in the body frame: still, then bounced and rocked 100 times a minute."""
    t_s = np.arange(round((stand_s + step_s) * rate_hz)) / rate_hz
    walking = t_s >= stand_s
    phase = 2 * np.pi * (100 / 60) * (t_s - stand_s)
    rng = np.random.default_rng(1)
    values = np.zeros((len(t_s), 7))
    values[:, 0] = t_s
    values[:, 1] = walking * 1.0 * np.sin(phase + 1.2)
    values[:, 2] = walking * 0.8 * np.sin(phase / 2)
    values[:, 3] = GRAVITY + walking * (2.5 * np.sin(phase) + 0.8 * np.sin(2 * phase))
    values[:, 5] = walking * 0.3 * np.sin(phase)
    values[:, 6] = walking * 0.4 * np.sin(phase / 2)
    values[:, 1:] += rng.normal(0, 0.01, (len(t_s), 6))
    return values


def standing_then_stepping_back(rate_hz: float = 100.0) -> np.ndarray:
    """The same, but the stepping is reversed in time: a proxy for walking backward."""
    values = standing_then_stepping(rate_hz)
    walking = values[:, 0] >= 4.0
    back = values[walking][::-1, 1:]
    back[:, 3:] *= -1
    values[walking, 1:] = back
    return values


def write_csv(path: Path, values: np.ndarray, header: str = HEADER) -> Path:
    """Write `values` under `header`; gzip'd if the name ends in .gz."""
    lines = [header, *(",".join(f"{number:.6g}" for number in row) for row in values)]
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
