"""How a wearer walks throughout: sway, rhythm, a limp, and what is underfoot.

The defaults are those of a healthy walker on the floor. Called by the walking model.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.wearer.gait_cycle import TOE_OFF_PHASE
from retrowalk.wearer.schema import choice, flag, number

EVEN_PERCENT = 50.0
# Where the lower back is highest on the left foot, and on the right half a stride later: the gait cycle's tables.
_LEFT_RISE_PHASE = 0.31


@dataclass(frozen=True)
class Manner:
    """`limp_percent`: part of a stride's time that the step off `limp_foot` takes; the other step takes the rest."""

    sway: float = number("", 0, 3, "slow sway, as a factor; below 1 with a hand on a rail", 1.0)
    rhythm_percent: float = number("%", 0, 10, "slow drift of the cadence", 3.5)
    limp_percent: float = number(
        "%", 35, 50, "share of a stride that is spent on the foot that hurts; 50 is even", EVEN_PERCENT
    )
    limp_foot: str = choice(("left", "right"), "the foot that hurts", "right")
    limp_rise: float = number(
        "", 0, 0.8, "by how much less the body rises over that foot, and more over the other", 0.0
    )
    belt: bool = flag("walks on a treadmill: nothing is travelled over ground")

    @property
    def limps(self):
        """Whether the two steps differ in time or in rise."""
        return self.limp_percent != EVEN_PERCENT or self.limp_rise > 0

    def limping(self, phase, drive):
        """The phase [n] in strides bent so that the contacts of the two feet come unevenly; it still rises everywhere.

        Contacts forward are at phase 0 (left) and 0.5, backward at the toe-off phase and half a stride off it.
        """
        late = (EVEN_PERCENT - self.limp_percent) / 200.0
        depth = self._side * late / np.cos(2 * np.pi * late)
        ahead = np.maximum(drive, 0) * np.cos(2 * np.pi * phase)
        back = np.maximum(-drive, 0) * np.cos(2 * np.pi * (phase - TOE_OFF_PHASE))
        return phase + depth * (ahead - back)

    def rise(self, phase):
        """Factor [n] on the size of the gait cycle: smaller while the foot that hurts carries."""
        return 1 + self._side * self.limp_rise * np.cos(2 * np.pi * (phase - _LEFT_RISE_PHASE))

    @property
    def _side(self):
        """+1 if the right foot hurts: the time from right to left contact is then the short one."""
        return 1 if self.limp_foot == "right" else -1
