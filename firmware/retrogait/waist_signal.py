"""The waist's step signal: one smooth bump for each step, from vertical and fore-aft specific force.

Four samples make a tick (26 Hz); boxcars of 5, 4 and 5 ticks follow (-3 dB at 2.3 Hz, nulls from 5.2 Hz, linear phase),
so that the double hump of heel strike and push-off becomes one. The trunk is braked just as it is caught: the fall of
the fore-aft force marks the same moment as the vertical bump and is added to it, with the sign of the direction of
walking (McCamley 2012 and Zijlstra 2003 use the vertical or the fore-aft force alone). In turns and in the last steps,
where the vertical bump fades, this keeps the step visible. The braking is shorter than the bump, so it is taken before
the last boxcar. Levels are in 1/400 mg. Called by retrogait.waist.
"""

from retrogait import const
from retrogait.boxcar import Boxcar
from retrogait.fixed import clamp

TICK = 4
"""Samples in a tick."""

MG = 400
"""One mg as a level: 4 samples times boxcars of 5, 4 and 5."""

DELAY = 23
"""Samples from a moment to the end of the tick that tells its `level`: 1.5 + 4 * (2 + 1.5 + 2), rounded down."""

_LIMIT = const(4 * 4000)
_WIDTHS = (5, 4, 5)

FORWARD_WEIGHT = 12
BACKWARD_WEIGHT = 6
"""Weight of the braking term when the direction is sure, in sixteenths of a mg for each mg of change in two ticks.

Walking forward the sharp fall belongs to the contact itself. Walking backward (the time reverse) it belongs to the
other foot's leaving, a double support later, and only half of it helps to place the contact.
"""


class _Smooth:
    """Three boxcars in series."""

    def __init__(self):
        self._a = Boxcar(_WIDTHS[0])
        self._b = Boxcar(_WIDTHS[1])
        self._c = Boxcar(_WIDTHS[2])
        self.fine = 0

    def push(self, value):
        self.fine = fine = self._b.push(self._a.push(value))
        return self._c.push(fine)

    def refill(self, value):
        self._a.refill(value)
        self._b.refill(value * 5)
        self._c.refill(value * 20)


class StepSignal:
    """After each tick, in 1/400 mg: `level` (where bumps are steps); the forces `vertical` and `forward`; and
    `crest`: how far the vertical force before the last boxcar stands above that after it, which is its curvature and
    shows the faint closing step even as a shoulder.
    """

    def __init__(self):
        self.level = 0
        self.crest = 0
        self.vertical = 0
        self.forward = 0
        self._smooth_vertical = _Smooth()
        self._smooth_forward = _Smooth()
        self._fine_1 = self._fine_2 = 0
        self._fine_forward_1 = self._fine_forward_2 = 0
        self._change_1 = 0
        self._fresh = True

    def restart(self):
        """After a gap: the next tick counts as having lasted for ever."""
        self._fresh = True

    def push(self, vertical_sum, forward_sum, weight):
        """One tick: sums of four samples in mg; weight of the braking term,
        -BACKWARD_WEIGHT..FORWARD_WEIGHT."""
        vertical_sum = clamp(vertical_sum, -_LIMIT, _LIMIT)
        forward_sum = clamp(forward_sum, -_LIMIT, _LIMIT)
        if self._fresh:
            self._fresh = False
            self._smooth_vertical.refill(vertical_sum)
            self._smooth_forward.refill(forward_sum)
            self.vertical = vertical_sum * 100
            self._fine_1 = self._fine_2 = vertical_sum * 20
            self._fine_forward_1 = self._fine_forward_2 = forward_sum * 20
            self._change_1 = 0
        self.vertical = self._smooth_vertical.push(vertical_sum)
        fine = self._smooth_vertical.fine
        self.crest = 5 * self._fine_2 - self.vertical
        self._fine_2 = self._fine_1
        self._fine_1 = fine
        self.forward = self._smooth_forward.push(forward_sum)
        # The change over two ticks, now and a tick ago: middle 5 ticks late, vertical 5.5.
        fine = self._smooth_forward.fine
        change = fine - self._fine_forward_2
        self._fine_forward_2 = self._fine_forward_1
        self._fine_forward_1 = fine
        self.level = self.vertical - (((change + self._change_1) * 5 * weight) >> 5)
        self._change_1 = change
