"""The DRV2605L haptic driver (data sheet SLOS854) in real-time playback: the strength register drives the motor.

The first act is off: a soft reset of the processor leaves the chip running. Pulse lengths are the app's business.
Unverified on silicon: the voltages below are computed from the data sheet's equations for a 3 V coin ERM and for a
1.8 V, 175 Hz coin LRA.
"""

from time import sleep_ms

from drivers.errors import SensorRefused

_STATUS = 0x00
_MODE = 0x01
_RTP_INPUT = 0x02
_GO = 0x0C
_RATED_VOLTAGE = 0x16
_OD_CLAMP = 0x17
_FEEDBACK = 0x1A
_CONTROL1 = 0x1B
_CONTROL2 = 0x1C
_CONTROL3 = 0x1D
_CONTROL4 = 0x1E

_STANDBY = 0x40
_MODE_RTP = 0x05
_MODE_CALIBRATE = 0x07
_DIAG_FAILED = 0x08

# (register, value). RTP input is signed in both (control 3, bit 3 clear): 0 is no drive, 127 is full.
# Full scale of the open loop is 21.6 mV x OD_CLAMP = 3.0 V; control 3 bit 5 opens the ERM's loop.
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

_CALIBRATION_STEP_MS = 50
# AUTO_CAL_TIME 2 takes 0.5 to 0.7 s (control 4, bits 5-4).
_CALIBRATION_TIME = 0x20
_CALIBRATION_STEPS = 30


class Drv2605l:
    """bus: a drivers.bus.Bus; actuator: "erm" (open loop) or "lra" (closed loop, ValueError for anything else).

    Raises SensorAbsent if nothing answers, SensorRefused if a register does not keep its value, BusStuck.
    """

    def __init__(self, bus, address, actuator):
        self._bus = bus
        self._address = address
        self._byte = bytearray(1)
        if actuator not in ("erm", "lra"):
            raise ValueError("no such actuator: " + actuator)
        self.standby()
        self._configure(_ERM_OPEN_LOOP if actuator == "erm" else _LRA_CLOSED_LOOP)

    def start(self, strength):
        """Drive the motor with `strength` 1..127 of 127 until stop(); 0 is off, values outside are limited."""
        self._write(_RTP_INPUT, max(0, min(127, strength)))
        # Each time: the chip may have lost its power since and be in standby.
        self._write(_MODE, _MODE_RTP)

    def stop(self):
        """No drive. The outputs stay on, which brakes the motor: a pulse ends crisply."""
        self._write(_RTP_INPUT, 0)

    def standby(self):
        """No drive and the least current; start() wakes the chip again."""
        # Standby cuts the outputs whatever mode the chip was left in; only then is it safe to empty the registers.
        self._write(_MODE, _STANDBY)
        self._write(_GO, 0)
        self._write(_RTP_INPUT, 0)

    def calibrate(self):
        """Let the chip learn its LRA (closed loop only): buzzes for up to a second, blocking. True if it converged.

        The result lives in the chip until its power goes. Without it the data sheet's defaults serve.
        """
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

    def _configure(self, registers):
        for register, value in registers:
            self._write(register, value)
        for register, value in registers:
            if self._read(register) != value:
                raise SensorRefused(register)

    def _write(self, register, value):
        self._byte[0] = value
        self._bus.write(self._address, register, self._byte)

    def _read(self, register):
        self._bus.read_into(self._address, register, self._byte)
        return self._byte[0]
