"""The IMU BMI270 (Bosch data sheet BST-BMI270-DS000): accelerometer and gyroscope at 100 Hz into its FIFO.

Used through drivers.rate104.At104, which makes 104 Hz of it. Counts leave in the sensor's own axes, 32768 for the full
range. After power-up the chip does nothing until 8 kB of Bosch's configuration are in it: bmi270_config.py. Written
from the data sheet, parts of which are recalled; not yet run on silicon. The correction of the gyroscope's x by its z
(factor_zx) is not made; the calibration of the clip does not know of it either.
"""

from time import sleep_ms

from drivers.bmi270_config import upload
from drivers.bmi270_fifo import Bmi270Fifo
from drivers.imu import TURN_ON_MS, Imu, range_code
from drivers.registers import int16
from retrogait import const

_CHIP_ID = const(0x00)
_ACC_DATA = const(0x0C)
_INTERNAL_STATUS = const(0x21)
_TEMPERATURE = const(0x22)
_ACC_CONF = const(0x40)
_ACC_RANGE = const(0x41)
_GYR_CONF = const(0x42)
_GYR_RANGE = const(0x43)
_FIFO_WTM_0 = const(0x46)
_FIFO_WTM_1 = const(0x47)
_FIFO_CONFIG_0 = const(0x48)
_FIFO_CONFIG_1 = const(0x49)
_INT1_IO_CTRL = const(0x53)
_INT_MAP_DATA = const(0x58)
_ACC_SELF_TEST = const(0x6D)
_PWR_CONF = const(0x7C)
_PWR_CTRL = const(0x7D)
_CMD = const(0x7E)

_IDENTITY = const(0x24)
_SOFT_RESET = const(0xB6)
_READY = const(0x01)
_STATUS_MASK = const(0x0F)
# Performance filters, normal bandwidth, 100 Hz.
_ACC_100_HZ = const(0xA8)
_GYR_100_HZ = const(0xE8)
_ACC_1600_HZ = const(0xAC)
_NO_TIME_FRAMES = const(0x00)
_HEADER_GYR_ACC = const(0xD0)
# Nothing goes into the FIFO.
_HEADER_ONLY = const(0x10)
_PIN_HIGH = const(0x0A)
_WATERMARK_TO_INT1 = const(0x02)
_NO_POWER_SAVE = const(0x00)
_ACC_GYR_TEMP = const(0x0E)
_ACC_ONLY = const(0x04)
_TEST_POSITIVE = const(0x0D)
_TEST_NEGATIVE = const(0x09)

_FRAME_BYTES = const(13)

_RESET_MS = const(2)
_TEST_SETTLE_MS = const(60)
# What the masses must move between the two forces, in counts at 16 g: x 16 g, y -15 g, z 10 g.
_TEST_LEAST = (16 * 2048, -15 * 2048, 10 * 2048)

_ACCEL_RANGE_CODES = {2: 0, 4: 1, 8: 2, 16: 3}
_GYRO_RANGE_CODES = {2000: 0, 1000: 1, 500: 2, 250: 3, 125: 4}


class Bmi270(Imu):
    """bus: a drivers.bus.Bus; address 0x68 or 0x69; config_path: the file of its configuration.

    start and self_test take 0.3 s more after the power was off; SensorUnready when the file is missing or the chip does
    not take it.
    """

    def __init__(self, bus, address, config_path):
        super().__init__(bus, address, Bmi270Fifo(bus, address))
        self._config_path = config_path
        self._axes = bytearray(6)

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """Configure and check the chip, and set the FIFO going; takes 0.1 s, and 0.3 s more after its power was off.

        INT1 rises when `watermark_samples` wait. Sets the counts to zero. ValueError for a range it does not have.
        """
        watermark_bytes = watermark_samples * _FRAME_BYTES
        settings = (
            (_PWR_CONF, _NO_POWER_SAVE),
            (_ACC_CONF, _ACC_100_HZ),
            (_ACC_RANGE, range_code(_ACCEL_RANGE_CODES, accel_range_g)),
            (_GYR_CONF, _GYR_100_HZ),
            (_GYR_RANGE, range_code(_GYRO_RANGE_CODES, gyro_range_dps)),
            (_FIFO_WTM_0, watermark_bytes & 0xFF),
            (_FIFO_WTM_1, watermark_bytes >> 8),
            (_FIFO_CONFIG_0, _NO_TIME_FRAMES),
            (_INT1_IO_CTRL, _PIN_HIGH),
            (_INT_MAP_DATA, _WATERMARK_TO_INT1),
            (_PWR_CTRL, _ACC_GYR_TEMP),
            (_FIFO_CONFIG_1, _HEADER_GYR_ACC),
        )
        self._make_ready()
        self._begin(settings)

    def stop(self):
        """Power both sensors down and empty the FIFO; the configuration stays in the chip."""
        self._write(_PWR_CTRL, 0)
        self._fifo.flush()

    def self_test(self):
        """The data sheet's self-test of the accelerometer; it must lie still. True if every mass follows the force.

        The gyroscope's own test needs a feature of the configuration and is not run. start() again afterwards.
        """
        self._make_ready()
        self._write(_PWR_CONF, _NO_POWER_SAVE)
        self._write(_FIFO_CONFIG_1, _HEADER_ONLY)
        self._write(_PWR_CTRL, _ACC_ONLY)
        self._write(_ACC_RANGE, _ACCEL_RANGE_CODES[16])
        self._write(_ACC_CONF, _ACC_1600_HZ)
        sleep_ms(TURN_ON_MS)
        up = self._forced(_TEST_POSITIVE)
        down = self._forced(_TEST_NEGATIVE)
        self._write(_ACC_SELF_TEST, 0)
        self._write(_PWR_CTRL, 0)
        for axis in range(3):
            least = _TEST_LEAST[axis]
            moved = up[axis] - down[axis]
            if moved < least if least > 0 else moved > least:
                return False
        return True

    def temperature_cdeg(self):
        """The chip's temperature in 0.01 degrees Celsius (512 counts a degree, 0 at 23 degrees)."""
        self._bus.read_into(self._address, _TEMPERATURE, self._word)
        return 2300 + int16(self._word[0], self._word[1]) * 100 // 512

    def _forced(self, force):
        """The three axes under a force of the self-test."""
        self._write(_ACC_SELF_TEST, force)
        sleep_ms(_TEST_SETTLE_MS)
        axes = self._axes
        self._bus.read_into(self._address, _ACC_DATA, axes)
        return [int16(axes[2 * axis], axes[2 * axis + 1]) for axis in range(3)]

    def _make_ready(self):
        """Make sure that the chip is there, and that its configuration is in it."""
        self._identify(_CHIP_ID, _IDENTITY)
        if self._read(_INTERNAL_STATUS) & _STATUS_MASK == _READY:
            return
        self._write(_CMD, _SOFT_RESET)
        sleep_ms(_RESET_MS)
        upload(self._bus, self._address, self._config_path)
