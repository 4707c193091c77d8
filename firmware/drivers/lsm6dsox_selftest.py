"""The LSM6DSOX's self-test (AN5272, self-test chapter): an electric force moves each mass; the output must follow.

Five samples are averaged with the force off and on, the first after a change being thrown away. Limits are those of
DS12814, table 3. Integers only. Called by lsm6dsox.py on a chip that has just been reset.
"""

from array import array
from time import sleep_ms

from drivers.registers import Registers, int16
from retrogait import const

_CTRL1_XL = const(0x10)
_CTRL2_G = const(0x11)
_CTRL5_C = const(0x14)
_STATUS_REG = const(0x1E)
_OUTX_L_G = const(0x22)
_OUTX_L_A = const(0x28)

_XLDA = const(0x01)
_GDA = const(0x02)
_ST_XL_POSITIVE = const(0x01)
_ST_G_POSITIVE = const(0x04)
_ACCEL_52_HZ_4G = const(0x38)
_GYRO_208_HZ_2000DPS = const(0x5C)

_SETTLE_MS = const(100)
_AVERAGED = const(5)
_READY_TRIES = const(50)

# Limits in counts of five samples summed: 50..1700 mg at 0.122 mg, 150..700 dps at 0.070 dps.
_ACCEL_LEAST = const(50000 * _AVERAGED // 122)
_ACCEL_MOST = const(1700000 * _AVERAGED // 122)
_GYRO_LEAST = const(150000 * _AVERAGED // 70)
_GYRO_MOST = const(700000 * _AVERAGED // 70)


def run_self_test(bus, address):
    """True if both sensors move as they should; both are powered down again, whatever the result."""
    test = _SelfTest(bus, address)
    accel = test.moves(_CTRL1_XL, _ACCEL_52_HZ_4G, _ST_XL_POSITIVE, _XLDA, _OUTX_L_A, _ACCEL_LEAST, _ACCEL_MOST)
    gyro = test.moves(_CTRL2_G, _GYRO_208_HZ_2000DPS, _ST_G_POSITIVE, _GDA, _OUTX_L_G, _GYRO_LEAST, _GYRO_MOST)
    return accel and gyro


class _SelfTest(Registers):
    def __init__(self, bus, address):
        super().__init__(bus, address)
        self._axes = bytearray(6)

    def moves(self, control, running, force, ready, output, least, most):
        """Whether every axis of one sensor answers the force with a change of least..most counts."""
        self._write(control, running)
        sleep_ms(_SETTLE_MS)
        without = array("i", (0, 0, 0))
        with_force = array("i", (0, 0, 0))
        came = self._sum(without, ready, output)
        self._write(_CTRL5_C, force)
        sleep_ms(_SETTLE_MS)
        came = self._sum(with_force, ready, output) and came
        self._write(_CTRL5_C, 0)
        self._write(control, 0)
        for axis in range(3):
            if not least <= abs(with_force[axis] - without[axis]) <= most:
                return False
        return came

    def _sum(self, sums, ready, output):
        """Add up five samples after dropping one; False if the samples do not come."""
        axes = self._axes
        for taken in range(_AVERAGED + 1):
            if not self._wait(ready):
                return False
            self._bus.read_into(self._address, output, axes)
            if taken == 0:
                continue
            for axis in range(3):
                sums[axis] += int16(axes[2 * axis], axes[2 * axis + 1])
        return True

    def _wait(self, ready):
        for _ in range(_READY_TRIES):
            if self._read(_STATUS_REG) & ready:
                return True
            sleep_ms(1)
        return False
