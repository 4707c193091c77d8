"""Stumbles: a step that takes far too long while the trunk tips, or a late one that a hasty one follows.

The rule of design/gait.md is a step of over 1.8 times the usual while the trunk tips at over 100 degrees per second.
Here the tip itself is often taken for a contact, which cuts the long step in two; what is left is a late step (1.2
times the usual or more) and then the quick step that catches the fall (0.85 or less), the tip within the late one or
the one before it: that counts as well. A loosely worn clip tips at over 100 degrees per second at each step, so the tip
must also be twice what it was on the median of the last eight steps. Neither rule is validated on real stumbles (none
are recorded): ordinary walking gives none, and that is all that is claimed. A stumble breaks a rhythm, so for the first
rule the step before must have been in rhythm (0.7 to 1.4 of the usual time): of a shuffle from chair to table nothing
can be told. Tipping is about the horizontal axes only, and the caller leaves turns out, where a faint step may be
missed. Called by retrogait.tally at each straight step; indices in samples.
"""

from retrogait import const
from retrogait.events import STUMBLE
from retrogait.history import KEPT, TICK
from retrogait.median import Median

_TIPPING_DDPS = const(1000)
_STEPS = const(8)
_FEWEST = const(4)
_LONG_AGO = const(99)


class Stumble:
    """tipping: History of |rate| about the horizontal axes, ddps. events: the queue that gets STUMBLE, at the moment of
    the fastest tipping. `count` of them.
    """

    def __init__(self, tipping, events):
        self.count = 0
        self._tipping = tipping
        self._events = events
        self._usual_tip = Median(_STEPS)
        self._before = 0
        # The tick of the last tip that was no walker's, and how many steps ago; how late the last step was, in percent.
        self._tipped = 0
        self._age = _LONG_AGO
        self._late = 0

    def push(self, index, interval, usual):
        """A step that ended at sample `index`, `interval` after the one before; `usual`: 0 while unknown."""
        before, late = self._before, self._late
        self._before = interval
        self._late = 0
        fastest = self._fastest(index, interval)
        if not usual or fastest < 0:
            self._age = _LONG_AGO
            return
        rate = self._tipping.ring[fastest % KEPT]
        self._age = min(self._age + 1, _LONG_AGO)
        if rate > _TIPPING_DDPS and self._usual_tip.count >= _FEWEST and rate > 2 * self._usual_tip.value:
            self._tipped = fastest
            self._age = 0
        self._usual_tip.push(rate)
        percent = 100 * interval // usual
        held = self._age == 0 and percent > 180 and 7 * usual < 10 * before < 14 * usual
        caught = self._age <= 2 and late >= 120 and percent <= 85
        if held or caught:
            self.count += 1
            self._events.add(self._tipped * TICK, STUMBLE)
            self._age = _LONG_AGO
        elif self._age <= 1:
            self._late = percent

    def _fastest(self, index, interval):
        """The tick of the fastest tipping in the step, -1 where the history does not reach."""
        first, end = (index - interval) // TICK, index // TICK
        if end <= first or not self._tipping.holds(first, end):
            return -1
        tipping = self._tipping.ring
        fastest = first
        for tick in range(first, end):
            if tipping[tick % KEPT] > tipping[fastest % KEPT]:
                fastest = tick
        return fastest
