"""Turns: when the wearer turned, for how long and by how much, from the rate about the vertical.

A second's mean removes the swing of the pelvis within a stride. While that mean stays beyond 8 degrees per second one
way the angle is summed up; 45 degrees or more within three seconds make it a turn. What is left over between turns is
taken as gyro bias and leaked away with a time constant of 40 s: angles are relative, there is no compass.
Rates in ddps (left +) at 26 Hz; called by retrogait.waist.
"""

from retrogait import const
from retrogait.boxcar import Boxcar
from retrogait.fixed import clamp
from retrogait.waist_signal import TICK

_MEAN = const(26)
_RECENT = const(78)
_SLOW_DDPS = const(80)
_LIMIT_DDPS = const(5000)
# One degree as a sum of ddps over ticks, 26 a second.
_DEGREE = const(10 * 26)
_TURN_DEGREES = const(45)
_BIAS_SHIFT = const(10)
DELAY = TICK * (_MEAN - 1) // 2 + 2
"""Samples by which the mean lags behind."""


class Turns:
    """`rate` is the size of the second's mean (ddps), `active` while a turn is under way (from `start`).

    After `push` returned True the turn that just ended stands in `start`, `length` (samples) and `degrees` (left
    positive).
    """

    def __init__(self):
        self.rate = 0
        self.active = False
        self.start = 0
        self.length = 0
        self.degrees = 0
        self._mean = Boxcar(_MEAN)
        self._recent = Boxcar(_RECENT)
        self._bias_q10 = 0
        self._way = 0
        self._sum = 0

    def restart(self):
        """After a gap: what was under way is forgotten."""
        self._mean.refill(0)
        self._recent.refill(0)
        self._way = 0
        self._sum = 0
        self.rate = 0
        self.active = False

    def push(self, index, yaw_sum):
        """One tick that ended with sample `index`; `yaw_sum` of four samples, ddps. True when a turn just ended."""
        rate = clamp(yaw_sum >> 2, -_LIMIT_DDPS, _LIMIT_DDPS) - (self._bias_q10 >> _BIAS_SHIFT)
        total = self._mean.push(rate)
        mean = total // _MEAN
        self.rate = mean if mean >= 0 else -mean
        way = 1 if mean > _SLOW_DDPS else (-1 if mean < -_SLOW_DDPS else 0)
        ended = False
        if way != self._way:
            if self.active:
                self.active = False
                self.length = index - DELAY - self.start
                self.degrees = self._sum // _DEGREE
                ended = True
            self._way = way
            self._sum = 0
            self._recent.refill(0)
            if way:
                self.start = max(0, index - DELAY)
        if way == 0:
            self._bias_q10 += mean
        else:
            self._sum = clamp(self._sum + mean, -(1 << 29), 1 << 29)
            recent = self._recent.push(mean)
            if (recent if recent > 0 else -recent) >= _TURN_DEGREES * _DEGREE:
                self.active = True
        return ended
