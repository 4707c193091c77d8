"""The IMU LSM6DSOX as its data sheet describes it (DS12814; AN5272): the part of it that a six-axis recorder needs.

Modelled: identity, software reset, ODR and ranges with saturation, output registers with data-ready flags, start-up
samples, self-test, temperature, timestamp, INT1 with FIFO flags; the FIFO itself is in lsm6dsox_fifo.py, the wake-up
function in lsm6dsox_wake.py. Not modelled: filters, noise, other embedded functions, I2C hub. Whatever is not modelled
may not be written to.
"""

from array import array
from struct import pack_into

from .imu import Imu
from .lsm6dsox_fifo import WordFifo
from .lsm6dsox_wake import WRITABLE as _WAKE_WRITABLE
from .lsm6dsox_wake import WakeUp
from .violation import ModelViolation

_FIFO_CTRL4 = 0x0A
_INT1_CTRL = 0x0D
_CTRL1_XL = 0x10
_CTRL2_G = 0x11
_CTRL3_C = 0x12
_CTRL5_C = 0x14
_CTRL10_C = 0x19
_STATUS = 0x1E
_OUT_TEMP = 0x20
_OUT_GYRO = 0x22
_OUT_ACCEL = 0x28
_OUT_END = 0x2E
_FIFO_STATUS1 = 0x3A
_FIFO_STATUS2 = 0x3B
_TIMESTAMP0 = 0x40
_TIMESTAMP2 = 0x42
_FIFO_TAG = 0x78
_LAST = 0x7E

_WRITABLE = {
    0x07: 0xFF,  # FIFO_CTRL1: watermark, low
    0x08: 0x01,  # FIFO_CTRL2: watermark, bit 8
    0x09: 0xFF,  # FIFO_CTRL3: batch rates
    0x0A: 0x07,  # FIFO_CTRL4: mode
    0x0D: 0x38,  # INT1_CTRL: FIFO threshold, overrun, full
    0x10: 0xFC,  # CTRL1_XL
    0x11: 0xFE,  # CTRL2_G
    0x12: 0x45,  # CTRL3_C: BDU, IF_INC, SW_RESET
    0x13: 0x00,  # CTRL4_C
    0x14: 0x0F,  # CTRL5_C: self-test
    0x15: 0x10,  # CTRL6_C: accelerometer without its high-performance mode
    0x16: 0x00,  # CTRL7_G
    0x17: 0x00,  # CTRL8_XL
    0x18: 0xE2,  # CTRL9_XL: I3C_DISABLE and the data-enable defaults
    0x19: 0x20,  # CTRL10_C: TIMESTAMP_EN
}
_WRITABLE.update(_WAKE_WRITABLE)
_DEFAULTS = {0x0F: 0x6C, 0x12: 0x04, 0x18: 0xE0}

_ACCEL_UG = (61, 488, 122, 244)  # FS_XL 00 2 g, 01 16 g, 10 4 g, 11 8 g
_GYRO_125_UDPS = (70, 140, 280, 560)  # FS_G 00 250, 01 500, 10 1000, 11 2000 dps
_GYRO_125_DPS = 35

# FIFO_STATUS2 flags that INT1 shows, by INT1_CTRL bits 5-3 (full, overrun, threshold).
_INT1_FLAGS = (0, 0x80, 0x40, 0xC0, 0x20, 0xA0, 0x60, 0xE0)

_RATE_CODES = (0, 2, 3, 4, 5, 6)  # off, 26, 52, 104, 208, 416 Hz
_TICKS_PER_104 = 384
_RESET_US = 50
_GYRO_START_US = 70000
_GYRO_STARTING = 9000
_SELF_TEST_SETTLE_US = 20000
# Inside the data sheet's limits, 50..1700 mg and 150..700 dps, another for each axis.
_SELF_TEST_INPUT = array("i", (400000, 300000, 900000, 2400000, 3200000, 4000000))


