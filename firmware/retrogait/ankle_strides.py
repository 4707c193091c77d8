"""Strides of one leg from the angular rate of its ankle (or foot), with no assumption about the direction of walking.

Body frame X forward, Y left, Z up; rates in ddps (0.1 deg/s). Called once a sample by retrogait.ankle.

A leg moves once a stride and its movement is one hump: heel rise, swing, touch-down. The hump is found in the mean of
|gx| + |gy| + |gz| and the largest of the three, after two running means of 0.42 strides each, so wide that the three
merge into one peak, and the peak stands over the *middle* of the movement: the swing. All axes count, so that side
steps and the steps of a turn are strides as well; the largest counts twice, because a leg swings about one axis, while
a bus shakes about all. This is symmetric in time, hence the same walking forward and backward. A peak counts when it
reaches 35 % of the median of the last five, and rises and falls by half of that.

The length of the stride is the time between humps whose swing has the same sign (one under 60 deg/s has either),
believed when it repeats itself within an eighth: when the means are too short for a slow walker, heel rise and swing
show as two humps of opposite sign, and the means stretch.

The contact is taken where the pitch rate, smoothed to 5 Hz, changes sign after mid-swing, plus 30 ms: walking forward
that lies between the zero crossing and the trough that mark heel strike at the shank (Aminian et al. 2002, Salarian
et al. 2004). Walking backward the end of the swing is the mirror image of its beginning forward, and toe-off there
precedes the zero crossing by as much, so the same rule serves both. We depart from them in finding the swing without
its sign, and in using one constant instead of the trough, which vibration and soft shoes move about. A swing under 60
deg/s (turns, side steps) has no crossing worth the name: its contact is put half a mean after the middle.
"""

from array import array

from retrogait import const
from retrogait.boxcar import Boxcar
from retrogait.fixed import clamp
from retrogait.median import Median
from retrogait.stretch import StretchBoxcar

# The running means: 0.42 strides, but no less than for a stride of 1.15 s, with which a walk begins, and no more than
# for one of 2.4 s: longer means would tell the step too late, and slower walkers stand longer, not swing longer.
_MEAN_NUM = const(27)
_MEAN_DEN = const(64)
_FIRST_MEAN = const(50)
_LONGEST_MEAN = const(104)
_CAPACITY = const(256)
_LONGEST_STRIDE = const(650)
# Two strides are a rhythm when they differ by less than one part in eight; a swing is clear from 60 deg/s on.
_ALIKE = const(8)
_CLEAR_DDPS = const(600)
# No walker's leg swings faster. A single wild sample held to this is too little for a swing of 60 deg/s.
_FASTEST_DDPS = const(8000)
# The leg moves on, and two strides passed without a hump: the means cannot be right.
_LOST_MEANS = const(5)
# A swing that peaks at 40 deg/s and lasts 0.45 s sweeps 12 degrees: 22 deg/s on average over 0.55 s.
_FLOOR_DDPS = const(220)
# The last step of a walk, feet brought together, and the inner steps of a turn have about 40 % of the usual size.
_SMALLEST_NUM = const(7)
_SMALLEST_DEN = const(20)
_MEDIAN_OF = const(5)
# Two boxcars of 7 samples: -3 dB at 5 Hz, delay 6 samples.
_SMOOTH_SAMPLES = const(7)
_SMOOTH_DELAY = const(_SMOOTH_SAMPLES - 1)
_SMOOTH_GAIN = const(_SMOOTH_SAMPLES * _SMOOTH_SAMPLES)
_CONTACT_AFTER_CROSSING = const(3)
_RING = const(1024)
_OLDEST_TOP = const(_RING - 2 * _LONGEST_MEAN)


