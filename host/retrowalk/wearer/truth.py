"""What really happened in a walk of the model: the answer sheet for steps, direction, lean, turns and distance.

Times in seconds of the track (sample index / 104). Called by tests, benchmarks and the demo.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.wearer.script import BACKWARD, starts_s

TURN = "turn"


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
class Truth:
    """Steps: time of each initial contact, its direction (`backward`, `forward`) and foot (`left`, `right`), in order.
    Per sample: `lean_deg` (forward +) and `side_deg` (right +) of the pelvis with its sway, `heading_deg` (left +),
    `distance_m` walked so far, either way.
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

    @property
    def step_count(self):
        """Steps of both feet."""
        return len(self.step_times_s)

    @property
    def backward_count(self):
        """Steps backward."""
        return self.step_directions.count(BACKWARD)


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
