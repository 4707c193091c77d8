"""The IMU LSM6DSOX (data sheet DS12814, application note AN5272): accelerometer and gyroscope at 104 Hz into its FIFO.

Counts leave in the sensor's own axes, ax, ay, az, gx, gy, gz; sensitivities are in retrogait/scale.py. Reading is in
lsm6dsox_fifo.py, the self-test in lsm6dsox_selftest.py, waking by motion in lsm6dsox_motion.py. Written from the data
sheets; not yet run on silicon.
"""

from drivers.imu import Imu, range_code
from drivers.lsm6dsox_fifo import TaggedFifo
from drivers.lsm6dsox_motion import watch_motion
from drivers.lsm6dsox_selftest import run_self_test
from drivers.registers import int16
from retrogait import const

_FIFO_CTRL1 = const(0x07)
_FIFO_CTRL2 = const(0x08)
_FIFO_CTRL3 = const(0x09)
_FIFO_CTRL4 = const(0x0A)
_INT1_CTRL = const(0x0D)
_WHO_AM_I = const(0x0F)
_CTRL1_XL = const(0x10)
_CTRL2_G = const(0x11)
_CTRL3_C = const(0x12)
_CTRL9_XL = const(0x18)
_CTRL10_C = const(0x19)
_OUT_TEMP_L = const(0x20)

_IDENTITY = const(0x6C)
_SW_RESET = const(0x01)
_BDU_IF_INC = const(0x44)
_I3C_DISABLE = const(0xE2)
_TIMESTAMP_EN = const(0x20)
_ODR_104 = const(0x40)
_BATCH_BOTH_104 = const(0x44)
_FIFO_BYPASS = const(0x00)
_FIFO_CONTINUOUS = const(0x06)
_INT1_FIFO_TH = const(0x08)

_ACCEL_RANGE_CODES = {2: 0x00, 4: 0x08, 8: 0x0C, 16: 0x04}
_GYRO_RANGE_CODES = {125: 0x02, 250: 0x00, 500: 0x04, 1000: 0x08, 2000: 0x0C}


class Lsm6dsox(Imu):
    """bus: a drivers.bus.Bus; address 0x6A or 0x6B."""

    def __init__(self, bus, address):
        super().__init__(bus, address, TaggedFifo(bus, address))

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """Reset, configure and check the chip, and set the FIFO going; takes 0.1 s. Sets the counts to zero.

        INT1 rises when `watermark_samples` (1..255) wait. ValueError for a range that the chip does not have.
        """
        watermark_words = 2 * watermark_samples
        settings = (
            (_CTRL3_C, _BDU_IF_INC),
            (_CTRL9_XL, _I3C_DISABLE),
            (_CTRL10_C, _TIMESTAMP_EN),
            (_FIFO_CTRL1, watermark_words & 0xFF),
            (_FIFO_CTRL2, watermark_words >> 8),
            (_FIFO_CTRL3, _BATCH_BOTH_104),
            (_INT1_CTRL, _INT1_FIFO_TH),
            (_CTRL1_XL, _ODR_104 | range_code(_ACCEL_RANGE_CODES, accel_range_g)),
            (_CTRL2_G, _ODR_104 | range_code(_GYRO_RANGE_CODES, gyro_range_dps)),
            (_FIFO_CTRL4, _FIFO_CONTINUOUS),
        )
        self._make_ready()
        self._begin(settings)

    def stop(self):
        """Empty the FIFO and power both sensors down."""
        self._write(_FIFO_CTRL4, _FIFO_BYPASS)
        self._write(_CTRL1_XL, 0)
        self._write(_CTRL2_G, 0)

    def watch_motion(self):
        """Reset, then keep INT1 low while the chip lies still and high while it is moved; start() ends that."""
        self._make_ready()
        self._write(_CTRL3_C, _BDU_IF_INC)
        self._write(_CTRL9_XL, _I3C_DISABLE)
        watch_motion(self._write)

    def self_test(self):
        """The data sheet's self-test; the device must lie still for about a second. True if both sensors pass.

        Leaves the chip reset and powered down: start() again afterwards.
        """
        self._make_ready()
        self._write(_CTRL3_C, _BDU_IF_INC)
        self._write(_CTRL9_XL, _I3C_DISABLE)
        passed = run_self_test(self._bus, self._address)
        self._make_ready()
        return passed

    def temperature_cdeg(self):
        """The chip's temperature in 0.01 degrees Celsius (256 counts a degree, 0 at 25 degrees)."""
        self._bus.read_into(self._address, _OUT_TEMP_L, self._word)
        return 2500 + int16(self._word[0], self._word[1]) * 100 // 256

    def _make_ready(self):
        """Make sure that the chip is there and bring it to its defaults, powered down."""
        self._identify(_WHO_AM_I, _IDENTITY)
        self._reset(_CTRL3_C, _SW_RESET)
