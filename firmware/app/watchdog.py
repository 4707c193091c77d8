"""The watchdog: a hang in the middle of a walk resets the board, and the next start finds the session on flash.

The ESP32's watchdog cannot be stopped once it runs; made anew it goes on with another time (ports/esp32/machine_wdt.c).
So it is armed only while a session records, when no Ctrl-C is listened to, and has a day otherwise: a host in the raw
REPL, or a deploy, is not reset in the middle. Fed from here only, and only while every vital task proves that it runs.
"""

import asyncio

import machine

ARMED_MS = 10000
"""Above the longest stall of the flash (some seconds: docs/explanation/power.md)."""

RELAXED_MS = 86400000

_LOOK_MS = 1000


class Watchdog:
    """One for the life of the program. It is not made before the first session."""

    def __init__(self):
        self._dog = None
        self._is_armed = False

    async def run(self, is_recording, vital):
        """The task. is_recording(): is there a session; vital: objects whose `beats` goes up while their tasks run."""
        beats = []
        while True:
            if is_recording() and not self._is_armed:
                beats = [part.beats for part in vital]
                self._make(ARMED_MS)
            elif not is_recording():
                self.relax()
                if self._dog is not None:
                    self._dog.feed()
            elif all(part.beats != before for part, before in zip(vital, beats)):
                beats = [part.beats for part in vital]
                self._dog.feed()
            await asyncio.sleep_ms(_LOOK_MS)

    def relax(self):
        """The app ends, or no session runs: nobody may be reset for a day."""
        if self._is_armed:
            self._make(RELAXED_MS)

    def _make(self, timeout_ms):
        self._dog = machine.WDT(timeout=timeout_ms)
        self._dog.feed()
        self._is_armed = timeout_ms == ARMED_MS
