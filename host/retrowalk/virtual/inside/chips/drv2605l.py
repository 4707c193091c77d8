"""The haptic driver DRV2605L as its data sheet describes it (SLOS854): what moves the motor, and when.

Modelled: standby, device reset, real-time playback in signed and unsigned form, the sequencer with a few effects of
the library, full scale by the overdrive clamp (open loop) or the rated voltage (closed loop), auto-calibration and
diagnostics by their duration and result. Not modelled: the motor's inertia, the libraries' rise and brake times, PWM
and audio input. Whatever is not modelled may not be written to.
"""

from .register_chip import RegisterChip
from .violation import ModelViolation

_STATUS = 0x00
_MODE = 0x01
_RTP_INPUT = 0x02
_LIBRARY = 0x03
_SEQUENCE = 0x04
_SEQUENCE_END = 0x0C
_GO = 0x0C
_RATED_VOLTAGE = 0x16
_OD_CLAMP = 0x17
_FEEDBACK = 0x1A
_CONTROL3 = 0x1D
_CONTROL4 = 0x1E
_LAST = 0x22

_DEV_RESET = 0x80
_STANDBY = 0x40
_PLAY = 0
_RTP = 5
_DIAGNOSE = 6
_CALIBRATE = 7

_UNSIGNED_RTP = 0x08
_ERM_OPEN_LOOP = 0x20
_LRA = 0x80
_DEVICE_ID = 0xE0
_DIAG_FAILED = 0x08

_DEFAULTS = {
    0x01: 0x40, 0x03: 0x01, 0x04: 0x01, 0x11: 0x05, 0x12: 0x19, 0x13: 0xFF, 0x14: 0x19, 0x15: 0xFF, 0x16: 0x3E,
    0x17: 0x8C, 0x18: 0x0C, 0x19: 0x6C, 0x1A: 0x36, 0x1B: 0x93, 0x1C: 0xF5, 0x1D: 0xA0, 0x1E: 0x20, 0x1F: 0x80,
    0x20: 0x33,
}  # fmt: skip

# The status and the two measured values are read only.
_WRITABLE = {
    0x01: 0xC7, 0x02: 0xFF, 0x03: 0x17, 0x04: 0xFF, 0x05: 0xFF, 0x06: 0xFF, 0x07: 0xFF, 0x08: 0xFF, 0x09: 0xFF,
    0x0A: 0xFF, 0x0B: 0xFF, 0x0C: 0x01, 0x0D: 0xFF, 0x0E: 0xFF, 0x0F: 0xFF, 0x10: 0xFF, 0x16: 0xFF, 0x17: 0xFF,
    0x18: 0xFF, 0x19: 0xFF, 0x1A: 0xFF, 0x1B: 0xBF, 0x1C: 0xFF, 0x1D: 0xFF, 0x1E: 0x35,
}  # fmt: skip

# Library effects: (milliseconds, level of 127). The alerts' are their names', the others rough: the sheet gives none.
_EFFECTS = {
    1: (60, 127),  # strong click, 100 %
    7: (100, 100),  # soft bump, 100 %
    14: (300, 127),  # strong buzz, 100 %
    15: (750, 127),  # 750 ms alert, 100 %
    16: (1000, 127),  # 1000 ms alert, 100 %
    24: (30, 127),  # sharp tick, 100 %
    47: (500, 127),  # buzz, 100 %
}
# The registers' values that give the motors of the sheet's examples their full voltage: 3 V ERM, 1.8 V LRA.
_FULL_CLAMP = 0x8B
_FULL_RATED = 0x4B
_LRA_LIBRARY = 6
_WAIT_STEP_US = 10000
_CALIBRATION_US = (325000, 475000, 600000, 1100000)
_DIAGNOSE_US = 20000


