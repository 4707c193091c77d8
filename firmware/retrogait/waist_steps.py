"""Steps from the waist's step signal: which bumps are steps, and which steps make a walk.

1. Bumps: turning points with hysteresis; a bump's size is its rise from the valley before, its place the vertex of
   the parabola through the three highest ticks.
2. Rhythm: after each step the threshold falls from the usual size to 15 % of it at 90 % of the usual interval (the
   decaying threshold of heart-beat detectors, Hamilton and Tompkins 1986): an early bump must be big, a timely one
   may be weak, as in a turn; beyond 150 % the rhythm is lost, and 25 % are asked for. Within half an interval the
   bigger of two bumps is the step.
3. Bouts: four steps in a row make a walk and are then repaid; before that they may be single bumps. Weak bumps ahead
   of the walk are the weight shift before the first step (anticipatory postural adjustment), not steps. The closing
   step, which sets the feet together, may be as weak as a bump can be.

Indices in samples, levels in 1/400 mg, direction-blind. Called by retrogait.waist.
"""

from array import array

from retrogait.fixed import clamp
from retrogait.waist_signal import DELAY, MG, TICK

# Levels. Hysteresis: three times what the sensor and quiet standing leave in the signal. Floor of a step: the walk of
# 0.3 m/s still clears it. Closing step: only asked for where one is due, so only noise must be beaten.
_HYSTERESIS = 15 * MG
_FLOOR = 35 * MG
_CLOSING = 3 * MG
_LEAST_PERCENT = 15
_LATE_PERCENT = 25
# Samples (104 a second). No one steps within 0.29 s; 0.55 s is the common step; 42 to 250 are 150 to 25 steps a minute.
_REFRACTORY = 30
_FIRST_RHYTHM = 57
_SHORTEST_RHYTHM = 42
_LONGEST_RHYTHM = 250
# A step is settled a second after it, or half an interval and the detection's delay after it if nothing followed yet.
_SETTLE = 104
_LATE = 60
# A walk lives three intervals without a step, within 1.6 to 3 s; candidates live 3 s.
_PAUSE = 166
_LONGEST_PAUSE = 312
_STEPS_OF_A_WALK = 4
_HELD = 8
_SIZES = 8
_INTERVALS = 6
_RING = 16


