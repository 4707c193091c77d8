"""The IMU BMI270 (Bosch data sheet BST-BMI270-DS000): accelerometer and gyroscope at 100 Hz into its FIFO.

Used through drivers.rate104.At104, which makes 104 Hz of it. Counts leave in the sensor's own axes, 32768 for the full
range. After power-up the chip does nothing until 8 kB of Bosch's configuration are in it: bmi270_config.py. Written
from the data sheet, parts of which are recalled; not yet run on silicon. The correction of the gyroscope's x by its z
(factor_zx) is not made; the calibration of the clip does not know of it either.
"""

from errno import ENODEV
from time import sleep_ms

from drivers.bmi270_config import upload
from drivers.bmi270_fifo import Bmi270Fifo
from drivers.errors import SensorAbsent, SensorRefused

_CHIP_ID = 0x00
_ACC_DATA = 0x0C
_INTERNAL_STATUS = 0x21
_TEMPERATURE = 0x22
_ACC_CONF = 0x40
_ACC_RANGE = 0x41
_GYR_CONF = 0x42
_GYR_RANGE = 0x43
_FIFO_WTM_0 = 0x46
_FIFO_WTM_1 = 0x47
_FIFO_CONFIG_0 = 0x48
_FIFO_CONFIG_1 = 0x49
_INT1_IO_CTRL = 0x53
_INT_MAP_DATA = 0x58
_ACC_SELF_TEST = 0x6D
_PWR_CONF = 0x7C
_PWR_CTRL = 0x7D
_CMD = 0x7E

_IDENTITY = 0x24
_SOFT_RESET = 0xB6
_READY = 0x01
_STATUS_MASK = 0x0F
# Performance filters, normal bandwidth, 100 Hz.
_ACC_100_HZ = 0xA8
_GYR_100_HZ = 0xE8
_ACC_1600_HZ = 0xAC
_NO_TIME_FRAMES = 0x00
_HEADER_GYR_ACC = 0xD0
# Nothing goes into the FIFO.
_HEADER_ONLY = 0x10
_PIN_HIGH = 0x0A
_WATERMARK_TO_INT1 = 0x02
_NO_POWER_SAVE = 0x00
_ACC_GYR_TEMP = 0x0E
_ACC_ONLY = 0x04
_TEST_POSITIVE = 0x0D
_TEST_NEGATIVE = 0x09

_ACCEL_RANGE_CODES = {2: 0, 4: 1, 8: 2, 16: 3}
_GYRO_RANGE_CODES = {2000: 0, 1000: 1, 500: 2, 250: 3, 125: 4}
_FRAME_BYTES = 13

_RESET_MS = 2
# The gyroscope needs 45 ms from suspend.
_TURN_ON_MS = 100
_TEST_SETTLE_MS = 60
# What the masses must move between the two forces, in counts at 16 g: x 16 g, y -15 g, z 10 g.
_TEST_LEAST = (16 * 2048, -15 * 2048, 10 * 2048)


class Bmi270:
    """bus: a drivers.bus.Bus; address 0x68 or 0x69; config_path: the file of its configuration. start() first.

    Errors of every method: SensorAbsent, SensorRefused (start only), BusStuck; start and self_test also SensorUnready
    when the file is missing or the chip does not take it. A failed start may be repeated.
    """

    def __init__(self, bus, address, config_path):
        self._bus = bus
        self._address = address
        self._config_path = config_path
        self._byte = bytearray(1)
        self._word = bytearray(2)
        self._axes = bytearray(6)
        self._fifo = Bmi270Fifo(bus, address)

    def start(self, accel_range_g, gyro_range_dps, watermark_samples):
        """Configure and check the chip, and set the FIFO going; takes 0.1 s, and 0.3 s more after its power was off.

        INT1 rises when `watermark_samples` wait. Sets the counts to zero. ValueError for a range it does not have.
        """
        if accel_range_g not in _ACCEL_RANGE_CODES or gyro_range_dps not in _GYRO_RANGE_CODES:
            raise ValueError("no such IMU range")
        self._make_ready()
        watermark_bytes = watermark_samples * _FRAME_BYTES
        registers = (
            (_PWR_CONF, _NO_POWER_SAVE),
            (_ACC_CONF, _ACC_100_HZ),
            (_ACC_RANGE, _ACCEL_RANGE_CODES[accel_range_g]),
            (_GYR_CONF, _GYR_100_HZ),
            (_GYR_RANGE, _GYRO_RANGE_CODES[gyro_range_dps]),
            (_FIFO_WTM_0, watermark_bytes & 0xFF),
            (_FIFO_WTM_1, watermark_bytes >> 8),
            (_FIFO_CONFIG_0, _NO_TIME_FRAMES),
            (_INT1_IO_CTRL, _PIN_HIGH),
            (_INT_MAP_DATA, _WATERMARK_TO_INT1),
            (_PWR_CTRL, _ACC_GYR_TEMP),
        )
        for register, value in registers:
            self._write(register, value)
        sleep_ms(_TURN_ON_MS)
        self._write(_FIFO_CONFIG_1, _HEADER_GYR_ACC)
        self._fifo.restart()
        for register, value in registers + ((_FIFO_CONFIG_1, _HEADER_GYR_ACC),):
            if self._read(register) != value:
                raise SensorRefused(register)

    def read(self, into):
        """Copy waiting samples into `into` and return how many: see FrameFifo.read."""
        return self._fifo.frames.read(into)

    def level(self):
        """Whole samples that wait in the FIFO."""
        return self._fifo.level()

    @property
    def samples_read(self):
        """Samples handed out since start()."""
        return self._fifo.frames.samples_read

    @property
    def lost_samples(self):
        """Samples that the FIFO or the bus lost since start(); they lie before the latest read."""
        return self._fifo.frames.lost_samples

    @property
    def overruns(self):
        """Times that the FIFO was found to have run over since start()."""
        return self._fifo.frames.overruns

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
        sleep_ms(_TURN_ON_MS)
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
        count = ((self._word[0] | self._word[1] << 8) ^ 0x8000) - 0x8000
        return 2300 + count * 100 // 512

    def _forced(self, force):
        """The three axes under a force of the self-test."""
        self._write(_ACC_SELF_TEST, force)
        sleep_ms(_TEST_SETTLE_MS)
        axes = self._axes
        self._bus.read_into(self._address, _ACC_DATA, axes)
        return [((axes[2 * axis] | axes[2 * axis + 1] << 8) ^ 0x8000) - 0x8000 for axis in range(3)]

    def _make_ready(self):
        """Make sure that the chip is there, and that its configuration is in it."""
        if self._read(_CHIP_ID) != _IDENTITY:
            raise SensorAbsent(ENODEV)
        if self._read(_INTERNAL_STATUS) & _STATUS_MASK == _READY:
            return
        self._write(_CMD, _SOFT_RESET)
        sleep_ms(_RESET_MS)
        upload(self._bus, self._address, self._config_path)

    def _write(self, register, value):
        self._byte[0] = value
        self._bus.write(self._address, register, self._byte)

    def _read(self, register):
        self._bus.read_into(self._address, register, self._byte)
        return self._byte[0]
