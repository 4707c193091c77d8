"""The IMU LSM6DSOX (data sheet DS12814, application note AN5272): accelerometer and gyroscope at 104 Hz into its FIFO.

Counts leave in the sensor's own axes, ax, ay, az, gx, gy, gz; sensitivities are in retrogait/scale.py. Reading is in
lsm6dsox_fifo.py, the self-test in lsm6dsox_selftest.py, waking by motion in lsm6dsox_motion.py. Written from the data
sheets; not yet run on silicon.
"""

from errno import ENODEV
from time import sleep_ms

from drivers.errors import SensorAbsent, SensorRefused
from drivers.lsm6dsox_fifo import TaggedFifo
from drivers.lsm6dsox_motion import watch_motion
from drivers.lsm6dsox_selftest import run_self_test

_FIFO_CTRL1 = 0x07
_FIFO_CTRL2 = 0x08
_FIFO_CTRL3 = 0x09
_FIFO_CTRL4 = 0x0A
_INT1_CTRL = 0x0D
_WHO_AM_I = 0x0F
_CTRL1_XL = 0x10
_CTRL2_G = 0x11
_CTRL3_C = 0x12
_CTRL9_XL = 0x18
_CTRL10_C = 0x19
_OUT_TEMP_L = 0x20

_IDENTITY = 0x6C
_SW_RESET = 0x01
_BDU_IF_INC = 0x44
_I3C_DISABLE = 0xE2
_TIMESTAMP_EN = 0x20
_ODR_104 = 0x40
_BATCH_BOTH_104 = 0x44
_FIFO_BYPASS = 0x00
_FIFO_CONTINUOUS = 0x06
_INT1_FIFO_TH = 0x08

_ACCEL_RANGE_CODES = {2: 0x00, 4: 0x08, 8: 0x0C, 16: 0x04}
_GYRO_RANGE_CODES = {125: 0x02, 250: 0x00, 500: 0x04, 1000: 0x08, 2000: 0x0C}

_RESET_TRIES = 10
# The gyroscope needs 70 ms from power-down, the accelerometer's filter two samples.
_TURN_ON_MS = 100


class Lsm6dsox:
    """bus: a drivers.bus.Bus; address 0x6A or 0x6B. Call start() before read().

    Errors of every method: SensorAbsent, SensorRefused (start only), BusStuck. A failed start may be repeated.
    """

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._byte = bytearray(1)
        self._word = bytearray(2)
        self._fifo = TaggedFifo(bus, address)

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """Reset, configure and check the chip, and set the FIFO going; takes 0.1 s. Sets the counts to zero.

        INT1 rises when `watermark_samples` (1..255) wait. ValueError for a range that the chip does not have.
        """
        if accel_range_g not in _ACCEL_RANGE_CODES or gyro_range_dps not in _GYRO_RANGE_CODES:
            raise ValueError("no such IMU range")
        self._reset()
        watermark_words = 2 * watermark_samples
        registers = (
            (_CTRL3_C, _BDU_IF_INC),
            (_CTRL9_XL, _I3C_DISABLE),
            (_CTRL10_C, _TIMESTAMP_EN),
            (_FIFO_CTRL1, watermark_words & 0xFF),
            (_FIFO_CTRL2, watermark_words >> 8),
            (_FIFO_CTRL3, _BATCH_BOTH_104),
            (_INT1_CTRL, _INT1_FIFO_TH),
            (_CTRL1_XL, _ODR_104 | _ACCEL_RANGE_CODES[accel_range_g]),
            (_CTRL2_G, _ODR_104 | _GYRO_RANGE_CODES[gyro_range_dps]),
        )
        for register, value in registers:
            self._write(register, value)
        sleep_ms(_TURN_ON_MS)
        self._write(_FIFO_CTRL4, _FIFO_CONTINUOUS)
        self._fifo.restart()
        for register, value in registers + ((_FIFO_CTRL4, _FIFO_CONTINUOUS),):
            if self._read(register) != value:
                raise SensorRefused(register)

    def read(self, into):
        """Copy waiting samples into `into` and return how many: see TaggedFifo.read."""
        return self._fifo.read(into)

    def level(self):
        """Whole samples that wait in the FIFO."""
        return self._fifo.level()

    @property
    def samples_read(self):
        """Samples handed out since start()."""
        return self._fifo.samples_read

    @property
    def lost_samples(self):
        """Samples that the FIFO or the bus lost since start(); they lie before the latest read."""
        return self._fifo.lost_samples

    @property
    def overruns(self):
        """Times that the FIFO was found to have run over since start()."""
        return self._fifo.overruns

    def stop(self):
        """Empty the FIFO and power both sensors down."""
        self._write(_FIFO_CTRL4, _FIFO_BYPASS)
        self._write(_CTRL1_XL, 0)
        self._write(_CTRL2_G, 0)

    def watch_motion(self):
        """Reset, then keep INT1 low while the chip lies still and high while it is moved; start() ends that."""
        self._reset()
        self._write(_CTRL3_C, _BDU_IF_INC)
        self._write(_CTRL9_XL, _I3C_DISABLE)
        watch_motion(self._write)

    def self_test(self):
        """The data sheet's self-test; the device must lie still for about a second. True if both sensors pass.

        Leaves the chip reset and powered down: start() again afterwards.
        """
        self._reset()
        self._write(_CTRL3_C, _BDU_IF_INC)
        self._write(_CTRL9_XL, _I3C_DISABLE)
        passed = run_self_test(self._bus, self._address)
        self._reset()
        return passed

    def temperature_cdeg(self):
        """The chip's temperature in 0.01 degrees Celsius (256 counts a degree, 0 at 25 degrees)."""
        self._bus.read_into(self._address, _OUT_TEMP_L, self._word)
        count = ((self._word[0] | self._word[1] << 8) ^ 0x8000) - 0x8000
        return 2500 + count * 100 // 256

    def _reset(self):
        """Make sure that the chip is there and bring it to its defaults, powered down."""
        if self._read(_WHO_AM_I) != _IDENTITY:
            raise SensorAbsent(ENODEV)
        self._write(_CTRL3_C, _SW_RESET)
        for _ in range(_RESET_TRIES):
            sleep_ms(1)
            if not self._read(_CTRL3_C) & _SW_RESET:
                return
        raise SensorRefused(_CTRL3_C)

    def _write(self, register, value):
        self._byte[0] = value
        self._bus.write(self._address, register, self._byte)

    def _read(self, register):
        self._bus.read_into(self._address, register, self._byte)
        return self._byte[0]
