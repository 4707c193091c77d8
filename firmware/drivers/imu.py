"""What the drivers of the IMUs share: how one is started, and the samples and counts, which its FIFO keeps.

A driver adds start(), stop(), self_test() and temperature_cdeg(). Used by bmi270.py, lsm6dsox.py and mpu6886.py.
"""

from errno import ENODEV
from time import sleep_ms

from drivers.errors import SensorAbsent, SensorRefused
from drivers.registers import Registers
from retrogait import const

# The gyroscopes need 35 to 70 ms from power-down, the filters a few samples.
TURN_ON_MS = 100
_RESET_STEP_MS = const(5)
_RESET_STEPS = const(20)


def range_code(codes, wanted):
    """codes[wanted]: the bits of a range; ValueError for a range that the chip does not have."""
    if wanted not in codes:
        raise ValueError("no such IMU range")
    return codes[wanted]


class Imu(Registers):
    """fifo: the chip's FIFO, with restart(), level(), read(into) and the counts. Call start() before read().

    Errors of every method: SensorAbsent, SensorRefused (start and self_test), BusStuck. A failed start may be repeated.
    """

    def __init__(self, bus, address, fifo):
        super().__init__(bus, address)
        self._word = bytearray(2)
        self._fifo = fifo

    def _begin(self, settings):
        """Write the settings, pairs (register, value), set the FIFO going, count from zero, and check each.

        The last pair is what lets samples into the FIFO: so nothing of the start-up gets there.
        """
        self._write_all(settings[:-1])
        sleep_ms(TURN_ON_MS)
        self._write_all(settings[-1:])
        self._fifo.restart()
        self._verify(settings)

    def read(self, into):
        """Copy waiting samples into `into` (array "h", six counts each) and return how many: see the FIFO's read."""
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

    def _identify(self, register, identity):
        """SensorAbsent unless the chip is of that identity; nothing is written to another one."""
        if self._read(register) != identity:
            raise SensorAbsent(ENODEV)

    def _reset(self, register, bit):
        """Set the bit that resets the chip, and wait until the chip takes it back."""
        self._write(register, bit)
        for _ in range(_RESET_STEPS):
            sleep_ms(_RESET_STEP_MS)
            if not self._read(register) & bit:
                return
        raise SensorRefused(register)
