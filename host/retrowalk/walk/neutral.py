"""The wearer's neutral stance in a recording: the mean specific force while standing still gives the mounting its up.

On the device the calibration by touch does this; a recording has --axes (which of its axes are forward, left, up) and
a stance given by --neutral-s or found here. Frame: the sensor's. Called by `retrowalk.walk.walk_source`.
"""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from retrogait import RATE_HZ
from retrogait.mounting import Mounting
from retrowalk.console import clean
from retrowalk.errors import UsageError
from retrowalk.recordings.recording import Segment

_WINDOWS_S = (2, 1)
_STILL_RATE_DPS = 3.0
_STILL_FORCE_G = 0.03
_HIGHEST_BIAS_DPS = 10.0
# An instep slopes by up to 56 degrees (ipol feet). Axes given wrong are 90 off, less the tilt of how it is worn.
_WRONG_AXES_DEG = 65.0
_SHORTEST_GIVEN_S = 0.25


@dataclass(frozen=True)
class Neutral:
    """`source`: given, found or mean (no still stance: the whole recording's mean); times in seconds from its start.

    `doubt`: "" or why --axes cannot be right; then nothing says where forward is.
    """

    source: str
    start_s: float
    end_s: float
    doubt: str


def axes_mounting(axes: str) -> Mounting:
    """The mounting --axes names. Raises UsageError."""
    try:
        return Mounting.from_axes(axes)
    except ValueError as error:
        raise UsageError(
            f"--axes={clean(axes)} cannot be used: {clean(error)}.",
            "say which of the file's axes point forward, left and up on the wearer, for example --axes=-z,y,x.",
        ) from None


def find_neutral(
    segments: list[Segment], mounting: Mounting, g_per_count: float, dps_per_count: float, axes: str,
    given_s: tuple[float, float] | None = None,
) -> tuple[Mounting, Neutral]:  # fmt: skip
    """`mounting` with the measured up as its Z, and where that came from.

    segments: int16 counts [n, 6]; given_s: start and end of the stance, in seconds from the recording's first sample.
    Raises UsageError if nothing was recorded in the given stretch.
    """
    nominal = np.array(mounting.as_list()[6:9]) / 16384
    if given_s is not None:
        force, source, span_s = _given(segments, given_s), "given", given_s
    else:
        still = _first_still(segments, nominal, g_per_count, dps_per_count)
        if still is None:
            force, source = np.concatenate([each.values[:, :3] for each in segments]).mean(axis=0), "mean"
            span_s = (segments[0].first_index / RATE_HZ, segments[-1].end_index / RATE_HZ)
        else:
            force, source = still[0], "found"
            span_s = still[1]
    tilt_deg = _angle_deg(force, nominal)
    doubt = "" if tilt_deg <= _WRONG_AXES_DEG else _doubt(force, axes, tilt_deg)
    return _mounted(mounting, force), Neutral(source, span_s[0], span_s[1], doubt)


def _mounted(mounting: Mounting, force: np.ndarray) -> Mounting:
    """`mounting` with up along `force`; if that is its own forward axis, any mounting with that up."""
    up = [round(float(value) * 16) for value in force]
    try:
        return mounting.with_neutral(*up)
    except ValueError:
        return Mounting.from_axes(right_handed_axes(_nearest_axis(force))[0]).with_neutral(*up)


def _given(segments: list[Segment], given_s: tuple[float, float]) -> np.ndarray:
    first, last = (round(each * RATE_HZ) for each in given_s)
    parts = [each.values[max(0, first - each.first_index) : max(0, last - each.first_index), :3] for each in segments]
    inside = np.concatenate(parts)
    if len(inside) < _SHORTEST_GIVEN_S * RATE_HZ:
        end_s = segments[-1].end_index / RATE_HZ
        raise UsageError(
            f"--neutral-s names a stretch with {len(inside)} samples; the recording is {end_s:.1f} s long.",
            "give START,END in the file's own t_s, at least a quarter of a second in which the wearer stands still.",
        )
    return inside.mean(axis=0)


def _first_still(
    segments: list[Segment], nominal: np.ndarray, g_per_count: float, dps_per_count: float
) -> tuple[np.ndarray, tuple[float, float]] | None:
    """Mean force and time of the first stretch of 2 s, else of 1 s, that is still and roughly upright."""
    for window_s in _WINDOWS_S:
        n = window_s * RATE_HZ
        for segment in segments:
            if len(segment.values) < n:
                continue
            force = segment.values[:, :3] * g_per_count
            rate = segment.values[:, 3:] * dps_per_count
            mean_rate, std_rate = _moving(rate, n)
            _, std_norm = _moving(np.linalg.norm(force, axis=1)[:, None], n)
            mean_force, _ = _moving(force, n)
            tilted = mean_force @ nominal < np.cos(np.radians(_WRONG_AXES_DEG)) * np.linalg.norm(mean_force, axis=1)
            moves = (std_rate > _STILL_RATE_DPS).any(axis=1) | (np.abs(mean_rate) > _HIGHEST_BIAS_DPS).any(axis=1)
            good = ~(tilted | moves | (std_norm[:, 0] > _STILL_FORCE_G))
            if good.any():
                i = int(np.argmax(good))
                start = segment.first_index + i
                return segment.values[i : i + n, :3].mean(axis=0), (start / RATE_HZ, (start + n) / RATE_HZ)
    return None


def _moving(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over every n rows."""
    centre = values.mean(axis=0)
    sums = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values - centre]), axis=0)
    squares = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), (values - centre) ** 2]), axis=0)
    mean = (sums[n:] - sums[:-n]) / n
    variance = (squares[n:] - squares[:-n]) / n - mean**2
    return mean + centre, np.sqrt(np.maximum(variance, 0))


def _angle_deg(a: np.ndarray, b: np.ndarray) -> float:
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(a @ b / length, -1, 1)))) if length else 180.0


def _nearest_axis(force: np.ndarray) -> str:
    at = int(np.argmax(np.abs(force)))
    return ("-" if force[at] < 0 else "") + "xyz"[at]


def _doubt(force: np.ndarray, axes: str, tilt_deg: float) -> str:
    up = _nearest_axis(force)
    return (
        f"--axes={clean(axes, 20)} puts up {tilt_deg:.0f} degrees beside the measured up, which is near the file's {up}"
    )


def right_handed_axes(up: str) -> list[str]:
    """The four values of --axes whose Z is `up` ("x", "-z", ...)."""
    found: list[str] = []
    for names in permutations("xyz"):
        for signs in product(("", "-"), repeat=3):
            words = [sign + name for sign, name in zip(signs, names, strict=True)]
            if words[2] == up:
                try:
                    Mounting.from_axes(",".join(words))
                except ValueError:
                    continue
                found.append(",".join(words))
    return found
