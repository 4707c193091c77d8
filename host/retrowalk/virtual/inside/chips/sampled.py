"""What the models of the 100 Hz IMUs share: an oscillator's grid of moments, and the wearer's movement in counts.

The wearer gives specific force in ug and angular rate in units of 125 udps, in the sensor's axes; 32768 counts are the
full range. Used by bmi270.py and mpu6886.py, whose `_keep` takes each sample.
"""

from array import array

_PERIOD_PS = 10000000000
# 125 udps are 1/8000 dps.
_RATE_UNITS = 8000
_UG = 1000000
STARTING = 9000


class SampledImu:
    """clock, wearer, int1, clock_ppm, self_test_works, temperature_cdeg: as chips.lsm6dsox.LSM6DSOX.

    Fields: samples_made, counts (ax, ay, az, gx, gy, gz of the newest sample).
    """

    def __init__(self, clock, wearer, int1, clock_ppm, self_test_works, temperature_cdeg):
        self.samples_made = 0
        self.self_test_works = self_test_works
        self.temperature_cdeg = temperature_cdeg
        self.counts = array("h", (0 for _ in range(6)))
        self._clock = clock
        self._wearer = wearer
        self._int1 = int1
        self._int1_level = 0
        self._period_ps = _PERIOD_PS * 1000000 // (1000000 + clock_ppm)
        self._grid_us = clock.us
        self._input = array("i", (0 for _ in range(6)))
        self._event = None
        self._on_sample = self._sample
        self._gyro_ready_us = 0

    def _periods(self):
        """Whole periods of the oscillator since it started."""
        return (self._clock.us - self._grid_us) * 1000000 // self._period_ps

    def _run(self, is_running, gyro_start_us):
        """Sample from the grid's next moment on, or stop."""
        if self._event is not None:
            if is_running:
                return
            self._clock.cancel(self._event)
            self._event = None
        if is_running:
            self._gyro_ready_us = self._clock.us + gyro_start_us
            self._number = self._periods() + 1
            self._plan()

    def _plan(self):
        self._moment_us = self._grid_us + self._number * self._period_ps // 1000000
        self._event = self._clock.at(self._moment_us, self._on_sample)

    def _sample(self):
        now_us = self._moment_us
        self._number += 1
        self._plan()
        self.samples_made += 1
        values = self._input
        self._wearer.read_into(values, now_us)
        self._keep(values, now_us)

    def _measure(self, values, range_g, range_dps, now_us):
        """`values` to counts: rounded, and stopped at the ends of int16; a gyroscope that starts says nonsense."""
        counts = self.counts
        for field in range(6):
            full = range_g * _UG if field < 3 else range_dps * _RATE_UNITS
            count = (values[field] * 32768 + full // 2) // full
            counts[field] = max(-32768, min(32767, count))
            if field >= 3 and now_us < self._gyro_ready_us:
                counts[field] = STARTING

    def _drive_int1(self, level):
        if level != self._int1_level:
            self._int1_level = level
            if self._int1 is not None:
                self._int1.drive(level)
