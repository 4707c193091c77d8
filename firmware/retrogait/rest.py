"""Is the clip at rest? Windows of half a second in which neither rate nor specific force moves.

Used by attitude (the gyro's bias is measured only at rest) and by the calibration by touch. Any frame; mg and ddps.
"""

_WINDOW = 52


class RestWindow:
    """After each half second `push` returns True, and the fields tell of the window that just ended.

    `rate_span_ddps`, `force_span_mg`: how far any sample was from the window's first, summed over the axes.
    `sum_ax` ... `sum_gz`: sums over its `samples` samples.
    """

    samples = _WINDOW

    def __init__(self):
        self.rate_span_ddps = 0
        self.force_span_mg = 0
        self.sum_ax = self.sum_ay = self.sum_az = 0
        self.sum_gx = self.sum_gy = self.sum_gz = 0
        self._ax = self._ay = self._az = 0
        self._gx = self._gy = self._gz = 0
        self._n = _WINDOW

    def push(self, ax, ay, az, gx, gy, gz):
        """Take one sample (mg, ddps); True when it completed a window."""
        if self._n == _WINDOW:
            self._n = 1
            self.rate_span_ddps = self.force_span_mg = 0
            self.sum_ax = self._ax = ax
            self.sum_ay = self._ay = ay
            self.sum_az = self._az = az
            self.sum_gx = self._gx = gx
            self.sum_gy = self._gy = gy
            self.sum_gz = self._gz = gz
            return False
        self._n += 1
        self.sum_ax += ax
        self.sum_ay += ay
        self.sum_az += az
        self.sum_gx += gx
        self.sum_gy += gy
        self.sum_gz += gz
        span = abs(gx - self._gx) + abs(gy - self._gy) + abs(gz - self._gz)
        if span > self.rate_span_ddps:
            self.rate_span_ddps = span
        span = abs(ax - self._ax) + abs(ay - self._ay) + abs(az - self._az)
        if span > self.force_span_mg:
            self.force_span_mg = span
        return self._n == _WINDOW
