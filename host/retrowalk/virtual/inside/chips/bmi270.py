"""The IMU BMI270 as its data sheet describes it (BST-BMI270-DS000): the part that a six-axis recorder needs.

Modelled: identity, soft reset, the upload of the configuration with its order and its waits, ranges with saturation,
100 Hz, the FIFO with headers (oldest out when full, a frame read in part is repeated), sensor time, temperature, INT1
with the watermark, the accelerometer's self-test. Of the configuration only that 8192 bytes came in order is checked:
its content is Bosch's secret. Whatever is not modelled may not be written to.
"""

from struct import pack, pack_into

from .sampled import SampledImu
from .violation import ModelViolation

CONFIG_BYTES = 8192

_INTERNAL_STATUS = 0x21
_FIFO_DATA = 0x26
_INIT_CTRL = 0x59
_INIT_ADDR_0 = 0x5B
_INIT_ADDR_1 = 0x5C
_INIT_DATA = 0x5E
_PWR_CONF = 0x7C
_PWR_CTRL = 0x7D
_CMD = 0x7E

_WRITABLE = {
    0x40: 0xFF,  # ACC_CONF
    0x41: 0x03,  # ACC_RANGE
    0x42: 0xFF,  # GYR_CONF
    0x43: 0x07,  # GYR_RANGE
    0x46: 0xFF,  # FIFO_WTM
    0x47: 0x1F,
    0x48: 0x00,  # FIFO_CONFIG_0: neither stop on full nor time frames
    0x49: 0xD0,  # FIFO_CONFIG_1: header, accelerometer, gyroscope
    0x53: 0x0E,  # INT1_IO_CTRL
    0x58: 0x03,  # INT_MAP_DATA: full, watermark
    0x59: 0x01,
    0x5B: 0x0F,
    0x5C: 0xFF,
    0x5E: 0xFF,
    0x6D: 0x0D,  # ACC_SELF_TEST
    0x7C: 0x03,
    0x7D: 0x0E,
    0x7E: 0xFF,
}
_DEFAULTS = {0x00: 0x24, 0x40: 0xA8, 0x41: 0x02, 0x42: 0xA9, 0x48: 0x02, 0x49: 0x10, 0x7C: 0x03}
_RANGES_G = (2, 4, 8, 16)
_RANGES_DPS = (2000, 1000, 500, 250, 125)
_RUNNING = 0x06
_HEADER_GYR_ACC = 0xD0
_FIFO_BYTES = 2048
_FRAME_BYTES = 13
_HEADER = 0x8C
_EMPTY = 0x80
_TICKS = 256

_RESET_US = 2000
_AWAKE_US = 450
_INIT_US = 20000
_GYRO_START_US = 45000
_FORCE_UG = (9000000, -9000000, 6000000)


