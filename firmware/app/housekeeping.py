"""Writes anchors and makes room on the flash while nobody walks: after the start, after each session, after a contact.

A step thins one file and may keep everything waiting for a second, so that it waits until the device has been idle and
the link silent for a while, and does one step at a time.
"""

import asyncio
import time

_LOOK_MS = 500
_QUIET_MS = 5000


class Housekeeping:
    """room: the FlashRoom; anchors: the Anchors. is_idle(): may the flash be busy now? faults: the counter."""

    def __init__(self, room, anchors, is_idle, faults):
        self.room = room
        self._anchors = anchors
        self._is_idle = is_idle
        self._faults = faults
        self._steps = None
        self._is_wanted = True
        self._busy_ms = time.ticks_ms()

    def postpone(self):
        """Somebody speaks to the device: not now."""
        self._busy_ms = time.ticks_ms()
        self._is_wanted = True

    async def run(self):
        """The task. What goes wrong is written down, and tried again at the next occasion."""
        while True:
            await asyncio.sleep_ms(_LOOK_MS)
            if not self._is_idle():
                self.postpone()
                self._steps = None
                continue
            self._anchors.keep()
            if self._is_wanted and time.ticks_diff(time.ticks_ms(), self._busy_ms) > _QUIET_MS:
                try:
                    self._step()
                except Exception as error:  # noqa: BLE001 room is made for the next walk; nothing else may suffer
                    self._faults.write_traceback(error)
                    self._finish()

    def _step(self):
        if self._steps is None:
            self.room.measure()
            self._steps = self.room.tidy()
        if next(self._steps, None) is None:
            self._finish()

    def _finish(self):
        self._steps = None
        self._is_wanted = False
        self.room.measure()
