"""The player of what the wearer feels: patterns of retrogait.patterns, one after the other, by one task.

A pattern is a tuple of milliseconds, on and off in turn, starting with on. What serves the wearer's next step goes
before everything that waits. How long the motor may run is not decided here but in drivers.motor_guard: a pulse that
it refuses is counted and left out. A motor that could not be told to stop is told again until it obeys.
"""

import asyncio

_MOST_WAITING = 4
_GAP_MS = 150
_FIRST_RETRY_MS = 50
_LONGEST_RETRY_MS = 1600
_SILENCE_TRIES = 5


class Haptics:
    """open_motor: makes the driver (pulse(length_ms, percent), standby()), again if it was absent; faults: the counter.

    `busy` while a pattern plays or waits; `percent`: how strongly the motor is driven, of full.
    """

    def __init__(self, open_motor, faults):
        self.percent = 100
        self._is_playing = False
        self._open_motor = open_motor
        self._motor = None
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

    @property
    def busy(self):
        """Is something felt now, or about to be?"""
        return self._is_playing or len(self._waiting) > 0

    @property
    def is_at_rest(self):
        """Nothing is felt, nothing waits, and the motor is known to be off."""
        return not (self._is_playing or self._must_stop or self._waiting)

    def play(self, pattern):
        """Play `pattern` after what is playing; a device that is buzzing too much already drops it and counts it."""
        self._keep(len(self._waiting), pattern, self.percent)

    def play_at(self, pattern, percent):
        """The same, at another strength."""
        self._keep(len(self._waiting), pattern, percent)

    def play_next(self, pattern):
        """The same, before everything that waits."""
        self._keep(0, pattern, self.percent)

    def _keep(self, place, pattern, percent):
        if len(self._waiting) >= _MOST_WAITING:
            self._faults.add("buzz_dropped")
            if place:
                return
            self._waiting.pop()
        self._waiting.insert(place, (pattern, percent))
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
                    await self.play_now(*self._waiting.pop(0))
                elif self._must_stop and not self._force_off():
                    await asyncio.sleep_ms(self._retry_ms)
                    self._retry_ms = min(2 * self._retry_ms, _LONGEST_RETRY_MS)
                else:
                    self._wake.clear()
                    await self._wake.wait()
        finally:
            self.silence()

    async def play_now(self, pattern, percent):
        """Play one pattern to its end, at that strength, with a gap after it so that two do not melt into one."""
        self._is_playing = True
        silences = self._silences
        on = True
        for length_ms in pattern:
            if silences != self._silences:
                break
            if on:
                self._on(length_ms, percent)
                await asyncio.sleep_ms(length_ms)
                self._force_off()
            else:
                await asyncio.sleep_ms(length_ms)
            on = not on
        self._is_playing = False
        await asyncio.sleep_ms(_GAP_MS)

    def _on(self, length_ms, percent):
        self._must_stop = True
        self._retry_ms = _FIRST_RETRY_MS
        try:
            if self._motor is None:
                self._motor = self._open_motor()
            if not self._motor.pulse(length_ms, percent):
                self._faults.add("buzz_refused")
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
