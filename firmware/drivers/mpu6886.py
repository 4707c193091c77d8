"""The IMU MPU6886 (InvenSense data sheet DS-000193): accelerometer and gyroscope at 100 Hz into its FIFO.

Used through drivers.rate104.At104, which makes 104 Hz of it. Counts leave in the sensor's own axes, 32768 for the full
range. Written from the data sheet's register map, parts of which are recalled; not yet run on silicon. The data sheet
gives the FIFO's length as 1 kB: 73 frames, 0.73 s. A flash stall of 0.55 s fits; a longer one is told as a gap.
"""

from time import sleep_ms

from drivers.imu import TURN_ON_MS, Imu, range_code
from drivers.mpu6886_fifo import Mpu6886Fifo
from drivers.registers import int16
from retrogait import const

_SMPLRT_DIV = const(0x19)
_CONFIG = const(0x1A)
_GYRO_CONFIG = const(0x1B)
_ACCEL_CONFIG = const(0x1C)
_ACCEL_CONFIG2 = const(0x1D)
_FIFO_EN = const(0x23)
_ACCEL_OUT = const(0x3B)
_TEMP_OUT = const(0x41)
_GYRO_OUT = const(0x43)
_USER_CTRL = const(0x6A)
_PWR_MGMT_1 = const(0x6B)
_WHO_AM_I = const(0x75)

_IDENTITY = const(0x19)
_DEVICE_RESET = const(0x80)
_SLEEP = const(0x40)
_CLOCK_AUTO = const(0x01)
# 1 kHz / (1 + 9).
_DIVIDE_TO_100_HZ = const(9)
# FIFO_MODE: when full, the newest are dropped, so that what is in it stays whole; DLPF 3: 41 Hz.
_STOP_WHEN_FULL_41_HZ = const(0x43)
_ACCEL_45_HZ = const(0x03)
_FIFO_GYRO_AND_ACCEL = const(0x18)
_USER_FIFO = const(0x40)
_SELF_TEST_ON = const(0xE0)

_SETTLE_MS = const(100)
_AVERAGED = const(10)
# Limits where the factory has left no trim: 225..675 mg at 4096 counts/g, over 60 dps at 131 counts/dps.
_ACCEL_LEAST = const(225 * 4096 // 1000)
_ACCEL_MOST = const(675 * 4096 // 1000)
_GYRO_LEAST = const(60 * 131)

_ACCEL_RANGE_CODES = {2: 0x00, 4: 0x08, 8: 0x10, 16: 0x18}
_GYRO_RANGE_CODES = {250: 0x00, 500: 0x08, 1000: 0x10, 2000: 0x18}


class Mpu6886(Imu):
    """bus: a drivers.bus.Bus; address: 0x68 as made. No interrupt is used: the watermark has no effect."""

    def __init__(self, bus, address):
        super().__init__(bus, address, Mpu6886Fifo(bus, address))
        self._axes = bytearray(6)

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """Reset, configure and check the chip, and set the FIFO going; takes 0.1 s. Sets the counts to zero.

        No interrupt is used: `watermark_samples` has no effect. ValueError for a range that the chip does not have.
        """
        settings = (
            (_PWR_MGMT_1, _CLOCK_AUTO),
            (_SMPLRT_DIV, _DIVIDE_TO_100_HZ),
            (_CONFIG, _STOP_WHEN_FULL_41_HZ),
            (_GYRO_CONFIG, range_code(_GYRO_RANGE_CODES, gyro_range_dps)),
            (_ACCEL_CONFIG, range_code(_ACCEL_RANGE_CODES, accel_range_g)),
            (_ACCEL_CONFIG2, _ACCEL_45_HZ),
            (_FIFO_EN, _FIFO_GYRO_AND_ACCEL),
            (_USER_CTRL, _USER_FIFO),
        )
        self._make_ready()
        self._begin(settings)

    def stop(self):
        """Empty the FIFO and power both sensors down."""
        self._fifo.stop()
        self._write(_PWR_MGMT_1, _SLEEP | _CLOCK_AUTO)

    def self_test(self):
        """The data sheet's self-test; the device must lie still for half a second. True if both sensors pass.

        Leaves the chip reset and asleep: start() again afterwards.
        """
        self._make_ready()
        self._write(_PWR_MGMT_1, _CLOCK_AUTO)
        self._write(_GYRO_CONFIG, _GYRO_RANGE_CODES[250])
        self._write(_ACCEL_CONFIG, _ACCEL_RANGE_CODES[8])
        sleep_ms(TURN_ON_MS)
        accel = self._sums(_ACCEL_OUT)
        gyro = self._sums(_GYRO_OUT)
        self._write(_GYRO_CONFIG, _SELF_TEST_ON | _GYRO_RANGE_CODES[250])
        self._write(_ACCEL_CONFIG, _SELF_TEST_ON | _ACCEL_RANGE_CODES[8])
        sleep_ms(_SETTLE_MS)
        accel_moved = self._sums(_ACCEL_OUT)
        gyro_moved = self._sums(_GYRO_OUT)
        self._make_ready()
        for axis in range(3):
            if not _ACCEL_LEAST <= abs(accel_moved[axis] - accel[axis]) // _AVERAGED <= _ACCEL_MOST:
                return False
            if abs(gyro_moved[axis] - gyro[axis]) // _AVERAGED < _GYRO_LEAST:
                return False
        return True

    def temperature_cdeg(self):
        """The chip's temperature in 0.01 degrees Celsius (326.8 counts a degree, 0 at 25 degrees)."""
        self._bus.read_into(self._address, _TEMP_OUT, self._word)
        return 2500 + int16(self._word[1], self._word[0]) * 1000 // 3268

    def _sums(self, output):
        """Ten readings of three axes, 10 ms apart, added up."""
        sums = [0, 0, 0]
        axes = self._axes
        for _ in range(_AVERAGED):
            sleep_ms(10)
            self._bus.read_into(self._address, output, axes)
            for axis in range(3):
                sums[axis] += int16(axes[2 * axis + 1], axes[2 * axis])
        return sums

    def _make_ready(self):
        """Make sure that the chip is there and bring it to its defaults, asleep."""
        self._identify(_WHO_AM_I, _IDENTITY)
        self._reset(_PWR_MGMT_1, _DEVICE_RESET)
