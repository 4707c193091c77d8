"""An IMU that runs at 100 Hz and counts 32768 for its full range, made to look like the one the core was made for.

The core and the record know one rate, 104 Hz, and the LSM6DSOX's counts (retrogait/scale.py). Straight lines between
two samples give 26 samples for every 25; sensitivities become the LSM6DSOX's by one multiplication. Integers only,
every product inside +-2^30, nothing allocated in read(). What straight lines do to a movement: at 5 Hz nothing (0.8 %),
at 20 Hz they take up to 12 %; steps and falls are below 10 Hz (tests/drivers/test_rate104.py counts steps both ways).
"""

from array import array

from retrogait import const
from retrogait.scale import Scale

_SAMPLE_FIELDS = const(6)
# An output every 25 of 26 parts of a sample.
_PARTS = const(26)
_STEP = const(25)
_BATCH = const(32)
_SHIFT = const(14)
_MOST = const(32767)
_FULL = const(32768)

_NOTHING = const(0)
_ONE = const(1)
_PAIR = const(2)


class At104:
    """imu: a driver at 100 Hz with start, read, level, stop, self_test, temperature_cdeg and the counters.

    Has the same methods and counters; counts are samples of 104 Hz. Errors are those of `imu`.
    """

    def __init__(self, imu):
        self._imu = imu
        self._batch = array("h", (0 for _ in range(_BATCH * _SAMPLE_FIELDS)))
        self._before = array("h", (0 for _ in range(_SAMPLE_FIELDS)))
        self._after = array("h", (0 for _ in range(_SAMPLE_FIELDS)))
        self._forget()

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """As drivers.lsm6dsox.Lsm6dsox.start."""
        scale = Scale(accel_range_g, gyro_range_dps)
        # counts of 1/32768 of the range to counts of `ug`, and of gyro_160 / 160 tenths of a degree per second.
        self._accel_factor = ((accel_range_g * 1000000 << _SHIFT) // _FULL + scale.ug // 2) // scale.ug
        gyro_q14 = (gyro_range_dps * 10 * 160 << _SHIFT) // _FULL
        self._gyro_factor = (gyro_q14 + scale.gyro_160 // 2) // scale.gyro_160
        self._imu.start(accel_range_g, gyro_range_dps, max(1, watermark_samples * _STEP // _PARTS))
        self._forget()

    def read(self, into):
        """Copy samples into `into` (array "h", six counts each) and return how many; a gap ends a read."""
        room = len(into) // _SAMPLE_FIELDS
        count = 0
        while count < room:
            if self._state == _PAIR and self._due < _PARTS:
                self._put(into, count * _SAMPLE_FIELDS)
                self._due += _STEP
                count += 1
            elif not self._take(count):
                break
        self.samples_read += count
        return count

    def level(self):
        """Whole samples that wait."""
        return self._imu.level() * _PARTS // _STEP

    @property
    def overruns(self):
        """Times that the FIFO was found to have run over since start()."""
        return self._imu.overruns

    def stop(self):
        """Put the chip to rest."""
        self._imu.stop()

    def self_test(self):
        """The chip's own self-test; start() again afterwards."""
        return self._imu.self_test()

    def temperature_cdeg(self):
        """The chip's temperature in 0.01 degrees Celsius."""
        return self._imu.temperature_cdeg()

    def _forget(self):
        self.samples_read = 0
        self.lost_samples = 0
        self._state = _NOTHING
        # Where the next output lies, in parts of a sample after _before (of a pair) or _after (of one).
        self._due = 0
        self._at = 0
        self._end = 0
        self._lost_there = 0
        self._gap = 0

    def _take(self, count):
        """Bring the next sample of the chip in; False when none waits, or a gap lies before it and `count` are out."""
        if self._at == self._end:
            imu = self._imu
            self._end = imu.read(self._batch) * _SAMPLE_FIELDS
            self._at = 0
            self._gap += imu.lost_samples - self._lost_there
            self._lost_there = imu.lost_samples
            if self._end == 0:
                return False
        if self._gap and count:
            return False
        if self._state == _PAIR:
            self._due -= _PARTS
        if self._gap:
            self._leap()
        elif self._state == _NOTHING:
            self._state = _ONE
        else:
            self._before, self._after = self._after, self._before
            self._state = _PAIR
        self._scale()
        return True

    def _leap(self):
        """Count the outputs that have no two neighbours because of the gap before the sample that comes in now."""
        span = self._gap * _PARTS if self._state == _NOTHING else (self._gap + 1) * _PARTS
        lost = max(0, (span - self._due + _STEP - 1) // _STEP)
        self.lost_samples += lost
        self._due += _STEP * lost - span
        self._gap = 0
        self._state = _ONE

    def _scale(self):
        batch = self._batch
        at = self._at
        into = self._after
        factor = self._accel_factor
        for field in range(_SAMPLE_FIELDS):
            if field == 3:
                factor = self._gyro_factor
            count = batch[at + field]
            if count >= _MOST or count <= -_MOST:
                # The end of the chip's range is told as the end of the range, whatever the factor.
                into[field] = _MOST if count > 0 else -_FULL
            else:
                into[field] = max(-_FULL, min(_MOST, (count * factor + 8192) >> _SHIFT))
        self._at = at + _SAMPLE_FIELDS

    def _put(self, into, place):
        before = self._before
        after = self._after
        due = self._due
        for field in range(_SAMPLE_FIELDS):
            start = before[field]
            into[place + field] = start + ((after[field] - start) * due + 13) // _PARTS
