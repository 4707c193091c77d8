"""Is the clip at rest? Windows of half a second in which neither rate nor specific force moves.

Used by attitude (the gyro's bias is measured only at rest) and by the calibration by touch. Any frame; mg and ddps.
"""

from retrogait import const

_WINDOW = const(52)


class RestWindow:
    """most_ddps, most_mg: how far a sample of a still window may be from the window's first, summed over the axes.

    After each half second that was still `push` returns True, and `sum_ax` ... `sum_gz` are the sums over its `samples`
    samples, `force_span_mg` how far any was from the first. `still` is False from the first motion to the window's end.
    """

    samples = _WINDOW

    def __init__(self, most_ddps, most_mg):
        self.still = False
        self.force_span_mg = 0
        self.sum_ax = self.sum_ay = self.sum_az = 0
        self.sum_gx = self.sum_gy = self.sum_gz = 0
        self._most_ddps = most_ddps
        self._most_mg = most_mg
        self._ax = self._ay = self._az = 0
        self._gx = self._gy = self._gz = 0
        self._n = 0

    def push(self, ax, ay, az, gx, gy, gz):
        """Take one sample (mg, ddps); True when it completed a still window."""
        n = self._n + 1
        self._n = 0 if n == _WINDOW else n
        if n == 1:
            self.still = True
            self.force_span_mg = 0
            self.sum_ax = self._ax = ax
            self.sum_ay = self._ay = ay
            self.sum_az = self._az = az
            self.sum_gx = self._gx = gx
            self.sum_gy = self._gy = gy
            self.sum_gz = self._gz = gz
            return False
        if not self.still:
            return False
        if abs(gx - self._gx) + abs(gy - self._gy) + abs(gz - self._gz) > self._most_ddps:
            self.still = False
            return False
        span = abs(ax - self._ax) + abs(ay - self._ay) + abs(az - self._az)
        if span > self._most_mg:
            self.still = False
            return False
        if span > self.force_span_mg:
            self.force_span_mg = span
        self.sum_ax += ax
        self.sum_ay += ay
        self.sum_az += az
        self.sum_gx += gx
        self.sum_gy += gy
        self.sum_gz += gz
        return n == _WINDOW
