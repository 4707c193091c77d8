"""The last ten seconds of one signal, for what is judged step by step: steps are told up to ten seconds late.

One entry for every four samples (26 Hz, "tick"; tick k covers samples 4k to 4k + 3), in the unit of the caller. Filled
by retrogait.engine; read by distance, ankle_distance and stumble.
"""

from array import array

from retrogait.fixed import clamp

TICK = 4
KEPT = 256
"""Ticks remembered: the first three steps of a walk of 25 steps a minute, and the second and a half to tell them."""


class History:
    """`ring` holds the value of tick k at k % KEPT, for the ticks from `first` to `last`; |value| <= `limit` < 2^15."""

    def __init__(self, limit):
        self.ring = array("h", (0 for _ in range(KEPT)))
        self.first = 0
        self.last = -1
        self._limit = limit

    def push(self, index, value):
        """The tick that ends with sample `index`."""
        tick = index // TICK
        self.ring[tick % KEPT] = clamp(value, -self._limit, self._limit)
        self.last = tick
        if tick - self.first >= KEPT:
            self.first = tick - KEPT + 1

    def restart(self, index):
        """A gap ended before sample `index`: nothing older may be used."""
        self.first = -(-index // TICK)
        self.last = self.first - 1

    def holds(self, first, end):
        """True when all ticks from `first` up to `end` (not included) are here."""
        return self.first <= first and end <= self.last + 1
