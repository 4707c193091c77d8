"""What the models of all IMUs share: the wearer whom they feel, the oscillator's error, and the pin INT1.

The wearer gives specific force in ug and angular rate in units of 125 udps, in the sensor's axes.
"""

from array import array

from .register_chip import RegisterChip


class Imu(RegisterChip):
    """wearer: read_into(array of 6, t_us); int1: drive(level), or None.

    clock_ppm: how much faster than nominal the chip's oscillator runs; self_test_works: whether the masses follow.
    Fields: samples_made, counts (ax, ay, az, gx, gy, gz of the newest sample). Its model says PERIOD_PS.
    """

    def __init__(self, clock, wearer, int1=None, clock_ppm=0, self_test_works=True, temperature_cdeg=2800):
        super().__init__(clock)
        self.samples_made = 0
        self.self_test_works = self_test_works
        self.temperature_cdeg = temperature_cdeg
        self.counts = array("h", (0 for _ in range(6)))
        self._wearer = wearer
        self._int1 = int1
        self._int1_level = 0
        self._period_ps = self.PERIOD_PS * 1000000 // (1000000 + clock_ppm)
        self._input = array("i", (0 for _ in range(6)))
        self._event = None
        self._on_sample = self._sample

    def _drive_int1(self, level):
        if level != self._int1_level:
            self._int1_level = level
            if self._int1 is not None:
                self._int1.drive(level)
