"""Bumps of the waist's step signal: its upper turning points, with hysteresis.

A bump's size is its rise from the valley before; its place the vertex of the parabola through the three highest ticks,
with the delay of the step signal taken off. Indices in samples, levels in 1/400 mg. Called by retrogait.waist_steps.
"""

from retrogait import const
from retrogait.fixed import clamp
from retrogait.waist_signal import DELAY, MG, TICK

# A little more than the sensor and quiet standing leave in the signal.
_HYSTERESIS = 6 * MG
# Above every level.
_NO_LEVEL = const(1 << 29)


class Bumps:
    """After `push` returned True: the bump just ended, in `at` (sample index) and `size`."""

    def __init__(self):
        self.at = 0
        self.size = 0
        self._top = self._valley = self._before = self._after = 0
        self._top_index = 0
        self.restart()

    def restart(self):
        """After a gap: the next level is where the signal begins."""
        self._rising = False
        self._low = self._previous = _NO_LEVEL

    def push(self, index, level):
        """The level told by the tick that ended with sample `index`."""
        ended = False
        if self._rising:
            if level > self._top:
                self._mark(index, level)
            else:
                if index - self._top_index == TICK:
                    self._after = level
                if self._top - level > _HYSTERESIS:
                    self._rising = False
                    self._low = level
                    self.at = self._vertex()
                    self.size = self._top - self._valley
                    ended = True
        elif level < self._low:
            self._low = level
        elif level - self._low > _HYSTERESIS:
            self._rising = True
            self._valley = self._low
            self._mark(index, level)
        self._previous = level
        return ended

    def _mark(self, index, level):
        self._before = self._previous
        self._top = level
        self._top_index = index

    def _vertex(self):
        curve = self._before - 2 * self._top + self._after
        shift = clamp(2 * (self._before - self._after) // curve, -2, 2) if curve < 0 else 0
        return self._top_index - DELAY + shift
