"""What the wearer is told to do: segments of standing and walking, and the smooth commands they turn into.

Pure data and numpy; units in the names; lean and side lean as in docs/reference/frames.md. Called by the walking model.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.wearer.schema import choice, number

STILL, BACKWARD, FORWARD = "still", "backward", "forward"
_SIGN = {STILL: 0, BACKWARD: -1, FORWARD: 1}
# The least time people take to start or stop walking, unless they must.
SHORTEST_STOP_S = 0.8


@dataclass(frozen=True)
class Segment:
    """`duration_s` of one behaviour. Lean, side lean, speed, cadence and irregularity glide to their new values over
    the first `ramp_s`, from standing upright in the first segment; `turn_deg` is spread over the whole segment.
    """

    duration_s: float = number("s", 0.1, 3600, "how long")
    direction: str = choice((STILL, BACKWARD, FORWARD), "what the wearer does", STILL)
    speed_mps: float = number("m/s", 0, 2, "of walking; at least 0.05", 0.0)
    cadence_spm: float = number("steps/min", 0, 160, "of walking; at least 15", 0.0)
    lean_deg: float = number("deg", -45, 45, "forward positive", 0.0)
    side_deg: float = number("deg", -45, 45, "to the right positive", 0.0)
    turn_deg: float = number("deg", -360, 360, "turned within the segment, left positive", 0.0)
    ramp_s: float = number("s", 0.05, 3600, "glide from the segment before", 1.0)
    irregular_percent: float = number("%", 0, 25, "how uneven the step times are, from step to step", 0.0)
    change_s: float = number("s", 0, 5, "time to start or stop; 0: as people do, 0.8 s or longer", 0.0)


@dataclass(frozen=True)
class Commands:
    """Arrays [n] on the grid `t_s`. `drive` runs from -1 (backward) over 0 (still) to 1 (forward); `speed_mps` and
    `cadence_spm` are those of full drive; `heading_rad` is left positive. `twist_rad` turns the pelvis off the heading;
    `irregular` is the part by which step times differ; `pace` slows or stops (0) the legs for a moment, while the body
    goes on. On a `belt` no way is made.
    """

    t_s: np.ndarray
    drive: np.ndarray
    speed_mps: np.ndarray
    cadence_spm: np.ndarray
    lean_rad: np.ndarray
    side_rad: np.ndarray
    heading_rad: np.ndarray
    twist_rad: np.ndarray
    irregular: np.ndarray
    pace: np.ndarray
    belt: bool = False


def smooth_step(fraction):
    """0 to 1 for a fraction of 0 to 1, with speed and acceleration 0 at both ends."""
    fraction = np.clip(fraction, 0.0, 1.0)
    return fraction**3 * (10 - 15 * fraction + 6 * fraction**2)


def check(script):
    """Raises ValueError where a script cannot be walked: the text says which segment and why."""
    if not script:
        raise ValueError("a script needs at least one segment")
    last = STILL
    for position, segment in enumerate(script):
        where = f"segment {position}"
        if segment.direction not in _SIGN:
            raise ValueError(f"{where}: direction is still, backward or forward, not {segment.direction!r}")
        if segment.duration_s <= 0 or not 0 < segment.ramp_s <= segment.duration_s:
            raise ValueError(f"{where}: duration must be above 0 and the ramp must fit into it")
        if segment.direction != STILL and not (0.05 <= segment.speed_mps <= 2 and 15 <= segment.cadence_spm <= 160):
            raise ValueError(f"{where}: walking needs 0.05 to 2 m/s and 15 to 160 steps/min")
        if STILL not in (last, segment.direction) and last != segment.direction:
            raise ValueError(f"{where}: nobody turns from {last} to {segment.direction} without standing between")
        last = segment.direction


def starts_s(script):
    """Start time of each segment [n], and the end of the last."""
    return np.concatenate([[0.0], np.cumsum([segment.duration_s for segment in script])])


def commands(script, rate_hz):
    """The script as Commands at `rate_hz`. Raises ValueError as `check` does."""
    check(script)
    bounds_s = starts_s(script)
    t_s = np.arange(round(bounds_s[-1] * rate_hz)) / rate_hz
    walking = _walking(script)
    ramps_s = [segment.ramp_s for segment in script]
    drive_ramps_s = [
        min(segment.duration_s, segment.change_s or max(SHORTEST_STOP_S, 48.0 / cadence))
        for segment, (_, cadence) in zip(script, walking, strict=True)
    ]

    def glide(values, lengths_s, before=0.0):
        out = np.full(len(t_s), float(before))
        for at_s, length_s, value in zip(bounds_s, lengths_s, values, strict=False):
            out += (value - before) * smooth_step((t_s - at_s) / length_s)
            before = value
        return out

    heading_deg = np.zeros(len(t_s))
    for segment, at_s in zip(script, bounds_s, strict=False):
        heading_deg += segment.turn_deg * smooth_step((t_s - at_s) / segment.duration_s)
    return Commands(
        t_s=t_s,
        drive=glide([_SIGN[segment.direction] for segment in script], drive_ramps_s),
        speed_mps=glide([speed for speed, _ in walking], ramps_s, walking[0][0]),
        cadence_spm=glide([cadence for _, cadence in walking], ramps_s, walking[0][1]),
        lean_rad=np.radians(glide([segment.lean_deg for segment in script], ramps_s)),
        side_rad=np.radians(glide([segment.side_deg for segment in script], ramps_s)),
        heading_rad=np.radians(heading_deg),
        twist_rad=np.zeros(len(t_s)),
        irregular=glide([segment.irregular_percent / 100 for segment in script], ramps_s),
        pace=np.ones(len(t_s)),
    )


def _walking(script):
    """(speed, cadence) of each segment; standing keeps what was before it, or the first walking to come."""
    known = [(s.speed_mps, s.cadence_spm) for s in script if s.direction != STILL]
    held = known[0] if known else (0.5, 90.0)
    out = []
    for segment in script:
        if segment.direction != STILL:
            held = (segment.speed_mps, segment.cadence_spm)
        out.append(held)
    return out