class LSM6DSOX(Imu):
    """Its arguments are those of Imu. Field: fifo."""

    NAME = "LSM6DSOX"
    WRITABLE = _WRITABLE
    DEFAULTS = _DEFAULTS
    PERIOD_PS = 1000000000000 // 104

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.fifo = WordFifo()
        self._wake_up = WakeUp(self._registers)
        self._reset()

    @property
    def is_watching(self):
        """The accelerometer alone runs, and motion would raise INT1."""
        return bool(self._accel_code and not self._gyro_code and self._wake_up.is_routed())

    @property
    def is_measuring(self):
        """A sensor runs, and not only to watch for motion."""
        return bool(self._accel_code or self._gyro_code) and not self.is_watching

    def read(self, register, buffer):
        """Fill `buffer` as the bus reads it from `register` on; FIFO words are followed by FIFO words."""
        if register == _FIFO_TAG and not len(buffer) % 7:
            self.fifo.pop_into(buffer)
            self._show_flags()
            return
        for i in range(len(buffer)):
            buffer[i] = self._read_one(register)
            register = self._after(register)
            if register > _LAST:
                register = _FIFO_TAG

    def _after(self, register):
        return register + 1 if self._registers[_CTRL3_C] & 4 else register

    def _write_one(self, register, value):
        if register == _CTRL3_C and value & 1:
            self._reset()
            self._reset_until_us = self._clock.us + _RESET_US
            return
        if register == _CTRL5_C and (value & 3 == 3 or value >> 2 == 2):
            raise ModelViolation("LSM6DSOX: reserved self-test code")
        self._registers[register] = value
        if register in (_CTRL1_XL, _CTRL2_G):
            self._run()
        elif register == _CTRL5_C:
            self._self_test_from_us = self._clock.us + _SELF_TEST_SETTLE_US
        elif register == _CTRL10_C:
            self._timestamp_from_us = self._clock.us
        elif 0x07 <= register <= _FIFO_CTRL4:
            self.fifo.configure(self._registers)
        if register <= _INT1_CTRL:
            self._show_flags()

    def _read_one(self, register):
        registers = self._registers
        if register == _CTRL3_C and self._clock.us < self._reset_until_us:
            return registers[register] | 1
        if register == _OUT_TEMP:
            pack_into("<h", registers, _OUT_TEMP, (self.temperature_cdeg - 2500) * 256 // 100)
        elif _OUT_GYRO <= register < _OUT_END:
            # Reading any high byte of a sensor takes its data-ready flag down.
            if register & 1:
                registers[_STATUS] &= ~2 if register < _OUT_ACCEL else ~1
            counts = self.counts
            pack_into("<6h", registers, _OUT_GYRO, counts[3], counts[4], counts[5], counts[0], counts[1], counts[2])
        elif register == _FIFO_STATUS1:
            return self.fifo.words & 0xFF
        elif register == _FIFO_STATUS2:
            return self.fifo.take_flags()
        elif register == _TIMESTAMP0:
            # Reading the lowest byte latches the others.
            pack_into("<I", registers, _TIMESTAMP0, self._timestamp())
        elif register >= _FIFO_TAG:
            value = self.fifo.peek(register - _FIFO_TAG)
            self._show_flags()
            return value
        return registers[register]

    def _reset(self):
        self._set_defaults()
        self.fifo.configure(self._registers)
        self._reset_until_us = 0
        self._timestamp_from_us = 0
        self._self_test_from_us = 0
        self._accel_code = 0
        self._gyro_code = 0
        self._run()
        self._show_flags()

    def _run(self):
        """Start, stop or go on sampling after a write to CTRL1_XL or CTRL2_G."""
        registers = self._registers
        accel_code = registers[_CTRL1_XL] >> 4
        gyro_code = registers[_CTRL2_G] >> 4
        if accel_code not in _RATE_CODES or gyro_code not in _RATE_CODES:
            raise ModelViolation("LSM6DSOX: data rate not modelled")
        self._accel_ug = _ACCEL_UG[registers[_CTRL1_XL] >> 2 & 3]
        self._gyro_sens = _GYRO_125_DPS if registers[_CTRL2_G] & 2 else _GYRO_125_UDPS[registers[_CTRL2_G] >> 2 & 3]
        if gyro_code and not self._gyro_code:
            self._gyro_ready_us = self._clock.us + _GYRO_START_US
        if accel_code != self._accel_code:
            # The first sample after a change of rate is the filter's, not the wearer's.
            self._accel_stale = 1
        rate = accel_code or gyro_code
        if accel_code and gyro_code and accel_code != gyro_code:
            raise ModelViolation("LSM6DSOX: two data rates at once are not modelled")
        if rate != (self._accel_code or self._gyro_code):
            if self._event is not None:
                self._clock.cancel(self._event)
                self._event = None
            if rate:
                self._step_ps = (self._period_ps << 4) >> rate
                self._next_ps = self._clock.us * 1000000 + self._step_ps
                self._event = self._clock.at(self._next_ps // 1000000, self._on_sample)
        self._accel_code = accel_code
        self._gyro_code = gyro_code
        self._ready_bits = (1 if accel_code else 0) | (2 if gyro_code else 0)

    def _sample(self):
        """One tick of the data rate: measure, fill the output registers and the FIFO."""
        now_us = self._next_ps // 1000000
        self._next_ps += self._step_ps
        self._event = self._clock.at(self._next_ps // 1000000, self._on_sample)
        self.samples_made += 1
        values = self._input
        self._wearer.read_into(values, now_us)
        registers = self._registers
        if registers[_CTRL5_C]:
            self._add_self_test(values)
        if self._accel_code:
            self._convert(0, self._accel_ug)
            if self._accel_stale:
                self._accel_stale = 0
                counts = self.counts
                counts[0] = counts[1] = counts[2] = 0
        if self._gyro_code:
            self._convert(3, self._gyro_sens)
            if now_us < self._gyro_ready_us:
                counts = self.counts
                counts[3] = counts[4] = counts[5] = _GYRO_STARTING
        elif self._wake_up.take(self.counts):
            self._show_flags()
        registers[_STATUS] = self._ready_bits
        if self.fifo.running and self.fifo.push_slot(self.counts, self._accel_code, self._gyro_code):
            self._show_flags()

    def _convert(self, first, sens):
        """Three inputs from `first` on to counts: rounded, and stopped at the ends of int16."""
        values = self._input
        counts = self.counts
        half = sens >> 1
        x = (values[first] + half) // sens
        y = (values[first + 1] + half) // sens
        z = (values[first + 2] + half) // sens
        if not -32768 <= x <= 32767:
            x = 32767 if x > 0 else -32768
        if not -32768 <= y <= 32767:
            y = 32767 if y > 0 else -32768
        if not -32768 <= z <= 32767:
            z = 32767 if z > 0 else -32768
        counts[first] = x
        counts[first + 1] = y
        counts[first + 2] = z

    def _add_self_test(self, values):
        code = self._registers[_CTRL5_C]
        if self._clock.us < self._self_test_from_us or not self.self_test_works:
            return
        accel_sign = (0, 1, -1)[code & 3]
        gyro_sign = (0, 1, 0, -1)[code >> 2]
        for i in range(6):
            values[i] += _SELF_TEST_INPUT[i] * (accel_sign if i < 3 else gyro_sign)

    def _timestamp(self):
        """The 32-bit count of 25 us ticks, made by the same oscillator as the data rate."""
        if not self._registers[_CTRL10_C] & 0x20:
            return 0
        since_us = self._clock.us - self._timestamp_from_us
        return since_us * 1000000 * _TICKS_PER_104 // self._period_ps & 0xFFFFFFFF

    def _show_flags(self):
        is_flagged = self.fifo.flags() & _INT1_FLAGS[self._registers[_INT1_CTRL] >> 3]
        self._drive_int1(1 if is_flagged else self._wake_up.level)
