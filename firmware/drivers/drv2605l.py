"""The DRV2605L haptic driver (data sheet SLOS854): pulses that end by themselves, and earlier when told to.

A pulse is one of the chip's own waveforms (internal trigger: the sequencer plays an effect of its ROM and clears GO),
so that a hung processor or a lost bus cannot leave the motor on: effect 15, "750 ms alert 100 %", or 16, "1000 ms
alert 100 %". `standby` ends it. How strongly: the open loop's full scale is OD_CLAMP, the closed loop's steady drive
is RATED_VOLTAGE. Each pulse passes drivers.motor_guard. The first act is off: a soft reset of the processor leaves the
chip running. Unverified on silicon: the lengths of the effects are their names', the voltages are computed from the
data sheet's equations for a 3 V coin ERM and a 1.8 V, 175 Hz coin LRA; library 2 is the ERM library for 3 V rated and
3 V overdrive (library 1 is for 1.3 V and would hold a 3 V motor at less than half).
"""

from time import sleep_ms, ticks_ms

from drivers.registers import Registers
from retrogait import const

_STATUS = const(0x00)
_MODE = const(0x01)
_RTP_INPUT = const(0x02)
_LIBRARY = const(0x03)
_GO = const(0x0C)
_RATED_VOLTAGE = const(0x16)
_OD_CLAMP = const(0x17)
_FEEDBACK = const(0x1A)
_CONTROL1 = const(0x1B)
_CONTROL2 = const(0x1C)
_CONTROL3 = const(0x1D)
_CONTROL4 = const(0x1E)

_STANDBY = const(0x40)
_MODE_PLAY = const(0x00)
_MODE_CALIBRATE = const(0x07)
_DIAG_FAILED = const(0x08)

# (effect, how long the chip plays it), shortest first. What is charged to the guard is a tenth more: the chip's own
# clock is not the processor's.
_EFFECTS = ((15, 750), (16, 1000))
_LIBRARY_ERM = const(2)
_LIBRARY_LRA = const(6)
_CALIBRATION_RUN_MS = const(1200)

# (register, value). Full scale of the open loop is 21.6 mV x OD_CLAMP = 3.0 V; control 3 bit 5 opens the ERM's loop.
_ERM_OPEN_LOOP = (
    (_RATED_VOLTAGE, 0x8B),
    (_OD_CLAMP, 0x8B),
    (_FEEDBACK, 0x36),
    (_CONTROL1, 0x93),
    (_CONTROL2, 0xF5),
    (_CONTROL3, 0xA0),
)
# Feedback bit 7 selects the LRA. Rated: 20.58 mV x 0x4B / sqrt(1 - (4 x 0.3 ms + 0.3 ms) x 175 Hz) = 1.8 V rms.
# Clamp 22 mV x 0x80 = 2.8 V peak. Drive time 0.5 ms + 0.1 ms x 24 = half a period of 175 Hz. Both loops closed.
_LRA_CLOSED_LOOP = (
    (_RATED_VOLTAGE, 0x4B),
    (_OD_CLAMP, 0x80),
    (_FEEDBACK, 0xB6),
    (_CONTROL1, 0x98),
    (_CONTROL2, 0xF5),
    (_CONTROL3, 0x80),
)

_CALIBRATION_STEP_MS = const(50)
# AUTO_CAL_TIME 2 takes 0.5 to 0.7 s (control 4, bits 5-4).
_CALIBRATION_TIME = const(0x20)
_CALIBRATION_STEPS = const(30)


class Drv2605l(Registers):
    """bus: a drivers.bus.Bus; actuator: "erm" (open loop) or "lra" (closed loop, ValueError for anything else).

    guard: the drivers.motor_guard.MotorGuard of this motor.
    Raises SensorAbsent if nothing answers, SensorRefused if a register does not keep its value, BusStuck.
    """

    def __init__(self, bus, address, actuator, guard):
        super().__init__(bus, address)
        self._guard = guard
        self._sequence = bytearray(3)
        if actuator not in ("erm", "lra"):
            raise ValueError("no such actuator: " + actuator)
        is_erm = actuator == "erm"
        self._library = _LIBRARY_ERM if is_erm else _LIBRARY_LRA
        self._registers = _ERM_OPEN_LOOP if is_erm else _LRA_CLOSED_LOOP
        self._scale_register = _OD_CLAMP if is_erm else _RATED_VOLTAGE
        self._full_scale = dict(self._registers)[self._scale_register]
        self.standby()
        self._write_all(self._registers)
        self._verify(self._registers)

    def pulse(self, length_ms, percent):
        """Begin a pulse of at least `length_ms` (longer than the longest effect: that) and `percent` of full drive.

        `standby` ends it in time; without, the chip ends it. False if the guard refuses.
        """
        effect, run_ms = _EFFECTS[0] if length_ms <= _EFFECTS[0][1] else _EFFECTS[1]
        if not self._guard.ask(ticks_ms(), run_ms + run_ms // 10):
            return False
        self._write(self._scale_register, max(0, min(100, percent)) * self._full_scale // 100)
        # Each time: the chip may have lost its power since, and be in standby with everything else forgotten.
        self._sequence[0] = self._library
        self._sequence[1] = effect
        self._bus.write(self._address, _LIBRARY, self._sequence)
        self._write(_MODE, _MODE_PLAY)
        self._write(_GO, 1)
        return True

    def standby(self):
        """No drive and the least current; the next pulse wakes the chip again."""
        # Standby cuts the outputs whatever mode the chip was left in; only then is it safe to empty the registers.
        self._write(_MODE, _STANDBY)
        self._guard.ended(ticks_ms())
        self._write(_GO, 0)
        self._write(_RTP_INPUT, 0)

    def calibrate(self):
        """Let the chip learn its LRA (closed loop only): buzzes for up to a second, blocking. True if it converged.

        The result lives in the chip until its power goes. Without it the data sheet's defaults serve. False, too, if
        the guard refuses.
        """
        if not self._guard.ask(ticks_ms(), _CALIBRATION_RUN_MS):
            return False
        self._write(_CONTROL4, _CALIBRATION_TIME)
        self._write(_MODE, _MODE_CALIBRATE)
        self._write(_GO, 1)
        done = False
        for _ in range(_CALIBRATION_STEPS):
            sleep_ms(_CALIBRATION_STEP_MS)
            if not self._read(_GO) & 1:
                done = True
                break
        failed = self._read(_STATUS) & _DIAG_FAILED
        self.standby()
        return done and not failed
