"""The IMU MPU6886 as its data sheet describes it (InvenSense DS-000193): the part that a six-axis recorder needs.

Modelled: identity, reset, sleep, ranges with saturation, 100 Hz, the FIFO that stops when it is full with its overflow
flag, output registers, temperature, self-test. Not modelled: overwriting FIFO, filters, other rates, interrupts on a
pin. Whatever is not modelled may not be written to.
"""

from struct import pack, pack_into

from .sampled import SampledImu
from .violation import ModelViolation

_SMPLRT_DIV = 0x19
_CONFIG = 0x1A
_FIFO_EN = 0x23
_INT_STATUS = 0x3A
_USER_CTRL = 0x6A
_PWR_MGMT_1 = 0x6B
_FIFO_R_W = 0x74

_WRITABLE = {
    0x19: 0xFF,
    0x1A: 0x47,  # CONFIG: FIFO_MODE, DLPF_CFG
    0x1B: 0xF8,  # GYRO_CONFIG: self-test, range
    0x1C: 0xF8,  # ACCEL_CONFIG: self-test, range
    0x1D: 0x07,  # ACCEL_CONFIG2
    0x23: 0x18,  # FIFO_EN: gyroscope, accelerometer
    0x6A: 0x44,  # USER_CTRL: FIFO_EN, FIFO_RST
    0x6B: 0xC7,  # PWR_MGMT_1: reset, sleep, clock
}
_DEFAULTS = {0x75: 0x19, 0x6B: 0x41}
_RANGES_G = (2, 4, 8, 16)
_RANGES_DPS = (250, 500, 1000, 2000)
_ASLEEP = 0xC0
_STOP_WHEN_FULL = 0x40
_BOTH = 0x18
_FIFO_ON = 0x40
_FIFO_RESET = 0x04
_OVERFLOWED = 0x10
_DIVIDE_TO_100_HZ = 9
_FIFO_BYTES = 1024
_FRAME_BYTES = 14
_EMPTY = 0x7F

_RESET_US = 10000
_GYRO_START_US = 35000
# 450 mg and 100 dps.
_FORCE = (450000, 450000, 450000, 800000, 800000, 800000)


class MPU6886(SampledImu):
    """See SampledImu; int1 is not driven."""

    NAME = "MPU6886"
    WRITABLE = _WRITABLE
    DEFAULTS = _DEFAULTS
    FIFO = (_FIFO_BYTES, _FRAME_BYTES, _EMPTY)

    def read(self, register, buffer):
        """Fill `buffer` as the bus reads it from `register` on."""
        if register == _FIFO_R_W:
            self.fifo.pop_into(buffer, False)
            return
        self._refresh()
        for place in range(len(buffer)):
            at = register + place
            buffer[place] = self._registers[at]
            if at == _INT_STATUS:
                # Reading clears it.
                self._registers[_INT_STATUS] = 0

    def _write_one(self, register, value):
        registers = self._registers
        if register == _PWR_MGMT_1 and value & 0x80:
            self._reset()
            registers[_PWR_MGMT_1] |= 0x80
            self._reset_until_us = self._clock.us + _RESET_US
            return
        if registers[_PWR_MGMT_1] & 0x40 and register not in (_PWR_MGMT_1, _USER_CTRL):
            raise ModelViolation("MPU6886: write to register 0x%02x while it sleeps" % register)
        if register == _USER_CTRL and value & _FIFO_RESET:
            self.fifo.clear()
            value &= ~_FIFO_RESET
        registers[register] = value
        if register == _PWR_MGMT_1:
            self._run(not value & _ASLEEP, _GYRO_START_US)

    def _refresh(self):
        registers = self._registers
        if registers[_PWR_MGMT_1] & 0x80 and self._clock.us >= self._reset_until_us:
            registers[_PWR_MGMT_1] &= 0x7F
        counts = self.counts
        pack_into(">3h", registers, 0x3B, counts[0], counts[1], counts[2])
        pack_into(">h", registers, 0x41, self._temperature())
        pack_into(">3h", registers, 0x43, counts[3], counts[4], counts[5])
        level = self.fifo.level()
        registers[0x72] = level >> 8
        registers[0x73] = level & 0xFF

    def _temperature(self):
        return (self.temperature_cdeg - 2500) * 3268 // 1000

    def _keep(self, values, now_us):
        registers = self._registers
        for field in range(6):
            if registers[0x1C if field < 3 else 0x1B] & 0xE0 and self.self_test_works:
                values[field] += _FORCE[field]
        self._measure(values, _RANGES_G[registers[0x1C] >> 3 & 3], _RANGES_DPS[registers[0x1B] >> 3 & 3], now_us)
        if not registers[_USER_CTRL] & _FIFO_ON or registers[_FIFO_EN] != _BOTH:
            return
        if registers[_SMPLRT_DIV] != _DIVIDE_TO_100_HZ or not registers[_CONFIG] & _STOP_WHEN_FULL:
            raise ModelViolation("MPU6886: a data rate or FIFO mode that is not modelled")
        counts = self.counts
        frame = pack(">7h", counts[0], counts[1], counts[2], self._temperature(), counts[3], counts[4], counts[5])
        if not self.fifo.push(frame, False):
            registers[_INT_STATUS] |= _OVERFLOWED
