"""Trunk twist: the pelvis turned away from where it pointed on the mean of the last ten seconds, as in looking back.

There is no compass, so the angle is relative and leaks: the yaw rate is summed and forgotten with a time constant of
10 s, which is the heading minus its own (exponential) mean. More than 20 degrees for 2 s is a twist (design/gait.md). A
turn is no twist: while one is under way the angle is held at zero. What a belt clip cannot see is the head turning
alone; what it takes for a twist is a curve of over 2 degrees a second. Rates in ddps, left positive, once every four
samples; called by retrogait.engine.
"""

from retrogait import const
from retrogait.fixed import clamp
from retrogait.history import TICK

_DEGREE = const(1040)
_LIMIT = const(20 * _DEGREE)
_LARGEST = const(180 * _DEGREE)
_LEAK_TICKS = const(260)
_DWELL_TICKS = const(52)
_LIMIT_DDPS = const(5000)


class Twist:
    """`degrees` off the mean heading (left +); `active` when over 20 degrees for 2 s."""

    def __init__(self):
        self.degrees = 0
        self.active = False
        self._angle = 0
        self._beyond = 0

    def restart(self):
        """A turn, or a gap: where it points now is straight ahead."""
        self._angle = 0
        self._beyond = 0
        self.degrees = 0
        self.active = False

    def push(self, yaw_ddps, turning):
        """One tick: rate about the vertical; is the wearer turning?"""
        if turning:
            self.restart()
            return
        angle = self._angle + TICK * clamp(yaw_ddps, -_LIMIT_DDPS, _LIMIT_DDPS)
        angle = clamp(angle - angle // _LEAK_TICKS, -_LARGEST, _LARGEST)
        self._angle = angle
        self.degrees = angle // _DEGREE
        self._beyond = min(self._beyond + 1, _DWELL_TICKS) if angle > _LIMIT or angle < -_LIMIT else 0
        self.active = self._beyond == _DWELL_TICKS
