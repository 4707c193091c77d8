"""Stumbles: a step that takes over 1.8 times the usual while the trunk tips at over 100 degrees per second.

The rule of design/gait.md, not validated on real stumbles (none are recorded): ordinary walking gives none, and that
is all that is claimed. Either half alone is common: a pause is slow, a quick nod is fast. A stumble breaks a rhythm, so
the step before must have been in rhythm (0.7 to 1.4 of the usual time): of a shuffle from chair to table nothing can be
told. Tipping is about the horizontal axes only, and the caller leaves turns out, where a faint step may be missed.
Called by retrogait.tally at each straight step; indices in samples.
"""

from retrogait import const
from retrogait.events import STUMBLE
from retrogait.history import KEPT, TICK

_TIPPING_DDPS = const(1000)


class Stumble:
    """tipping: History of |rate| about the horizontal axes, ddps. events: the queue that gets STUMBLE, at the moment of
    the fastest tipping. `count` of them.
    """

    def __init__(self, tipping, events):
        self.count = 0
        self._tipping = tipping
        self._events = events
        self._before = 0

    def push(self, index, interval, usual):
        """A step that ended at sample `index`, `interval` after the one before; `usual`: 0 while unknown."""
        before = self._before
        self._before = interval
        if not usual or 10 * interval <= 18 * usual or not 7 * usual < 10 * before < 14 * usual:
            return
        first, end = (index - interval) // TICK, index // TICK
        if not self._tipping.holds(first, end):
            return
        tipping = self._tipping.ring
        fastest = first
        for tick in range(first, end):
            if tipping[tick % KEPT] > tipping[fastest % KEPT]:
                fastest = tick
        if tipping[fastest % KEPT] > _TIPPING_DDPS:
            self.count += 1
            self._events.add(fastest * TICK, STUMBLE)
