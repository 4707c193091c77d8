"""How even the last steps were: variation of step time, in permille of the mean, for the cue "unsteady".

Each step is compared with the one before of the same foot, two steps back, so that neither a limp nor a change of pace
counts as unsteady: the root mean square of twenty such differences over sqrt(2) is the standard deviation of steps that
vary at random (von Neumann 1941, Ann. Math. Stat. 12:367, the successive difference).

Twenty steps are ten strides: enough to tell a walker who has lost the rhythm, not enough for a figure of a session,
which asks for twenty strides (retrogait.variability). Straight steps only, in rhythm (0.6 to 1.6 of the usual interval,
as there): the caller leaves turns out. Intervals in samples; called by retrogait.tally at each step.
"""

from array import array

from retrogait.fixed import isqrt

_STEPS = 20
_LONGEST = 400


class Evenness:
    """`cv_permille` of the last twenty steps, -1 while there are fewer since the walk began."""

    def __init__(self):
        self.cv_permille = -1
        self._ring = array("h", (0 for _ in range(_STEPS)))
        self._before = self._before_that = 0
        self._count = 0

    def restart(self):
        """A new bout: the steps before it do not count."""
        self._count = 0
        self._before = self._before_that = 0
        self.cv_permille = -1

    def push(self, interval, usual):
        """One straight step; `usual`: the median interval, 0 while unknown."""
        if not usual or interval > _LONGEST or not 6 * usual < 10 * interval < 16 * usual:
            return
        same_foot = self._before_that
        self._before_that = self._before
        self._before = interval
        if not same_foot:
            return
        ring = self._ring
        ring[self._count % _STEPS] = 1000 * (interval - same_foot) // usual
        self._count += 1
        if self._count < _STEPS:
            return
        if self._count >= 2 * _STEPS:
            self._count -= _STEPS
        squares = 0
        for i in range(_STEPS):
            squares += ring[i] * ring[i]
        self.cv_permille = isqrt(squares // (2 * _STEPS))
