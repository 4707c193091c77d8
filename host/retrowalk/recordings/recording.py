"""A recording: accelerometer and gyro over time, from a CSV file, and how it becomes the counts of our IMU.

Frame: the SENSOR's own, as in the file. `--axes` and the neutral stance are applied in one place only, the core's
Mounting (see `retrowalk.walk.neutral`), just as on the device. Units: seconds, m/s^2 (a still sensor reads +9.8 on the
axis that points up), rad/s. Called by analyze and plot, and by whoever moves the virtual wearer.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from retrogait import RATE_HZ
from retrowalk.recordings import recording_checks as checks
from retrowalk.recordings.csv_table import read_table

STANDARD_GRAVITY_MPS2 = 9.80665
ACCEL_UNITS = {"m/s2": 1.0, "g": STANDARD_GRAVITY_MPS2}
GYRO_UNITS = {"rad/s": 1.0, "dps": np.pi / 180}
LONGEST_HOLE_S = 0.1

_UG_PER_MPS2 = 1e6 / STANDARD_GRAVITY_MPS2
_GYRO_UNITS_PER_RPS = np.degrees(1) * 8000  # 125 micro-degrees per second
_INT32 = 2**31 - 1
_ACCEL_SENS_UG = {2: 61, 4: 122, 8: 244, 16: 488}
_GYRO_SENS = {125: 35, 250: 70, 500: 140, 1000: 280, 2000: 560}


@dataclass(frozen=True)
class Recording:
    """`t_s` [n] increasing; `accel_mps2` and `gyro_rps` [n, 3] in the sensor's frame; `rate_hz` as found."""

    t_s: np.ndarray
    accel_mps2: np.ndarray
    gyro_rps: np.ndarray
    rate_hz: float
    has_gyro: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def duration_s(self) -> float:
        """From the first sample to the last."""
        return float(self.t_s[-1] - self.t_s[0])

    @property
    def interpolated_s(self) -> float:
        """Time in holes too short to be gaps (lost packets), over which samples are interpolated."""
        steps = np.diff(self.t_s)
        short_holes = steps[(steps > 1.5 / self.rate_hz) & (steps <= LONGEST_HOLE_S)]
        return float((short_holes - 1 / self.rate_hz).sum())


@dataclass(frozen=True)
class Segment:
    """Samples without a hole: `first_index` (104 a second from the recording's first sample) and `values` [n, 6]."""

    first_index: int
    values: np.ndarray

    @property
    def end_index(self) -> int:
        """Index after the last sample."""
        return self.first_index + len(self.values)


def load_recording(path: Path | str, accel_unit: str = "m/s2", gyro_unit: str = "rad/s") -> Recording:
    """Read and check a recording CSV (t_s, ax, ay, az and optionally gx, gy, gz; .csv or .csv.gz).

    Up to 5 % of rows without numbers are dropped (they become holes), and so are repeated time stamps. Raises
    UsageError for a wrong file, column or unit and DamagedError for content that cannot be used.
    """
    path = Path(path)
    table = read_table(path, ("t_s", "ax", "ay", "az"), ("gx", "gy", "gz"))
    values, lines, notes = checks.without_bad_rows(path, table.values, table.lines)
    values = checks.without_repeated_times(path, values, lines, notes)
    t_s = values[:, 0]
    rate_hz = checks.check_sampling(path, t_s, notes)
    accel = values[:, 1:4]
    has_gyro = values.shape[1] == 7
    gyro = values[:, 4:7] if has_gyro else np.zeros_like(accel)
    checks.check_accel_unit(path, accel, accel_unit)
    if has_gyro:
        checks.check_gyro_unit(path, accel * ACCEL_UNITS[accel_unit], gyro, gyro_unit, notes)
    else:
        notes.append("no gyro in the file: rates taken as 0, so lean, turns and direction are less certain")
    return Recording(t_s, accel * ACCEL_UNITS[accel_unit], gyro * GYRO_UNITS[gyro_unit], rate_hz, has_gyro, notes)


def time_reversed(recording: Recording) -> Recording:
    """The recording run backward: order reversed, accelerations kept, rates negated (stand-in for backward walking)."""
    t_s = recording.t_s[0] + recording.t_s[-1] - recording.t_s[::-1]
    notes = [*recording.notes, "time-reversed"]
    accel, gyro = recording.accel_mps2[::-1].copy(), -recording.gyro_rps[::-1]
    return replace(recording, t_s=t_s, accel_mps2=accel, gyro_rps=gyro, notes=notes)


def resample(recording: Recording) -> list[Segment]:
    """At exactly 104 Hz by linear interpolation: segments of [n, 6] (m/s^2, rad/s) between holes longer than 0.1 s.

    Files of 312 Hz or more are averaged over about one 104 Hz sample first, as the IMU's own filter would.
    """
    t_s = recording.t_s
    values = np.hstack([recording.accel_mps2, recording.gyro_rps])
    width = (int(recording.rate_hz / RATE_HZ + 0.01) - 1) | 1
    ends = np.append(np.flatnonzero(np.diff(t_s) > LONGEST_HOLE_S) + 1, len(t_s))
    segments: list[Segment] = []
    start = 0
    for end in ends:
        at_s = (t_s[start:end] - t_s[0]) * RATE_HZ
        part = _averaged(values[start:end], width)
        grid = np.arange(int(np.ceil(at_s[0] - 1e-6)), int(np.floor(at_s[-1] + 1e-6)) + 1)
        if len(grid):
            columns = [np.interp(grid, at_s, part[:, k]) for k in range(6)]
            segments.append(Segment(int(grid[0]), np.stack(columns, axis=1)))
        start = end
    return segments


def _averaged(values: np.ndarray, width: int) -> np.ndarray:
    """Centred moving average over an odd number of rows."""
    if width < 3 or len(values) <= width:
        return values
    padded = np.pad(values, ((width // 2, width // 2), (0, 0)), mode="edge")
    sums = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), padded]), axis=0)
    return (sums[width:] - sums[:-width]) / width


def to_counts(values: np.ndarray, accel_range_g: int, gyro_range_dps: int) -> tuple[np.ndarray, int]:
    """[n, 6] in m/s^2 and rad/s to int16 counts, as the simulated IMU rounds and saturates; and how many rows clipped.

    count = floor((v + sens / 2) / sens) with v in whole micro-g or whole 125 udps.
    """
    units = values * np.array([_UG_PER_MPS2] * 3 + [_GYRO_UNITS_PER_RPS] * 3)
    sens = np.array([_ACCEL_SENS_UG[accel_range_g]] * 3 + [_GYRO_SENS[gyro_range_dps]] * 3)
    counts = (np.rint(np.clip(units, -_INT32, _INT32)).astype(np.int64) + (sens >> 1)) // sens
    limited = np.clip(counts, -32768, 32767)
    return limited.astype(np.int16), int(np.count_nonzero(np.any(limited != counts, axis=1)))


def resample_to_counts(recording: Recording, accel_range_g: int, gyro_range_dps: int) -> tuple[list[Segment], int]:
    """`resample`, then `to_counts`: segments of int16 [n, 6], and the number of clipped samples."""
    segments: list[Segment] = []
    n_clipped = 0
    for segment in resample(recording):
        counts, clipped = to_counts(segment.values, accel_range_g, gyro_range_dps)
        segments.append(Segment(segment.first_index, counts))
        n_clipped += clipped
    return segments, n_clipped
