"""Recording a walk: opens the session, feeds core and logbook, flushes every five seconds, and always closes it."""

import asyncio
import time

import micropython

from app import haptics as touch
from app.clock import utc_s
from app.logbook import Logbook, free_bytes
from app.sampler import ImuLost
from app.walk import Walk
from retrogait.events import MARK, PAIN
from retrogait.scale import RANGES

FLUSH_MS = 5000
_TEND_MS = 100
_CTRL_C = 3


class Recorder:
    """identity: {"device_id", "name", "version", "board"}; health(): a dict of battery and faults for the log.

    Fields: `session` (its number while recording, else None), `walk` (the last one, or None), `free_kb`.
    """

    def __init__(self, identity, sampler, haptics, person, faults, health):
        self.session = None
        self.walk = None
        self.free_kb = free_bytes() // 1024
        self._identity = identity
        self._sampler = sampler
        self._haptics = haptics
        self._person = person
        self._faults = faults
        self._health = health
        self._logbook = None
        self._tasks = ()
        self._trouble = ""

    def begin(self):
        """Start a session; returns "" or why not, which the wearer also feels."""
        # From here on Ctrl-C is a byte like any other: a careless host cannot end somebody's walk.
        micropython.kbd_intr(-1)
        refusal = "app_crashed"
        try:
            refusal = self._open()
        finally:
            if refusal:
                micropython.kbd_intr(_CTRL_C)
        if refusal:
            self._haptics.play(touch.REFUSED)
            return refusal
        self._haptics.play(touch.START)
        self._trouble = ""
        self._tasks = (asyncio.create_task(self._feed()), asyncio.create_task(self._tend()))
        return ""

    def _open(self):
        mount = self._person.mount
        if not mount:
            return "not_calibrated"
        ranges = RANGES[mount]
        try:
            self._sampler.start(ranges[0], ranges[1])
        except OSError:
            self._faults.add("imu_absent")
            return "imu_absent"
        try:
            self._logbook = Logbook(self._header(ranges), self._faults)
        except OSError:
            self._faults.add("flash_full")
            self._sampler.stop()
            return "flash_full"
        self.session = self._logbook.session
        self.walk = Walk(self._person, ranges, self._logbook, self._haptics)
        return ""

    def stop(self, reason):
        """End the session for `reason`; returns "" or why not."""
        if self.session is None:
            return "not_recording"
        self.close(reason)
        self._haptics.play(touch.PAIN if reason == "pain" else touch.STOP)
        return ""

    def pain(self):
        """The pain stop: note it and end the session."""
        if self.session is None:
            return "not_recording"
        self.walk.note(PAIN)
        return self.stop("pain")

    def mark(self):
        """Mark this moment of the walk."""
        if self.session is None:
            return "not_recording"
        self.walk.note(MARK)
        self._haptics.play(touch.MARKED)
        return ""

    def close(self, reason):
        """Take what waits in the FIFO, write the totals and close the files; does nothing when not recording.

        Whatever goes wrong in between, the log is ended and Ctrl-C works again.
        """
        if self.session is None:
            return
        self.session = None
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        # Closing may stall for half a second: no pulse may be stretched by that.
        self._haptics.silence()
        try:
            self._drain()
        finally:
            try:
                totals = self.walk.totals(reason)
                totals["faults"] = self._faults.counts
                totals["samples_dropped"] = self._logbook.samples_dropped
                self._logbook.end(self.walk.engine.index, totals)
                self.free_kb = free_bytes() // 1024
            finally:
                micropython.kbd_intr(_CTRL_C)

    def _drain(self):
        try:
            self._sampler.pump(self.walk)
        except OSError:
            self._faults.add("imu_bus")
        self._sampler.stop()
        self.walk.finish()

    async def _feed(self):
        """Samples to the walk, until cancelled; what ends it otherwise is left in `_trouble`."""
        try:
            await self._sampler.run(self.walk)
        except ImuLost:
            self._faults.add("imu_lost")
            self._trouble = "imu_lost"
        except Exception as error:  # noqa: BLE001 whatever it is: the session is closed and the wearer told
            self._faults.write_traceback(error)
            self._trouble = "app_crashed"

    async def _tend(self):
        """Write what waits, flush every five seconds, never while the motor runs; end the session in trouble."""
        flushed_ms = time.ticks_ms()
        while not self._trouble:
            await asyncio.sleep_ms(_TEND_MS)
            if self._haptics.busy:
                continue
            if time.ticks_diff(time.ticks_ms(), flushed_ms) < FLUSH_MS:
                self._logbook.work()
                continue
            flushed_ms = time.ticks_ms()
            self._logbook.flush(self.walk.engine.index, self._now())
            if self._logbook.is_full:
                self._trouble = "flash_full"
        self.close(self._trouble)
        self._haptics.play(touch.FAILED)

    def _now(self):
        now = {"utc_s": utc_s(), "ticks_ms": time.ticks_ms()}
        now.update(self._health())
        return now

    def _header(self, ranges):
        person = self._person
        header = {
            "format": 1,
            "firmware": self._identity["version"],
            "rate_hz": 104,
            "mount": person.mount,
            "mounting": person.mounting_q14,
            "accel_range_g": ranges[0],
            "gyro_range_dps": ranges[1],
            "settings": person.settings.as_dict(),
        }
        header.update(self._identity)
        header.update(self._now())
        return header
