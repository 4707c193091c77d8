"""What the wearer feels: patterns of pulses, played one after the other by one task.

A pattern is a tuple of milliseconds, on and off in turn, starting with on. A cue's pulse goes before everything that
waits. Whatever happens, the motor is off when the task ends, and no pulse is longer than LONGEST_MS.
"""

import asyncio

LONGEST_MS = 1000
TICK = (60,)
START = (80, 120, 80, 120, 300)
STOP = (300, 150, 80)
PAIN = (500, 200, 500)
MARKED = (60, 80, 60)
REFUSED = (500,)
STAND_STILL = (200,)
MOVE_NOW = (120, 150, 120)
PASSED = (80, 120, 80, 120, 80)
FAILED = (500,)

_MOST_WAITING = 4


class Haptics:
    """open_motor: makes the driver (start(strength), stop(), standby()), again if it was absent; strength 0..127.

    `busy` is True while a pattern plays.
    """

    def __init__(self, open_motor, strength, faults):
        self._open_motor = open_motor
        self._motor = None
        self._strength = strength
        self._faults = faults
        self.busy = False
        self._waiting = []
        self._wake = asyncio.Event()
        try:
            # The driver's first act is off: a soft reset leaves a motor running.
            self._motor = open_motor()
        except OSError:
            self._lose_motor()

    def play(self, pattern):
        """Play `pattern` after what is playing; a device that is buzzing too much already drops it and counts it."""
        if len(self._waiting) >= _MOST_WAITING:
            self._faults.add("buzz_dropped")
            return
        self._waiting.append(pattern)
        self._wake.set()

    def cue(self, length_ms):
        """A single pulse, before everything that waits: it serves the wearer's next step."""
        self._waiting.insert(0, (length_ms,))
        self._wake.set()

    def silence(self):
        """Off at once, and forget what waits."""
        self._waiting.clear()
        self._rest()

    async def run(self):
        """The task: play patterns for ever."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                self.busy = True
                while self._waiting:
                    await self._play(self._waiting.pop(0))
                self._rest()
                self.busy = False
        finally:
            self._rest()

    async def _play(self, pattern):
        on = True
        for length_ms in pattern:
            if on:
                self._on()
                await asyncio.sleep_ms(min(length_ms, LONGEST_MS))
                self._off()
            else:
                await asyncio.sleep_ms(length_ms)
            on = not on
        # A gap, so that two patterns do not melt into one.
        await asyncio.sleep_ms(150)

    def _on(self):
        try:
            if self._motor is None:
                self._motor = self._open_motor()
            self._motor.start(self._strength)
        except OSError:
            self._lose_motor()

    def _off(self):
        try:
            if self._motor:
                self._motor.stop()
        except OSError:
            self._lose_motor()

    def _rest(self):
        try:
            if self._motor:
                self._motor.standby()
        except OSError:
            self._lose_motor()

    def _lose_motor(self):
        self._faults.add("motor_absent")
        self._motor = None