class DRV2605L(RegisterChip):
    """clock: as for the IMU; on_level(t_us, level) hears every change of the motor's drive, 0 (off) to 127 (full).

    actuator: what is soldered on, "erm", "lra" or None; calibration of a wrong or missing one fails.
    """

    NAME = "DRV2605L"
    WRITABLE = _WRITABLE
    DEFAULTS = _DEFAULTS

    def __init__(self, clock, on_level, actuator="erm"):
        super().__init__(clock)
        self.level = 0
        self._on_level = on_level
        self._actuator = actuator
        self._event = None
        self._step = 0
        self._reset()

    @property
    def is_awake(self):
        """Not in standby: it takes current, whether or not it drives."""
        return not self._registers[_MODE] & _STANDBY

    def read(self, register, buffer):
        """Fill `buffer` as the bus reads it; reading the status clears the diagnosis."""
        for i in range(len(buffer)):
            if register > _LAST:
                raise ModelViolation("DRV2605L: read of register 0x%02x" % register)
            buffer[i] = self._registers[register]
            if register == _STATUS:
                self._registers[_STATUS] = _DEVICE_ID
            register += 1

    def _write_one(self, register, value):
        registers = self._registers
        if register == _MODE and value & _DEV_RESET:
            self._reset()
            return
        registers[register] = value
        if register == _MODE:
            if value & 7 in (1, 2, 3, 4):
                raise ModelViolation("DRV2605L: mode %d is not modelled" % (value & 7))
            self._cancel()
        elif register == _GO:
            if value:
                self._go()
            else:
                self._cancel()
        elif register >= _FEEDBACK and not registers[_MODE] & _STANDBY and self.level:
            raise ModelViolation("DRV2605L: control registers written while the motor runs")
        self._drive()

    def _reset(self):
        self._set_defaults()
        self._registers[_STATUS] = _DEVICE_ID
        self._cancel()
        self._drive()

    def _cancel(self):
        self._registers[_GO] = 0
        if self._event is not None:
            self._clock.cancel(self._event)
            self._event = None

    def _go(self):
        """GO was set: what it starts depends on the mode."""
        mode = self._registers[_MODE]
        if mode & _STANDBY or mode & 7 == _RTP:
            raise ModelViolation("DRV2605L: GO in standby or in real-time playback")
        self._step = 0
        if mode & 7 == _PLAY:
            is_lra_library = self._registers[_LIBRARY] & 7 == _LRA_LIBRARY
            if not self._registers[_LIBRARY] & 7 or is_lra_library != bool(self._registers[_FEEDBACK] & _LRA):
                raise ModelViolation("DRV2605L: library %d for this actuator" % (self._registers[_LIBRARY] & 7))
            self._next_effect()
            return
        duration_us = _DIAGNOSE_US
        if mode & 7 == _CALIBRATE:
            duration_us = _CALIBRATION_US[self._registers[_CONTROL4] >> 4 & 3]
        self._event = self._clock.at(self._clock.us + duration_us, self._measured)

    def _measured(self):
        """Calibration or diagnosis ends: GO clears itself and the status tells the result."""
        registers = self._registers
        self._event = None
        registers[_GO] = 0
        is_lra = bool(registers[_FEEDBACK] & _LRA)
        fits = self._actuator == ("lra" if is_lra else "erm")
        registers[_STATUS] = _DEVICE_ID | (0 if fits else _DIAG_FAILED)
        self._drive()

    def _next_effect(self):
        """Play the sequencer's next entry: an effect, a wait (bit 7: tens of ms), or 0, the end."""
        registers = self._registers
        self._event = None
        code = registers[_SEQUENCE + self._step] if _SEQUENCE + self._step < _SEQUENCE_END else 0
        self._playing = 0
        if code == 0:
            registers[_GO] = 0
        elif code & 0x80:
            self._event = self._clock.at(self._clock.us + (code & 0x7F) * _WAIT_STEP_US, self._next_effect)
        elif code in _EFFECTS:
            duration_ms, self._playing = _EFFECTS[code]
            self._event = self._clock.at(self._clock.us + duration_ms * 1000, self._next_effect)
        else:
            raise ModelViolation("DRV2605L: effect %d is not modelled" % code)
        self._step += 1
        self._drive()

    def _drive(self):
        """Work out the motor's drive and tell when it changed."""
        registers = self._registers
        mode = registers[_MODE]
        level = 0
        if not mode & _STANDBY:
            if mode & 7 == _RTP:
                level = self._rtp_level()
            elif registers[_GO]:
                level = self._playing if mode & 7 == _PLAY else 127
            level = self._scaled(level)
        if level != self.level:
            self.level = level
            self._on_level(self._clock.us, level)

    def _is_open_loop(self):
        registers = self._registers
        return registers[_CONTROL3] & (1 if registers[_FEEDBACK] & _LRA else _ERM_OPEN_LOOP)

    def _scaled(self, level):
        """The drive at the full scale that is set; the clamp of a closed loop only bounds its overdrive."""
        registers = self._registers
        if self._is_open_loop():
            return min(127, (level * registers[_OD_CLAMP] + _FULL_CLAMP // 2) // _FULL_CLAMP)
        if registers[_OD_CLAMP] == 0:
            return 0
        return min(127, (level * registers[_RATED_VOLTAGE] + _FULL_RATED // 2) // _FULL_RATED)

    def _rtp_level(self):
        """Drive of 127 that the RTP register asks for; a drive backward brakes or turns the motor all the same."""
        registers = self._registers
        value = registers[_RTP_INPUT]
        open_loop = self._is_open_loop()
        if registers[_CONTROL3] & _UNSIGNED_RTP:
            if not open_loop:
                return value >> 1
            signed = value - 128
        else:
            signed = value - 256 if value & 0x80 else value
        if signed < 0:
            return min(127, -signed) if open_loop else 0
        return signed
