"""What the wearer feels: patterns of pulses, played one after the other by one task.

A pattern is a tuple of milliseconds, on and off in turn, starting with on. A cue's pulse goes before everything that
waits. A motor that could not be told to stop is told again until it obeys: a chip lost by the bus goes on driving.
"""

import asyncio

LONGEST_MS = 1000
START = (80, 120, 80, 120, 300)
STOP = (300, 150, 80)
PAIN = (500, 200, 500)
MARKED = (60, 80, 60)
REFUSED = (500,)
STAND_STILL = (200,)
MOVE_NOW = (120, 150, 120)
PASSED = (80, 120, 80, 120, 80)
FAILED = (500,)
GIVEN_UP = (1000, 300, 1000)

_MOST_WAITING = 4
_GAP_MS = 150
_FIRST_RETRY_MS = 50
_LONGEST_RETRY_MS = 1600
_SILENCE_TRIES = 5


class Haptics:
    """open_motor: makes the driver (start(strength), stop(), standby()), again if it was absent; strength 0..127.

    `busy` is True while a pattern plays.
    """

    def __init__(self, open_motor, strength, faults):
        self.busy = False
        self._open_motor = open_motor
        self._motor = None
        self._strength = strength
        self._faults = faults
        self._waiting = []
        self._wake = asyncio.Event()
        # True from the moment the motor may be running unasked until it is known to be off.
        self._must_stop = True
        self._retry_ms = _FIRST_RETRY_MS
        # Counts the silences: a pattern that was playing then is over.
        self._silences = 0
        # The driver's first act is off: a soft reset leaves a motor running.
        self._force_off()

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
        self._silences += 1
        for _ in range(_SILENCE_TRIES):
            if self._force_off():
                return

    async def run(self):
        """The task: play patterns for ever."""
        try:
            while True:
                if self._waiting:
                    await self.play_now(self._waiting.pop(0))
                elif self._must_stop and not self._force_off():
                    await asyncio.sleep_ms(self._retry_ms)
                    self._retry_ms = min(2 * self._retry_ms, _LONGEST_RETRY_MS)
                else:
                    self._wake.clear()
                    await self._wake.wait()
        finally:
            self.silence()

    async def play_now(self, pattern):
        """Play one pattern to its end, with a gap after it so that two do not melt into one."""
        self.busy = True
        silences = self._silences
        on = True
        for length_ms in pattern:
            if silences != self._silences:
                break
            if on:
                self._on()
                await asyncio.sleep_ms(min(length_ms, LONGEST_MS))
                self._force_off()
            else:
                await asyncio.sleep_ms(length_ms)
            on = not on
        self.busy = False
        await asyncio.sleep_ms(_GAP_MS)

    def _on(self):
        self._must_stop = True
        self._retry_ms = _FIRST_RETRY_MS
        try:
            if self._motor is None:
                self._motor = self._open_motor()
            self._motor.start(self._strength)
        except OSError:
            self._lose_motor()

    def _force_off(self):
        """Put the motor to rest; True when it is known to be off."""
        try:
            if self._motor is None:
                self._motor = self._open_motor()
            self._motor.standby()
        except OSError:
            self._lose_motor()
            return False
        self._must_stop = False
        return True

    def _lose_motor(self):
        self._faults.add("motor_absent")
        self._motor = None
        self._wake.set()
