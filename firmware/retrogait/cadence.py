"""Cadence from the last steps, without the odd one out.

The mean of the last six step intervals without the longest and the shortest: left and right steps weigh alike, and a
missed or doubled step does no harm. Intervals in samples (104 per second), cadence in tenths of steps a minute.
Called by the waist and ankle gait.
"""

from array import array

from retrogait import const

_KEEP = const(6)
_DSPM_SAMPLES = const(104 * 60 * 10)


class Cadence:
    """`interval` (trimmed mean of the last intervals in samples, 0 when unknown) and `dspm`."""

    def __init__(self):
        self.interval = 0
        self.dspm = 0
        self._ring = array("i", (0 for _ in range(_KEEP)))
        self._n = 0

    def clear(self):
        """The walk is over."""
        self._n = 0
        self.interval = 0
        self.dspm = 0

    def add(self, interval):
        """One more step interval, in samples (> 0)."""
        ring = self._ring
        ring[self._n % _KEEP] = interval
        self._n += 1
        if self._n >= 2 * _KEEP:
            self._n -= _KEEP
        n = self._n if self._n < _KEEP else _KEEP
        total = 0
        low = high = ring[0]
        for i in range(n):
            value = ring[i]
            total += value
            if value < low:
                low = value
            if value > high:
                high = value
        if n > 2:
            total -= low + high
            n -= 2
        self.interval = total // n
        self.dspm = _DSPM_SAMPLES * n // total
