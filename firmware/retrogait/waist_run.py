"""A run of steps at the waist: what they have in common, and which of them are none after all.

Rhythm: the median of the last six intervals. Usual size: the upper quartile of the last eight sizes.
Weight shift: a weak bump before the first steps is the push off both feet that starts the walk (anticipatory postural
adjustment); the first contact follows within the time of a swing, sooner than a step follows a step. A weak bump that
is followed as one step is followed by the next is a cautious first step.
Double bumps: in a slow walk (below 80 contacts a minute) the trunk rises twice a step, after the contact and again at
midstance (Zijlstra and Hof 2003: the pendulum). Where small bumps alternate with big ones, the small are no steps.

Indices in samples, sizes in 1/400 mg. Steps are numbered since `clear`; called by retrogait.waist_steps.
"""

from array import array

from retrogait import const
from retrogait.fixed import clamp

# Samples (104 a second): the common step of 0.55 s; 150 to 25 steps a minute.
_FIRST_RHYTHM = const(57)
_SHORTEST_RHYTHM = const(42)
_LONGEST_RHYTHM = const(250)
_SIZES = const(8)
_INTERVALS = const(6)
_RING = const(16)
# Samples between two big bumps with a small one between; a small one has less than this share of a big one. Only a
# young run is searched, or one found to be slow: later on, two weak steps may be a turn's.
_DOUBLE = const(150)
_SMALL_PERCENT = const(45)
_YOUNG = const(6)


class StepRun:
    """Steps `base` to `count` - 1 are in the run, those before `sent` have been handed out; `last` is the newest's
    index, `rhythm` the usual interval, `usual` the usual size."""

    def __init__(self):
        self.last = 0
        self._at = array("i", (0 for _ in range(_RING)))
        self._size = array("i", (0 for _ in range(_RING)))
        self._sorted = array("i", (0 for _ in range(_SIZES)))
        self.clear()

    def clear(self):
        """Forget the run (but for `last`)."""
        self.rhythm = _FIRST_RHYTHM
        self.usual = 0
        self.base = self.count = self.sent = self._since = 0

    @property
    def length(self):
        """Steps in the run."""
        return self.count - self.base

    @property
    def first(self):
        """Index of the first step, as long as it is among the last sixteen; else of the oldest of these."""
        return self._at[max(self.base, self.count - _RING) % _RING]

    def index_of(self, ordinal):
        """Sample index of a step."""
        return self._at[ordinal % _RING]

    def interval(self, ordinal):
        """Samples from the step before to this one."""
        return self._at[ordinal % _RING] - self._at[(ordinal - 1) % _RING]

    def append(self, at, size):
        """One more step."""
        newest = self.count % _RING
        self._at[newest] = self.last = at
        self._size[newest] = size
        self.count += 1
        self._drop_double()
        self._learn()

    def replace(self, at, size):
        """A bigger bump soon after the newest step is that step, unless it has been handed out."""
        newest = (self.count - 1) % _RING
        if size > self._size[newest] and self.sent < self.count:
            self._at[newest] = self.last = at
            self._size[newest] = size

    def drop_oldest(self):
        """The oldest step was none."""
        self.base += 1
        if self.sent < self.base:
            self.sent = self.base

    def drop_late(self):
        """Take back the newest steps that came late and were not followed in time (see `is_late`)."""
        while self.count > self.sent and self.is_late():
            self._remove(self.count - 1)

    def is_late(self):
        """Did the newest step come later than one and a half usual intervals after the one before?"""
        return self.length > 1 and 2 * self.interval(self.count - 1) > 3 * self.rhythm

    def is_even(self):
        """Is the longest of the last three intervals at most one and a half times the shortest?"""
        shortest = longest = self.interval(self.count - 1)
        for newer in range(self.count - 3, self.count - 1):
            interval = self.interval(newer)
            if interval < shortest:
                shortest = interval
            if interval > longest:
                longest = interval
        return 2 * longest <= 3 * shortest

    def begins_with_a_shift(self):
        """Was the oldest bump a weight shift, or too far from the next to be a step of the same walk?"""
        wait = self.interval(self.base + 1)
        rhythm = self.rhythm
        if self._size[self.base % _RING] >= self.usual >> 2:
            return 2 * wait < rhythm or wait > 2 * rhythm
        return wait < rhythm or 8 * wait > 11 * rhythm

    def _drop_double(self):
        n = self.count - 1
        young = self.length <= _YOUNG + 1 or self._since
        if self.length < 4 or not young or self._at[n % _RING] - self._at[(n - 2) % _RING] < _DOUBLE:
            return
        with_newest = self._size[n % _RING] + self._size[(n - 2) % _RING]
        others = self._size[(n - 1) % _RING] + self._size[(n - 3) % _RING]
        big = n
        if 100 * (with_newest >> 8) < _SMALL_PERCENT * (others >> 8):
            big = n - 1
        elif 100 * (others >> 8) >= _SMALL_PERCENT * (with_newest >> 8):
            return
        self.rhythm = clamp(self._at[big % _RING] - self._at[(big - 2) % _RING], _SHORTEST_RHYTHM, _LONGEST_RHYTHM)
        small = n - 1 if big == n else n
        self._remove(small)
        self._remove(small - 2)
        self._since = self.count - 1

    def _remove(self, ordinal):
        """Take a step out of the run, unless it has been handed out."""
        if ordinal < self.sent:
            return
        for i in range(ordinal, self.count - 1):
            self._at[i % _RING] = self._at[(i + 1) % _RING]
            self._size[i % _RING] = self._size[(i + 1) % _RING]
        self.count -= 1
        self.last = self._at[(self.count - 1) % _RING]

    def _learn(self):
        """Usual size and rhythm; the upper quartile, for the steps of a turn and of the start are small."""
        n = min(self.length, _SIZES)
        for i in range(n):
            self._insert(i, self._size[(self.count - 1 - i) % _RING])
        self.usual = self._sorted[(3 * n) >> 2]
        n = min(self.count - max(self.base, self._since) - 1, _INTERVALS)
        if n < 3:
            return
        for i in range(n):
            self._insert(i, self.interval(self.count - 1 - i))
        self.rhythm = clamp(self._sorted[n >> 1], _SHORTEST_RHYTHM, _LONGEST_RHYTHM)

    def _insert(self, n, value):
        """Put `value` in its place among the first n sorted values."""
        ordered = self._sorted
        while n > 0 and ordered[n - 1] > value:
            ordered[n] = ordered[n - 1]
            n -= 1
        ordered[n] = value
