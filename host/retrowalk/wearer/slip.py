"""A clip that slips on the belt or strap: from then on it hangs otherwise than it was calibrated.

The wearer does not move for it; the clip alone turns, about one axis of the wearer's, and its gyro feels that too.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.wearer.event import Event
from retrowalk.wearer.schema import choice, number
from retrowalk.wearer.script import smooth_step
from retrowalk.wearer.truth import Episode

# The axis, the index of the two axes that turn into each other, of the wearer's frame.
_AXES = {"roll": (0, 1, 2), "pitch": (1, 2, 0), "twist": (2, 0, 1)}


@dataclass(frozen=True)
class Slip(Event):
    """The clip turns by `angle_deg` about `axis` (signs as of the wearer's lean, side lean and twist) in `over_s`."""

    angle_deg: float = number("deg", -180, 180, "how far the clip turns")
    axis: str = choice(
        ("pitch", "roll", "twist"), "about which axis: pitch forward +, roll right +, twist left +", "pitch"
    )
    over_s: float = number("s", 0.1, 60, "how long it slips", 0.5)

    @property
    def end_s(self):
        return self.at_s + self.over_s

    def slip(self, t_s, force, rate):
        about, first, second = _AXES[self.axis]
        angle = np.radians(self.angle_deg) * smooth_step((t_s - self.at_s) / self.over_s)
        cos, sin = np.cos(angle), np.sin(angle)
        turned = []
        for vector in (force, rate):
            out = vector.copy()
            out[:, first] = cos * vector[:, first] + sin * vector[:, second]
            out[:, second] = cos * vector[:, second] - sin * vector[:, first]
            turned.append(out)
        turned[1][:, about] += np.gradient(angle, t_s)
        return turned[0], turned[1]

    def episodes(self):
        return [Episode(self.at_s, self.end_s, "slip", self.angle_deg)]