class AnkleStrides:
    """After `push` returned True: `contact_age` samples ago the foot came down; `swing_ddps` is the mid-swing rate."""

    def __init__(self):
        self.contact_age = 0
        self.swing_ddps = 0
        self._mean_a = StretchBoxcar(_CAPACITY, _FIRST_MEAN)
        self._mean_b = StretchBoxcar(_CAPACITY, _FIRST_MEAN)
        self._smooth_a = Boxcar(_SMOOTH_SAMPLES)
        self._smooth_b = Boxcar(_SMOOTH_SAMPLES)
        self._pitch = array("i", (0 for _ in range(_RING)))
        self._at = 0
        self._tops = Median(_MEDIAN_OF)
        self.forget_size()
        self.restart()

    def restart(self):
        """Forget the signal: the next sample has nothing to do with the last."""
        self._mean_a.clear(self._mean_a.aim)
        self._mean_b.clear(self._mean_b.aim)
        self._smooth_a.refill(0)
        self._smooth_b.refill(0)
        for i in range(_RING):
            self._pitch[i] = 0
        self._rising = False
        self._low = 0
        self._top = 0
        self._top_age = 0
        self._now = 2 * _LONGEST_STRIDE
        self._last_plus = 0
        self._last_minus = 0
        self._last_period = 0

    def forget_size(self):
        """The next stride may be of any size and length: the wearer stood still."""
        self._tops.clear()
        self._threshold = _FLOOR_DDPS
        self._aim(_FIRST_MEAN)

    def push(self, gx, gy, gz):
        """Take one sample of the angular rate; True when a stride was recognised."""
        at = (self._at + 1) & (_RING - 1)
        self._at = at
        pitch = gy
        if gx < 0:
            gx = -gx
        if gy < 0:
            gy = -gy
        if gy > _FASTEST_DDPS:
            pitch = _FASTEST_DDPS if pitch > 0 else -_FASTEST_DDPS
        self._pitch[at] = self._smooth_b.push(self._smooth_a.push(pitch))
        if gz < 0:
            gz = -gz
        move = self._mean_b.push(self._mean_a.push((gx + gy + gz + max(gx, gy, gz)) >> 1))
        now = self._now + 1
        self._now = now
        if move > self._threshold and now - self._last_plus > self._lost_after < now - self._last_minus:
            self._aim(_FIRST_MEAN)
        if not self._rising:
            if move < self._low:
                self._low = move
            elif move - self._low > self._threshold >> 1:
                self._rising = True
                self._top = move
                self._top_age = 0
            return False
        if move > self._top:
            self._top = move
            self._top_age = 0
            return False
        self._top_age += 1
        if self._top - move <= self._threshold >> 1 and self._top_age < _OLDEST_TOP:
            return False
        self._rising = False
        self._low = move
        return self._finish()

    def _finish(self):
        """The hump is over: judge its height, read the swing in the middle and find the contact."""
        if self._top < self._threshold or self._top_age >= _OLDEST_TOP:
            return False
        self._threshold = max(_FLOOR_DDPS, self._tops.push(self._top) * _SMALLEST_NUM // _SMALLEST_DEN)
        mean = self._mean_a.n
        middle_age = self._top_age + mean
        pitch = self._pitch
        at = self._at - middle_age + _SMOOTH_DELAY
        reach = mean // 6
        total = 0
        for i in range(at - reach, at + reach + 1):
            total += pitch[i & (_RING - 1)] // _SMOOTH_GAIN
        self.swing_ddps = total // (2 * reach + 1)
        self.contact_age = middle_age - (mean >> 1)
        if not -_CLEAR_DDPS < self.swing_ddps < _CLEAR_DDPS:
            self.contact_age = middle_age - self._crossing(at, total, mean) - _CONTACT_AFTER_CROSSING
        self._pace()
        return True

    def _crossing(self, at, sign, mean):
        """How many samples after ring place `at` the pitch rate first has not the sign of `sign`.

        A swing seen by its middle ends within a mean; where no crossing shows, half a mean is assumed.
        """
        pitch = self._pitch
        for i in range(mean):
            if at + i > self._at:
                break
            value = pitch[(at + i) & (_RING - 1)]
            if (value <= 0) if sign > 0 else (value >= 0):
                return i
        return mean >> 1

    def _pace(self):
        """Measure the stride from the last hump of the same sign, or of none, and stretch the means to it."""
        period = 2 * _LONGEST_STRIDE
        top = self._now - self._top_age
        if self.swing_ddps > -_CLEAR_DDPS:
            period = top - self._last_plus
            self._last_plus = top
        if self.swing_ddps < _CLEAR_DDPS:
            period = min(period, top - self._last_minus)
            self._last_minus = top
        both = period + self._last_period
        differ = period - self._last_period
        self._last_period = period
        if period < _LONGEST_STRIDE and -period < _ALIKE * differ < period:
            self._aim(clamp((both >> 1) * _MEAN_NUM // _MEAN_DEN, _FIRST_MEAN, _LONGEST_MEAN))

    def _aim(self, mean):
        self._lost_after = _LOST_MEANS * mean
        self._mean_a.aim = mean
        self._mean_b.aim = mean
