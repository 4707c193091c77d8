"""Turns at the ankle: how far the leg turned about the vertical from stride to stride.

Within a stride the leg twists to and fro; from one stance to the next only the turn of the walker remains. So the yaw
rate is summed from one recognised stride, when the leg stands again, to the next, about the body's Z, which stands for
the vertical because the shank's tilt in swing cancels over a stride. Start and length are exact to a stride. Units
ddps, samples, left positive. Called by retrogait.ankle: `push` once a sample, `stride` when one was recognised.
"""

from retrogait import const
from retrogait.events import TURN
from retrogait.fixed import clamp, div_round

# One degree is 10 ddps for 104 samples.
_DEGREE = const(1040)
# Straight strides differ by under 20 degrees (measured); a turn of fewer than 45 degrees is a curve.
_STRIDE_TURNS = const(25 * _DEGREE)
_SMALLEST_TURN = const(45 * _DEGREE)
# Spinning for ever must not overflow.
_LARGEST = const(1 << 29)


class AnkleTurns:
    """events: the EventQueue that gets TURN when a turn is over. `turning` while strides turn the same way."""

    def __init__(self, events):
        self.turning = False
        self._events = events
        self._yaw = 0
        self._angle = 0
        self.start = 0
        self._stance = 0

    def push(self, gz):
        """Take the yaw rate of one sample."""
        self._yaw += gz

    def stride(self, index):
        """A stride was recognised at sample `index`."""
        yaw = self._yaw
        self._yaw = 0
        if self.turning and (yaw if self._angle > 0 else -yaw) < _STRIDE_TURNS:
            self.finish()
        if yaw >= _STRIDE_TURNS or yaw <= -_STRIDE_TURNS:
            if not self.turning:
                self.turning = True
                self.start = self._stance
                self._angle = 0
            self._angle = clamp(self._angle + yaw, -_LARGEST, _LARGEST)
        self._stance = index

    def finish(self):
        """No more strides of this turn: tell of it if it was large enough."""
        angle = self._angle
        if self.turning and (angle >= _SMALLEST_TURN or angle <= -_SMALLEST_TURN):
            self._events.add(self.start, TURN, self._stance - self.start, div_round(angle, _DEGREE))
        self.turning = False

    def restart(self, index):
        """The walk is over or interrupted: the next stride is measured from sample `index`."""
        self.finish()
        self._yaw = 0
        self._stance = index
