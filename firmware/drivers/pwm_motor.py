"""A vibration motor on a pin, through a transistor: the same pulses as drivers.drv2605l, kept by this processor.

A pulse ends by a timer even if the app never ends it, and passes drivers.motor_guard. That is WEAKER than the chip of
the other boards: the timer's call needs an interpreter that runs, so a processor that hangs outside of it, or has its
interrupts off, leaves the motor on until a reset. The first act is off: a soft reset leaves a PWM running.
"""

from time import ticks_ms

import machine

from retrogait import const

_LONGEST_MS = const(1000)
# The app ends a pulse at its length; the timer comes after it, for when the app does not.
_GRACE_MS = const(30)
# Above what is heard from a small motor.
_FREQ_HZ = const(10000)
_FULL = const(65535)


class PwmMotor:
    """pin: its number; guard: the drivers.motor_guard.MotorGuard of this motor."""

    def __init__(self, pin, guard):
        self._guard = guard
        self._pwm = machine.PWM(machine.Pin(pin, machine.Pin.OUT, value=0), freq=_FREQ_HZ, duty_u16=0)
        self._timer = machine.Timer(0)
        self._expired = self._expire
        self.standby()

    def pulse(self, length_ms, percent):
        """Begin a pulse of `length_ms` (at most 1 s) and `percent` of full drive; False if the guard refuses."""
        run_ms = min(length_ms, _LONGEST_MS) + _GRACE_MS
        if not self._guard.ask(ticks_ms(), run_ms):
            return False
        # The timer first: a motor that runs has somebody who ends it.
        self._timer.init(mode=machine.Timer.ONE_SHOT, period=run_ms, callback=self._expired)
        self._pwm.duty_u16(max(0, min(100, percent)) * _FULL // 100)
        return True

    def standby(self):
        """Off at once."""
        self._pwm.duty_u16(0)
        self._timer.deinit()
        self._guard.ended(ticks_ms())

    def _expire(self, timer):
        self._pwm.duty_u16(0)
