"""When feet touch the ground, and the short shock each touch sends to the clip.

Walking forward a foot touches at phase 0 (left) and 0.5 (right); walking backward, the reversal of the same cycle, it
touches where it would leave forward: toe first, at the toe-off phase. Called by the walking model.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.wearer.gait_cycle import TOE_OFF_PHASE, speed_scale
from retrowalk.wearer.script import BACKWARD, FORWARD

LEFT, RIGHT = "left", "right"
_LEAST_DRIVE = 0.3
_SHOCK_S = 0.3


@dataclass(frozen=True)
class Contact:
    """One initial contact: time, foot (`left`, `right`), direction (`backward`, `forward`) and speed then."""

    t_s: float
    foot: str
    direction: str
    speed_mps: float


@dataclass(frozen=True)
class Shock:
    """A damped ring of `size_mps2` at 1.1 m/s along forward, outward of the foot and up; toes land softer, by
    `backward_ratio`.
    """

    size_mps2: tuple[float, float, float]
    frequency_hz: float
    decay_s: float
    speed_exponent: float
    backward_ratio: float


WAIST_SHOCK = Shock((0.4, -1.3, 4.0), 8.5, 0.055, 0.8, 0.6)
ANKLE_SHOCK = Shock((-14.0, 3.0, 18.0), 14.0, 0.03, 0.8, 0.6)


def find_contacts(commands, phase):
    """The initial contacts of a walk in order of time. `phase` [n]: as shown, that is after the dwelling."""
    found = []
    for foot, at in ((LEFT, 0.0), (RIGHT, 0.5)):
        found += _crossings(commands, phase - at, foot, FORWARD)
        found += _crossings(commands, TOE_OFF_PHASE + at - phase, foot, BACKWARD)
    return sorted(found, key=lambda contact: contact.t_s)


def _crossings(commands, rising, foot, direction):
    """Contacts where `rising` [n] passes a whole number upward while the wearer goes in `direction`."""
    whole = np.floor(rising)
    before = np.flatnonzero(whole[1:] > whole[:-1])
    drive = commands.drive if direction == FORWARD else -commands.drive
    out = []
    for i in before[drive[before] > _LEAST_DRIVE]:
        part = (whole[i + 1] - rising[i]) / (rising[i + 1] - rising[i])
        t_s = commands.t_s[i] + part * (commands.t_s[i + 1] - commands.t_s[i])
        out.append(Contact(float(t_s), foot, direction, float(commands.speed_mps[i] * drive[i])))
    return out


def shock_mps2(contacts, shock, t_s):
    """The specific force [n, 3] (body axes) that `contacts` add on the grid `t_s`."""
    out = np.zeros((len(t_s), 3))
    axis = np.array(shock.size_mps2)
    for contact in contacts:
        start, end = np.searchsorted(t_s, [contact.t_s, contact.t_s + _SHOCK_S])
        since_s = t_s[start:end] - contact.t_s
        ring = np.sin(2 * np.pi * shock.frequency_hz * since_s) * np.exp(-since_s / shock.decay_s)
        size = speed_scale(contact.speed_mps, shock.speed_exponent, shock.speed_exponent)
        if contact.direction == BACKWARD:
            size = size * shock.backward_ratio
        outward = 1 if contact.foot == LEFT else -1
        out[start:end] += size * ring[:, None] * axis * [1, outward, 1]
    return out
