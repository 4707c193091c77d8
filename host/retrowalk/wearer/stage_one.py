"""The exercises of stage 1, standing beside a support: tapping a toe back, and shifting the weight.

No step is taken and nothing is travelled, though at the ankle a tap swings like a small step. Sizes are invented.
"""

from dataclasses import dataclass, replace

import numpy as np

from retrowalk.wearer.event import Event, held
from retrowalk.wearer.schema import choice, number
from retrowalk.wearer.truth import Episode

_LIFT_M = 0.05
_KNEE_RAD = np.radians(35)
_STANCE_SHIFT_M = 0.03
_STANCE_LEAN_RAD = np.radians(2)
_SHIFT_ROLL_RAD = np.radians(2)


@dataclass(frozen=True)
class ToeTap(Event):
    """One foot goes back by `reach_m`, touches, and returns, all in `over_s`."""

    foot: str = choice(("left", "right"), "which foot", "right")
    reach_m: float = number("m", 0.05, 0.6, "how far back", 0.25)
    over_s: float = number("s", 0.8, 10, "how long, there and back", 1.6)

    @property
    def end_s(self):
        return self.at_s + self.over_s

    def move(self, moved, mount, foot):
        t_s = np.arange(len(moved.position_m)) * moved.dt_s
        away = held(t_s, self.at_s, 0.4 * self.over_s, 0.2 * self.over_s, 0.4 * self.over_s)
        none = np.zeros(len(t_s))
        if mount == "waist":
            aside = _STANCE_SHIFT_M * away * (1 if self.foot == "right" else -1)
            return _moved(moved, (none, aside, none), (none, _STANCE_LEAN_RAD * away))
        if foot != self.foot:
            return moved
        lift = _LIFT_M * 4 * away * (1 - away)
        return _moved(moved, (-self.reach_m * away, none, lift), (none, _KNEE_RAD * away))

    def episodes(self):
        return [Episode(self.at_s, self.end_s, "toe_tap", self.reach_m)]


@dataclass(frozen=True)
class WeightShift(Event):
    """The weight goes over to one foot, is held there and comes back; both feet stay where they are."""

    shift_m: float = number("m", -0.2, 0.2, "how far the pelvis goes, left positive")
    holds_s: float = number("s", 0, 30, "how long it is held", 1.0)
    going_s: float = number("s", 0.3, 10, "how long it takes each way", 0.9)

    @property
    def end_s(self):
        return self.at_s + 2 * self.going_s + self.holds_s

    def move(self, moved, mount, foot):
        t_s = np.arange(len(moved.position_m)) * moved.dt_s
        over = held(t_s, self.at_s, self.going_s, self.holds_s, self.going_s)
        roll = -np.sign(self.shift_m) * _SHIFT_ROLL_RAD * over
        none = np.zeros(len(t_s))
        aside = self.shift_m * over if mount == "waist" else none
        return _moved(moved, (none, aside, none), (roll, none))

    def episodes(self):
        return [Episode(self.at_s, self.end_s, "weight_shift", self.shift_m)]


def _moved(moved, by_m, by_rad):
    """The motion displaced along forward, left, up of the heading (standing: one heading), and rolled and pitched."""
    yaw = moved.angles_rad[:, 2]
    x, y, z = by_m
    displaced = np.column_stack([np.cos(yaw) * x - np.sin(yaw) * y, np.sin(yaw) * x + np.cos(yaw) * y, z])
    angles = moved.angles_rad + np.column_stack([*by_rad, np.zeros(len(yaw))])
    return replace(moved, position_m=moved.position_m + displaced, angles_rad=angles)
