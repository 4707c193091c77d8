"""What really happened in a walk of the model: the answer sheet for steps, direction, lean, turns, distance, events.

Times in seconds of the track (sample index / 104). Called by tests, benchmarks and the demo.
"""

from dataclasses import dataclass

import numpy as np

from retrogait import RATE_HZ
from retrowalk.wearer.script import BACKWARD, SHORTEST_STOP_S, STILL, starts_s

TURN = "turn"
# Lean is judged without the sway of the steps, cadence over this many of them.
_LEAN_MEAN_S = 1.0
_CADENCE_STEPS = 4


@dataclass(frozen=True)
class Interval:
    """`state` is backward, forward, turn or still."""

    start_s: float
    end_s: float
    state: str


@dataclass(frozen=True)
class Turn:
    """`angle_deg` is left positive."""

    start_s: float
    end_s: float
    angle_deg: float


@dataclass(frozen=True)
class Episode:
    """Something that happened: `kind` look, lean, stumble, fall, lying, slip, toe_tap, weight_shift or sudden_stop, and
    its `size` in the unit of the event's main field (docs/reference/scenarios.md), m/s for a sudden stop.
    """

    start_s: float
    end_s: float
    kind: str
    size: float


@dataclass(frozen=True)
class Truth:
    """Steps: time of each initial contact, its direction (`backward`, `forward`) and foot (`left`, `right`), in order.
    Per sample: `lean_deg` (forward +) and `side_deg` (right +) of the pelvis with its sway, `heading_deg` (left +),
    `distance_m` walked so far, either way, over ground: on a treadmill it stays 0, and `belt_mps` is the belt's speed.
    `twist_deg`: the pelvis off the heading (left +). `episodes` are in order of time.
    `purpose`: what the walk is for, in a sentence, if it has a name.
    """

    step_times_s: np.ndarray
    step_directions: list[str]
    step_feet: list[str]
    lean_deg: np.ndarray
    side_deg: np.ndarray
    heading_deg: np.ndarray
    distance_m: np.ndarray
    intervals: list[Interval]
    turns: list[Turn]
    twist_deg: np.ndarray
    belt_mps: np.ndarray
    episodes: list[Episode]
    purpose: str

    @property
    def step_count(self):
        """Steps of both feet."""
        return len(self.step_times_s)

    @property
    def backward_count(self):
        """Steps backward."""
        return self.step_directions.count(BACKWARD)

    def of_kind(self, kind):
        """The episodes of a kind."""
        return [episode for episode in self.episodes if episode.kind == kind]

    def pauses(self):
        """The Intervals of standing between two of walking."""
        return [each for each in self.intervals[1:-1] if each.state == STILL]

    def leans(self, beyond_deg, least_s):
        """(start_s, end_s) of each stretch of at least `least_s` whose mean lean over 1 s is beyond a limit: forward of
        a positive limit, back of a negative one.
        """
        return _stretches(_mean(self.lean_deg) * np.sign(beyond_deg) > abs(beyond_deg), least_s)

    def side_leans(self, beyond_deg, least_s):
        """The same for side lean: to the right of a positive limit, to the left of a negative one."""
        return _stretches(_mean(self.side_deg) * np.sign(beyond_deg) > abs(beyond_deg), least_s)

    def hurries(self, limit_spm, least_s):
        """(start_s, end_s) of each stretch of at least `least_s` backward in which four steps were faster than that."""
        times_s = self.step_times_s[np.array(self.step_directions) == BACKWARD]
        hasty = np.zeros(len(self.lean_deg), bool)
        for start_s, end_s in zip(times_s, times_s[_CADENCE_STEPS:], strict=False):
            if 60 * _CADENCE_STEPS / (end_s - start_s) > limit_spm:
                hasty[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] = True
        return _stretches(hasty, least_s)


def _mean(values):
    """The mean over 1 s around each sample; the ends are held."""
    length = round(_LEAN_MEAN_S * RATE_HZ)
    padded = np.pad(values, (length // 2, length - 1 - length // 2), mode="edge")
    return np.convolve(padded, np.ones(length) / length, "valid")


def _stretches(mask, least_s):
    """(start_s, end_s) of the runs of True that last at least `least_s`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]]))) / RATE_HZ
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(float(start_s), float(end_s)) for start_s, end_s in pairs if end_s - start_s >= least_s]


def intervals_of(script):
    """The script as Intervals: neighbours of one state are joined, and a segment that turns is a `turn`."""
    out = []
    bounds_s = starts_s(script)
    for segment, start_s, end_s in zip(script, bounds_s, bounds_s[1:], strict=False):
        state = TURN if segment.turn_deg else segment.direction
        if out and out[-1].state == state != TURN:
            out[-1] = Interval(out[-1].start_s, float(end_s), state)
        else:
            out.append(Interval(float(start_s), float(end_s), state))
    return out


def turns_of(script):
    """The segments that turn, as Turns."""
    bounds_s = starts_s(script)
    return [
        Turn(float(start_s), float(end_s), segment.turn_deg)
        for segment, start_s, end_s in zip(script, bounds_s, bounds_s[1:], strict=False)
        if segment.turn_deg
    ]


def sudden_stops_of(script):
    """An Episode for each segment of standing that comes quicker than people stop; its size is the speed before."""
    bounds_s = starts_s(script)
    return [
        Episode(float(start_s), float(start_s + segment.change_s), "sudden_stop", before.speed_mps)
        for before, segment, start_s in zip(script, script[1:], bounds_s[1:], strict=False)
        if segment.direction == STILL != before.direction and 0 < segment.change_s < SHORTEST_STOP_S
    ]
