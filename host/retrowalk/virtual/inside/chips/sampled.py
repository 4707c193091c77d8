"""What the models of the 100 Hz IMUs share: an oscillator's grid of moments, and the wearer's movement in counts.

32768 counts are the full range. Used by bmi270.py and mpu6886.py, whose `_keep` takes each sample.
"""

from .frame_ring import FrameRing
from .imu import Imu

# 125 udps are 1/8000 dps.
_RATE_UNITS = 8000
_UG = 1000000
STARTING = 9000


class SampledImu(Imu):
    """Its arguments are those of Imu; its model also says FIFO (what its FrameRing is made with). Field: fifo."""

    PERIOD_PS = 10000000000
    is_watching = False
    """Waking by motion is not modelled for these."""

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.fifo = FrameRing(*self.FIFO)
        self._gyro_ready_us = 0
        self._reset()

    @property
    def is_measuring(self):
        """A sensor runs."""
        return self._event is not None

    def _reset(self):
        """The registers' defaults, nothing in the FIFO, no sensor running; the oscillator starts anew."""
        self._set_defaults()
        self.fifo.clear()
        self._grid_us = self._clock.us
        self._run(False, 0)

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
