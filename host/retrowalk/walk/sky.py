"""The unit vector to the sky through a whole recording or session, from the device's own attitude filter.

Axes: the file's, after --axes; for a session the sensor's. They are not turned by a neutral stance, so the vector can
be held against any other orientation sensor. Called by `walk.walk_source` for --mount none and --with attitude.
"""

from collections.abc import Iterable

import numpy as np

from retrogait import RATE_HZ
from retrogait.attitude import Attitude
from retrogait.mounting import Mounting
from retrogait.scale import Scale
from retrowalk.console import progress
from retrowalk.recordings.recording import Segment


def track_up(
    segments: Iterable[Segment], mounting: Mounting, accel_range_g: int, gyro_range_dps: int, n_samples: int
) -> np.ndarray:
    """Up [n_samples, 3] after each sample at 104 Hz; NaN in gaps, after which the filter starts anew.

    segments: int16 counts [n, 6] at these ranges; mounting: what --axes names.
    """
    up = np.full((n_samples, 3), np.nan)
    scale = Scale(accel_range_g, gyro_range_dps)
    attitude = Attitude()
    with progress("tracking up", n_samples // RATE_HZ, unit="s") as advance:
        for segment in segments:
            attitude.restart()
            rows: list[tuple[int, int, int]] = []
            for sample in segment.values.tolist():
                mounting.rotate(scale, sample)
                attitude.push(
                    mounting.ax, mounting.ay, mounting.az, mounting.gx, mounting.gy, mounting.gz, False
                )  # fmt: skip
                rows.append((attitude.up_x, attitude.up_y, attitude.up_z))
            told = np.array(rows, dtype=float)
            up[segment.first_index : segment.end_index] = told / np.linalg.norm(told, axis=1, keepdims=True)
            advance(len(rows) // RATE_HZ)
    return up


def up_for_json(up: np.ndarray) -> list[list[float] | None]:
    """Rows for JSON, null where there was no sample."""
    known = np.isfinite(up[:, 0]).tolist()
    return [row if told else None for row, told in zip(np.round(up, 5).tolist(), known, strict=True)]


def steepest_deg(up: np.ndarray) -> float:
    """The largest angle between up and the Z axis, in degrees; 0 if nothing is known."""
    z = up[np.isfinite(up[:, 2]), 2]
    return float(np.degrees(np.arccos(np.clip(z.min(), -1, 1)))) if len(z) else 0.0
