"""A fall: the body tips over, drops, meets the floor, lies still, and may get up again.

At the waist the pelvis drops; at the ankle the foot first flies up and then drops. Both stop within `stop_s`, which
makes the impact: 2.5 m/s to rest in 0.1 s is about 5 g. The rule of design/gait.md asks for over 3 g; the shape in time
is invented. The script must stand still meanwhile.
"""

from dataclasses import dataclass, replace

import numpy as np

from retrowalk.wearer.event import Event, held
from retrowalk.wearer.schema import number
from retrowalk.wearer.script import smooth_step
from retrowalk.wearer.truth import Episode

_ANKLE_LIFT_M = 0.25
_UP_S = 3.0
# Who lies still breathes.
_BREATH_RAD = np.radians(0.3)
_BREATH_HZ = 0.25


@dataclass(frozen=True)
class Fall(Event):
    """Tips by `pitch_deg` and `roll_deg` while dropping for `over_s`; then the floor stops it."""

    pitch_deg: float = number("deg", -90, 90, "how it lies then, forward positive", 0.0)
    roll_deg: float = number("deg", -90, 90, "how it lies then, to the right positive", 0.0)
    drop_m: float = number("m", 0.1, 1.2, "how far the pelvis drops", 0.8)
    over_s: float = number("s", 0.3, 2, "how long it drops", 0.55)
    stop_s: float = number("s", 0.05, 0.5, "how long the floor takes to stop it", 0.1)
    lies_s: float = number("s", 0, 600, "how long it lies still; then it takes 3 s to get up", 20.0)

    @property
    def impact_s(self):
        """When it has come to rest on the floor."""
        return self.at_s + self.over_s + self.stop_s

    @property
    def end_s(self):
        return self.impact_s + self.lies_s + _UP_S

    def move(self, moved, mount, foot):
        t_s = np.arange(len(moved.position_m)) * moved.dt_s
        fallen = held(t_s, self.at_s, self.over_s + self.stop_s, self.lies_s, _UP_S)
        lying_rad = np.radians([self.roll_deg, self.pitch_deg]) + np.zeros((len(t_s), 2))
        lying_rad[:, 1] += _BREATH_RAD * np.sin(2 * np.pi * _BREATH_HZ * (t_s - self.impact_s))
        angles = moved.angles_rad.copy()
        angles[:, :2] += fallen[:, None] * (lying_rad - angles[:, :2])
        position = moved.position_m.copy()
        position[:, 2] += self._height_m(t_s, moved.dt_s, mount)
        return replace(moved, position_m=position, angles_rad=angles)

    def _height_m(self, t_s, dt_s, mount):
        """Height against standing [n]: down to the floor, and up again at the end."""
        if mount == "waist":
            up_s = smooth_step((t_s - self.impact_s - self.lies_s) / _UP_S)
            return self._drop(t_s, dt_s, self.at_s, self.drop_m) + self.drop_m * up_s
        half_s = self.over_s / 2
        lift = _ANKLE_LIFT_M * smooth_step((t_s - self.at_s) / half_s)
        return lift + self._drop(t_s, dt_s, self.at_s + half_s, _ANKLE_LIFT_M)

    def _drop(self, t_s, dt_s, from_s, drop_m):
        """Falling by `drop_m` from `from_s` until the floor has stopped it: ever faster, then not at all."""
        falling_s = self.at_s + self.over_s - from_s
        speed = 2 * drop_m / (falling_s + self.stop_s)
        velocity = -speed * held(t_s, from_s, falling_s, 0.0, self.stop_s)
        return np.cumsum(velocity) * dt_s

    def episodes(self):
        tilt_deg = self.pitch_deg if abs(self.pitch_deg) >= abs(self.roll_deg) else self.roll_deg
        return [
            Episode(self.at_s, self.impact_s, "fall", tilt_deg),
            Episode(self.impact_s, self.impact_s + self.lies_s, "lying", tilt_deg),
        ]
