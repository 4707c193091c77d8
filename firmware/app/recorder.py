"""Recording a walk: opens the session, feeds core and logbook, flushes every five seconds, and always closes it."""

import asyncio
import time

import micropython

from app import haptics as touch
from app.clock import utc_s
from app.logbook import Logbook, free_bytes
from app.person import RANGES
from app.sampler import ImuLost
from app.walk import Walk
from retrogait.events import MARK, PAIN

FLUSH_MS = 5000
_BUZZ_LOOK_MS = 20
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
        self._job = None

    def begin(self):
        """Start a session; returns "" or why not, which the wearer also feels."""
        refusal = self._open()
        if refusal:
            self._haptics.play(touch.REFUSED)
            return refusal
        # From here on Ctrl-C is a byte like any other: a careless host cannot end somebody's walk.
        micropython.kbd_intr(-1)
        self._haptics.play(touch.START)
        self._job = asyncio.create_task(self._record())
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
        self._job.cancel()
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
        """Take what waits in the FIFO, write the totals and close the files; does nothing when not recording."""
        if self.session is None:
            return
        self.session = None
        try:
            self._sampler.pump(self.walk)
        except OSError:
            self._faults.add("imu_bus")
        self._sampler.stop()
        self.walk.finish()
        totals = self.walk.totals(reason)
        totals["faults"] = self._faults.counts
        self._logbook.end(self.walk.engine.index, totals)
        self.free_kb = free_bytes() // 1024
        micropython.kbd_intr(_CTRL_C)

    async def _record(self):
        feeder = asyncio.create_task(self._sampler.run(self.walk))
        try:
            while not feeder.done():
                await asyncio.sleep_ms(FLUSH_MS)
                # A flush may stall everything for half a second: not while the motor runs.
                while self._haptics.busy:
                    await asyncio.sleep_ms(_BUZZ_LOOK_MS)
                self._logbook.flush(self.walk.engine.index, self._now())
            await feeder
        except ImuLost:
            self.close("imu_lost")
            self._haptics.play(touch.REFUSED)
        except Exception as error:  # noqa: BLE001 whatever it is: the session is closed and the wearer told
            self._faults.write_traceback(error)
            self.close("app_crashed")
            self._haptics.play(touch.REFUSED)
        finally:
            feeder.cancel()

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
