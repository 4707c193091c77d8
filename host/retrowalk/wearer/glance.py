"""Small things a walker does for seconds and takes back: looking over the shoulder, and leaning.

A look turns the pelvis against the way one walks; the way itself stays. Degrees as in docs/reference/frames.md.
"""

from dataclasses import dataclass, replace

import numpy as np

from retrowalk.wearer.event import Event, held
from retrowalk.wearer.schema import number
from retrowalk.wearer.truth import Episode


@dataclass(frozen=True)
class Look(Event):
    """Looks over the shoulder: the pelvis turns, is held, and turns back."""

    twist_deg: float = number("deg", -60, 60, "how far the pelvis turns, left positive")
    holds_s: float = number("s", 0, 60, "how long it is held")
    going_s: float = number("s", 0.2, 10, "how long it takes each way", 0.7)

    @property
    def end_s(self):
        return self.at_s + 2 * self.going_s + self.holds_s

    def tell(self, told):
        part = held(told.t_s, self.at_s, self.going_s, self.holds_s, self.going_s)
        return replace(told, twist_rad=told.twist_rad + np.radians(self.twist_deg) * part)

    def episodes(self):
        return [Episode(self.at_s, self.end_s, "look", self.twist_deg)]


@dataclass(frozen=True)
class Lean(Event):
    """Leans for a while, forward, back or to a side."""

    lean_deg: float = number("deg", -45, 45, "forward positive", 0.0)
    side_deg: float = number("deg", -45, 45, "to the right positive", 0.0)
    holds_s: float = number("s", 0, 600, "how long it is held", 0.0)
    going_s: float = number("s", 0.2, 60, "how long it takes each way", 1.0)

    @property
    def end_s(self):
        return self.at_s + 2 * self.going_s + self.holds_s

    def tell(self, told):
        part = held(told.t_s, self.at_s, self.going_s, self.holds_s, self.going_s)
        return replace(
            told,
            lean_rad=told.lean_rad + np.radians(self.lean_deg) * part,
            side_rad=told.side_rad + np.radians(self.side_deg) * part,
        )

    def episodes(self):
        size = self.lean_deg if abs(self.lean_deg) >= abs(self.side_deg) else self.side_deg
        return [Episode(self.at_s, self.end_s, "lean", size)]
