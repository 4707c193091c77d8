"""What a recording must be to be believed: numbers, increasing time, a usable rate, and the units it claims.

Each check raises an error that says what was found, what it means and what to do. Called by `recording`.
"""

from pathlib import Path

import numpy as np

from retrowalk.console import clean
from retrowalk.errors import DamagedError, UsageError

_BAD_SHARE = 0.05
_REPEATED_SHARE = 0.01
_LOWEST_RATE_HZ = 20.0
_HIGHEST_RATE_HZ = 2000.0
_SHORTEST_S = 1.0
# Rates that IMUs and phones offer. Within 2 % is the oscillator's tolerance; 3 to 8 % off looks like a wrong clock.
_USUAL_RATES_HZ = (20, 25, 26, 32, 50, 52, 64, 100, 104, 128, 200, 205, 208, 250, 256, 400, 416, 500, 512, 1000, 1024)
_RATE_OFF, _RATE_UNLIKE = 0.03, 0.08
_HOLE_S = 0.1
_FASTEST_RPS = 40.0  # beyond 2,290 degrees per second: no IMU of this kind reads that
_SLOWEST_WALK_DPS = 10.0


def without_bad_rows(path: Path, values: np.ndarray, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Rows with a missing number dropped, up to 5 % of them; and a note of it."""
    bad = np.isnan(values).any(axis=1)
    n_bad = int(np.count_nonzero(bad))
    notes: list[str] = []
    if n_bad > _BAD_SHARE * len(values):
        raise DamagedError(
            f"{clean(path)}: {n_bad} of {len(values)} rows ({100 * n_bad / len(values):.0f} %) lack a number (empty or "
            f"NaN), the first in line {lines[np.argmax(bad)]}. Up to 5 % would be treated as gaps; this is too much.",
            "export the recording again, or cut out the part that is whole.",
        )
    if n_bad:
        notes.append(f"{n_bad} rows without a number (the first in line {lines[np.argmax(bad)]}) taken as gaps")
    return values[~bad], lines[~bad], notes


def without_repeated_times(path: Path, values: np.ndarray, lines: np.ndarray, notes: list[str]) -> np.ndarray:
    """Single repeated stamps dropped; time that runs backward, or stamps too coarse, are errors."""
    steps = np.diff(values[:, 0])
    if len(steps) and steps.min() < 0:
        i = int(np.argmax(steps < 0))
        raise DamagedError(
            f"{clean(path)}, line {lines[i + 1]}: the time goes back from {values[i, 0]:.6g} s to "
            f"{values[i + 1, 0]:.6g} s, so the rows are not in the order they were measured in.",
            "sort the file by t_s, or keep only one of the recordings that were joined in it.",
        )
    repeated = np.concatenate([[False], steps == 0])
    n_repeated = int(np.count_nonzero(repeated))
    if n_repeated > max(1, _REPEATED_SHARE * len(values)):
        raise DamagedError(
            f"{clean(path)}: {n_repeated} of {len(values)} time stamps repeat the one before (the first in line "
            f"{lines[np.argmax(repeated)]}), so it cannot be said when those samples were taken.",
            "export t_s with more digits, or as sample number divided by the rate.",
        )
    if n_repeated:
        notes.append(f"{n_repeated} repeated time stamps dropped")
    return values[~repeated]


def check_sampling(path: Path, t_s: np.ndarray, notes: list[str]) -> float:
    """The sample rate (1 / median interval, Hz); DamagedError unless it is usable and steady enough."""
    n = len(t_s)
    span_s = float(t_s[-1] - t_s[0]) if n else 0.0
    if n < 2:
        raise DamagedError(f"{clean(path)} holds {n} usable samples; a walk needs more.", "record at least one second.")
    steps = np.diff(t_s)
    rate_hz = float(1 / np.median(steps))
    if not _LOWEST_RATE_HZ <= rate_hz <= _HIGHEST_RATE_HZ:
        in_ms = _LOWEST_RATE_HZ <= rate_hz * 1000 <= _HIGHEST_RATE_HZ
        hint = "t_s looks like milliseconds: divide it by 1000." if in_ms else "resample or record it at 50 Hz or more."
        raise DamagedError(
            f"{clean(path)} is sampled at {rate_hz:.3g} Hz (median of t_s). Steps can be found from 20 to 2000 Hz.",
            hint,
        )
    if span_s < _SHORTEST_S:
        raise DamagedError(
            f"{clean(path)} is {span_s:.2f} s long; at least one second is needed to find anything.",
            "give a longer recording (t_s is in seconds).",
        )
    _check_steadiness(path, steps, span_s, rate_hz)
    nearest = min(_USUAL_RATES_HZ, key=lambda usual: abs(usual / rate_hz - 1))
    if _RATE_OFF < abs(rate_hz / nearest - 1) < _RATE_UNLIKE:
        off = f"{100 * (rate_hz / nearest - 1):+.0f} % off the usual {nearest} Hz"
        notes.append(f"sampled at {rate_hz:.1f} Hz, {off}: if its clock is wrong, so are times and pace, as much")
    if rate_hz < 50:
        notes.append(f"sampled at only {rate_hz:.0f} Hz: step times are less exact")
    return rate_hz


def _check_steadiness(path: Path, steps: np.ndarray, span_s: float, rate_hz: float) -> None:
    short = steps[steps <= _HOLE_S]
    missing = 1 - float(short.sum()) / span_s
    if missing > 0.5:
        raise DamagedError(
            f"{clean(path)}: {100 * missing:.0f} % of its {span_s:.1f} s have no samples (holes longer than 0.1 s).",
            "cut out the part that is whole, or record it again.",
        )
    low, high = np.percentile(short, [20, 80])
    if high > 4 * low:
        raise DamagedError(
            f"{clean(path)} is sampled wildly: the intervals between samples lie between {1000 * low:.2g} ms and "
            f"{1000 * high:.2g} ms (20th and 80th percentile) around a median of {1000 / rate_hz:.2g} ms.",
            "give the stamps of the sensor's own clock, or sample number divided by the rate.",
        )


def check_accel_unit(path: Path, accel: np.ndarray, unit: str) -> None:
    """UsageError if the median length of the accelerometer's vector is not gravity in `unit`."""
    norm = float(np.median(np.linalg.norm(accel, axis=1)))
    gravity = 1.0 if unit == "g" else 9.80665
    if 0.5 * gravity <= norm <= 1.6 * gravity:
        return
    found = f"{clean(path)}: the accelerometer's median length is {norm:.3g}, but gravity is {gravity:.3g} in {unit}."
    if 0.5 <= norm <= 1.6:
        raise UsageError(f"{found} It looks like g.", "use --accel-unit g.")
    if 5 <= norm <= 15:
        raise UsageError(f"{found} It looks like m/s2.", "use --accel-unit m/s2.")
    if 500 <= norm <= 1600:
        raise UsageError(f"{found} It looks like milli-g.", "divide ax, ay, az by 1000 and use --accel-unit g.")
    if norm < 0.3 * gravity:
        raise UsageError(
            f"{found} It looks as if gravity had been taken out.", "give the raw accelerometer, gravity included."
        )
    raise UsageError(found, "convert ax, ay, az to m/s2 (a sensor at rest reads 9.8).")


def check_gyro_unit(path: Path, accel_mps2: np.ndarray, gyro: np.ndarray, unit: str, notes: list[str]) -> None:
    """UsageError if the rates cannot be in `unit`: faster than any IMU reads, or still while the body shakes."""
    fastest = float(np.abs(gyro).max())
    if fastest == 0:
        notes.append("the gyro reads 0 throughout: lean, turns and direction are less certain")
        return
    if unit == "rad/s" and fastest > _FASTEST_RPS:
        raise UsageError(
            f"{clean(path)}: the gyro reaches {fastest:.3g} rad/s, faster than a body turns. It looks like degrees "
            "per second.",
            "use --gyro-unit dps.",
        )
    shaking = float(np.std(np.linalg.norm(accel_mps2, axis=1))) > 1.0
    if unit == "dps" and fastest < _SLOWEST_WALK_DPS and shaking:
        raise UsageError(
            f"{clean(path)}: the gyro stays within {fastest:.3g} dps while the accelerometer shows walking. It looks "
            "like rad/s.",
            "use --gyro-unit rad/s.",
        )
