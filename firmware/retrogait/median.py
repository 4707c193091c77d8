"""Median of the last few values, kept sorted: a running reference that one odd stride cannot move.

Any unit; the caller keeps values inside +-2^30. Nothing is allocated after construction.
"""

from array import array


class Median:
    """Median of the last `n` values pushed; of fewer while fewer were pushed (the lower one of an even count)."""

    def __init__(self, n):
        self.value = 0
        self.count = 0
        self._n = n
        self._at = 0
        self._ring = array("i", (0 for _ in range(n)))
        self._sorted = array("i", (0 for _ in range(n)))

    def clear(self):
        """Forget all values; the median is 0."""
        self.value = 0
        self.count = 0
        self._at = 0

    def push(self, value):
        """Take one value and return the median."""
        self._ring[self._at] = value
        self._at = (self._at + 1) % self._n
        if self.count < self._n:
            self.count += 1
        ordered = self._sorted
        for i in range(self.count):
            item = self._ring[i]
            j = i
            while j > 0 and ordered[j - 1] > item:
                ordered[j] = ordered[j - 1]
                j -= 1
            ordered[j] = item
        self.value = ordered[(self.count - 1) // 2]
        return self.value
