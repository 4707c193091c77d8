"""Running sum over the last n values: an exact integer low-pass with a constant delay of (n - 1) / 2 samples.

Boxcars in series make smooth linear-phase filters (two: triangle, three: near-Gaussian) that never drift,
because what is added is later subtracted to the unit (Hogenauer 1981, the CIC filter).
"""

from array import array


class Boxcar:
    """Sum of the last `n` values pushed; values before the first push count as `fill`."""

    def __init__(self, n, fill=0):
        self.n = n
        self.sum = n * fill
        self._ring = array("i", (fill for _ in range(n)))
        self._at = 0

    def push(self, value):
        """Take one value and return the sum of the last n (|sum| < 2^30 is the caller's duty)."""
        at = self._at
        ring = self._ring
        total = self.sum + value - ring[at]
        ring[at] = value
        at += 1
        self._at = 0 if at == self.n else at
        self.sum = total
        return total

    def refill(self, value):
        """Forget the past: behave as if `value` had been pushed n times."""
        ring = self._ring
        for i in range(self.n):
            ring[i] = value
        self.sum = self.n * value