class BMI270(SampledImu):
    """See SampledImu."""

    NAME = "BMI270"
    WRITABLE = _WRITABLE
    DEFAULTS = _DEFAULTS
    FIFO = (_FIFO_BYTES, _FRAME_BYTES, _EMPTY)

    def read(self, register, buffer):
        """Fill `buffer` as the bus reads it from `register` on."""
        if register == _FIFO_DATA:
            self.fifo.pop_into(buffer, True)
            self._tell_watermark()
            return
        self._refresh()
        for place in range(len(buffer)):
            if register + place == _FIFO_DATA:
                raise ModelViolation("BMI270: a burst into the FIFO must begin there")
            buffer[place] = self._registers[register + place]

    def _after(self, register):
        """The upload's register takes a whole burst."""
        return register if register == _INIT_DATA else register + 1

    def _write_one(self, register, value):
        registers = self._registers
        if register == _CMD:
            self._command(value)
            return
        if register == _INIT_DATA:
            self._take_config(value)
            return
        if register in (_INIT_CTRL, _INIT_ADDR_0, _INIT_ADDR_1) and (
            registers[_PWR_CONF] & 1 or self._clock.us < self._awake_us
        ):
            raise ModelViolation("BMI270: upload while saving power, or within 450 us of it")
        if register == _INIT_CTRL and value == 1:
            is_whole = self._n_config == CONFIG_BYTES
            self._status_later = 1 if is_whole else 2
            self._status_us = self._clock.us + _INIT_US
        elif register == _INIT_CTRL:
            self._n_config = 0
        elif register == _PWR_CONF:
            self._awake_us = self._clock.us + _AWAKE_US
        elif register == 0x49 and value not in (0x10, _HEADER_GYR_ACC):
            raise ModelViolation("BMI270: FIFO without header or with one sensor is not modelled")
        elif register == _PWR_CTRL and value & _RUNNING and self._state() != 1:
            raise ModelViolation("BMI270: sensors on before the configuration is in")
        registers[register] = value
        if register == _PWR_CTRL:
            self._run(bool(value & _RUNNING), _GYRO_START_US)

    def _command(self, value):
        if value == 0xB6:
            self._reset()
            self._reset_until_us = self._clock.us + _RESET_US
        elif value == 0xB0:
            self.fifo.clear()
            self._tell_watermark()
        else:
            raise ModelViolation("BMI270: command 0x%02x" % value)

    def _take_config(self, value):
        registers = self._registers
        words = registers[_INIT_ADDR_0] | registers[_INIT_ADDR_1] << 4
        if registers[_INIT_CTRL] or registers[_PWR_CONF] & 1:
            raise ModelViolation("BMI270: configuration data outside of an upload")
        if self._n_config & 1 == 0 and words != self._n_config >> 1 and self._burst_base != words:
            raise ModelViolation("BMI270: configuration data out of order")
        # Within a burst the chip goes on by itself from the place that was written.
        self._burst_base = words
        self._n_config += 1

    def _state(self):
        if self._status_later and self._clock.us >= self._status_us:
            self._registers[_INTERNAL_STATUS] = self._status_later
            self._status_later = 0
        return self._registers[_INTERNAL_STATUS]

    def _refresh(self):
        """The registers that change by themselves."""
        registers = self._registers
        self._state()
        ticks = (self._clock.us - self._grid_us) * 1000000 * _TICKS // self._period_ps & 0xFFFFFF
        pack_into("<I", registers, 0x18, ticks)
        pack_into("<h", registers, 0x22, (self.temperature_cdeg - 2300) * 512 // 100)
        level = self.fifo.level()
        registers[0x24] = level & 0xFF
        registers[0x25] = level >> 8
        pack_into("<6h", registers, 0x0C, *self.counts)

    def _keep(self, values, now_us):
        registers = self._registers
        test = registers[0x6D]
        if test & 1 and self.self_test_works:
            sign = 1 if test & 4 else -1
            for axis in range(3):
                values[axis] += sign * _FORCE_UG[axis]
        self._measure(values, _RANGES_G[registers[0x41]], _RANGES_DPS[registers[0x43]], now_us)
        if registers[0x49] != _HEADER_GYR_ACC:
            return
        if registers[0x40] & 15 != 8 or registers[0x42] & 15 != 8:
            raise ModelViolation("BMI270: a data rate that is not modelled, into the FIFO")
        counts = self.counts
        frame = pack("<B6h", _HEADER, counts[3], counts[4], counts[5], counts[0], counts[1], counts[2])
        self.fifo.push(frame, True)
        self._tell_watermark()

    def _tell_watermark(self):
        registers = self._registers
        watermark = registers[0x46] | registers[0x47] << 8
        is_mapped = registers[0x58] & 2 and registers[0x53] & 8
        self._drive_int1(1 if is_mapped and watermark and self.fifo.level() >= watermark else 0)

    def _reset(self):
        super()._reset()
        self._n_config = 0
        self._burst_base = -1
        self._status_later = 0
        self._status_us = 0
        self._awake_us = 0
        self._tell_watermark()