class WaistSteps:
    """`walking` inside a confirmed bout, `candidates` steps in the present run, `last` the index of its newest.

    After `push`, `take(index)` hands out finished steps one by one in `bump` and `interval`; `over` says that the
    bout has ended: take what is left, then `clear()`.
    """

    def __init__(self):
        self.walking = False
        self.over = False
        self.last = 0
        self.rhythm = _FIRST_RHYTHM
        self.bump = 0
        self.interval = 0
        self._at = array("i", (0 for _ in range(_RING)))
        self._size = array("i", (0 for _ in range(_RING)))
        self._sorted = array("i", (0 for _ in range(_SIZES)))
        self._usual = 0
        self._weak_at = self._weak_size = 0
        self._crest_1 = self._crest_2 = 0
        self._base = self._count = self._sent = 0
        self._rising = False
        self._fresh = True
        self._top = self._low = self._valley = self._before = self._after = self._previous = 0
        self._top_index = 0

    @property
    def candidates(self):
        """Steps in the present run, confirmed or not."""
        return self._count - self._base

    @property
    def first(self):
        """Index of the first step of a walk, as long as it is among the last sixteen; else of the oldest of these."""
        return self._at[max(self._base, self._count - _RING) % _RING]

    def clear(self):
        """Forget the run."""
        self.walking = False
        self.over = False
        self.rhythm = _FIRST_RHYTHM
        self._base = self._count = self._sent = 0
        self._usual = 0

    def restart(self):
        """After a gap: the next level is where the signal begins; the run goes on."""
        self._fresh = True

    def push(self, index, level, crest):
        """The levels told by the tick that ended with sample `index`."""
        if self._fresh:
            self._fresh = False
            self._rising = False
            self._low = self._previous = level
            self._crest_1 = self._crest_2 = crest
        if self._rising:
            if level > self._top:
                self._before = self._previous
                self._top = level
                self._top_index = index
            else:
                if index - self._top_index == TICK:
                    self._after = level
                if self._top - level > _HYSTERESIS:
                    self._rising = False
                    self._low = level
                    self._bump(self._vertex(), self._top - self._valley)
        elif level < self._low:
            self._low = level
        elif level - self._low > _HYSTERESIS:
            self._rising = True
            self._valley = self._low
            self._before = self._previous
            self._top = level
            self._top_index = index
        self._previous = level
        if self._count > self._base:
            if self.walking:
                self._look_for_closing_step(index, crest)
            if index - DELAY - self.last > self._patience():
                self.close()
        self._crest_2 = self._crest_1
        self._crest_1 = crest

    def close(self):
        """The run is over: a walk keeps its steps to be taken, single bumps are forgotten."""
        if not self.walking:
            self.clear()
            return
        if self._weak_size > _CLOSING:
            self._append(self._weak_at, self._weak_size)
        self.over = True

    def take(self, index):
        """True when one more step of a walk is settled at sample `index`; it stands in `bump` and `interval`."""
        at_ordinal = self._sent
        if at_ordinal == self._count or not self.walking:
            return False
        at = self._at[at_ordinal % _RING]
        if not self.over:
            if index - at < _SETTLE:
                return False
            if at_ordinal == self._count - 1 and index - at < (self.rhythm >> 1) + _LATE:
                return False
        self.bump = at
        self.interval = 0 if at_ordinal == self._base else self._interval(at_ordinal)
        self._sent = at_ordinal + 1
        return True

    def _vertex(self):
        curve = self._before - 2 * self._top + self._after
        shift = clamp(2 * (self._before - self._after) // curve, -2, 2) if curve < 0 else 0
        return self._top_index - DELAY + shift

    def _patience(self):
        """How long a run lives without a step."""
        if not self.walking:
            return _LONGEST_PAUSE
        return clamp(3 * self.rhythm, _PAUSE, _LONGEST_PAUSE)

    def _bump(self, at, size):
        """One bump: a step, a better place for the step before, a weak last step perhaps, or nothing."""
        if self._count == self._base:
            if size >= _FLOOR:
                self._append(at, size)
            return
        wait = at - self.last
        rhythm = self.rhythm
        if wait < max(_REFRACTORY, rhythm >> 1):
            newest = (self._count - 1) % _RING
            if size > self._size[newest] and self._sent < self._count:
                self._at[newest] = self.last = at
                self._size[newest] = size
            return
        share = max(_LEAST_PERCENT, 100 - 111 * wait // rhythm)
        if 2 * wait > 3 * rhythm:
            share = _LATE_PERCENT
        if size >= max(_FLOOR, self._usual // 100 * share):
            self._append(at, size)

    def _look_for_closing_step(self, index, crest):
        """Remember the highest crest from 60 to 130 % of an interval after the last step."""
        top = self._crest_1
        if top > self._weak_size and crest < top and self._crest_2 <= top:
            # Crests are told a tick earlier than levels; the top was a tick ago.
            wait = index - DELAY - self.last
            if 5 * wait > 3 * self.rhythm and 10 * wait < 13 * self.rhythm:
                self._weak_at = self.last + wait
                self._weak_size = top

    def _append(self, at, size):
        newest = self._count % _RING
        self._at[newest] = self.last = at
        self._size[newest] = size
        self._count += 1
        self._weak_size = _CLOSING
        self._learn()
        if self.walking:
            return
        if self._count - self._base > _HELD:
            self._base += 1
            self._sent = self._base
        if self._count - self._base >= _STEPS_OF_A_WALK:
            while self._size[self._base % _RING] < self._usual >> 2:
                self._base += 1
                self._sent += 1
            self.walking = self._count - self._base >= _STEPS_OF_A_WALK and self._is_even()

    def _is_even(self):
        """Is the longest of the last three intervals at most twice the shortest?"""
        shortest = longest = self._interval(self._count - 1)
        for newer in range(self._count - 3, self._count - 1):
            interval = self._interval(newer)
            if interval < shortest:
                shortest = interval
            if interval > longest:
                longest = interval
        return longest <= 2 * shortest

    def _interval(self, ordinal):
        """Samples from the step before to this one."""
        return self._at[ordinal % _RING] - self._at[(ordinal - 1) % _RING]

    def _learn(self):
        """Usual size: upper quartile of eight, for a push-off taken for a step is small. Rhythm: median of six."""
        n = min(self._count - self._base, _SIZES)
        for i in range(n):
            self._insert(i, self._size[(self._count - 1 - i) % _RING])
        self._usual = self._sorted[(3 * n) >> 2]
        n = min(self._count - self._base - 1, _INTERVALS)
        if n < 3:
            return
        for i in range(n):
            self._insert(i, self._interval(self._count - 1 - i))
        self.rhythm = clamp(self._sorted[n >> 1], _SHORTEST_RHYTHM, _LONGEST_RHYTHM)

    def _insert(self, n, value):
        """Put `value` in its place among the first n sorted values."""
        ordered = self._sorted
        while n > 0 and ordered[n - 1] > value:
            ordered[n] = ordered[n - 1]
            n -= 1
        ordered[n] = value
