"""Running mean whose length can change while it runs: a boxcar that follows the wearer's pace.

The length moves by one sample at each push towards `aim`, so that the mean never jumps. Any unit; exact integers.
"""

from array import array


class StretchBoxcar:
    """Mean of the last `n` values, 1 <= n < `capacity` (a power of two); |value| * capacity < 2^30."""

    def __init__(self, capacity, n):
        self.n = n
        self.aim = n
        self._mask = capacity - 1
        self._ring = array("i", (0 for _ in range(capacity)))
        self._at = 0
        self._sum = 0

    def push(self, value):
        """Take one value and return the mean."""
        ring = self._ring
        mask = self._mask
        at = (self._at + 1) & mask
        self._at = at
        ring[at] = value
        n = self.n
        total = self._sum + value
        if n < self.aim:
            n += 1
            self.n = n
        else:
            total -= ring[(at - n) & mask]
            if n > self.aim:
                n -= 1
                self.n = n
                total -= ring[(at - n) & mask]
        self._sum = total
        return total // n

    def clear(self, n):
        """Forget the past: the last `n` values were 0."""
        self.n = n
        self.aim = n
        self._sum = 0
        ring = self._ring
        for i in range(len(ring)):
            ring[i] = 0
