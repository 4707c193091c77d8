"""Does the clip still sit as it was calibrated? Looked at while the wearer stands in the countdown.

The mean force of a standing wearer points up, which the calibration made the body's Z. More than 20 degrees off is no
posture: the clip hangs otherwise, and a new calibration is asked for. What gravity cannot show is a turn about the
vertical (a clip moved from the back to the front): the direction of walking then shows it. Body frame, mg; one sample
a look is enough. Called by the engine.
"""

from retrogait.fixed import atan2_cdeg, isqrt

MOST_CDEG = 2000
"""Farther off than this the clip does not sit as it was calibrated."""

_FEWEST = 13
_UNREST_MG = 150


class ClipCheck:
    """`tilt_cdeg`: how far the mean force is off the body's Z."""

    def __init__(self):
        self.tilt_cdeg = 0
        self._n = 0
        self._x = self._y = self._z = 0
        self._first_x = self._first_y = self._first_z = 0

    def push(self, ax, ay, az):
        """One sample, body frame; a wearer who moves begins anew."""
        moved = abs(ax - self._first_x) + abs(ay - self._first_y) + abs(az - self._first_z)
        if self._n == 0 or moved > _UNREST_MG:
            self._first_x, self._first_y, self._first_z = ax, ay, az
            self._n = self._x = self._y = self._z = 0
        self._n += 1
        self._x += ax
        self._y += ay
        self._z += az

    def is_moved(self):
        """True if the wearer stood still for a second and the clip hangs otherwise than when it was calibrated."""
        n = self._n
        if n < _FEWEST:
            return False
        self.tilt_cdeg = tilt_cdeg(self._x // n, self._y // n, self._z // n)
        return self.tilt_cdeg > MOST_CDEG


def tilt_cdeg(x, y, z):
    """Angle between a force (mg, each under 2^16) and the body's Z, in hundredths of a degree, 0..18000."""
    x >>= 2
    y >>= 2
    return atan2_cdeg(isqrt(x * x + y * y), z >> 2)
