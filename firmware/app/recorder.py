"""Recording a walk: opens the session, feeds core and logbook, flushes every five seconds, and always closes it."""

import asyncio
import time

import micropython

from app.battery_watch import EMPTY, GOOD
from app.clock import utc_s
from app.logbook import Logbook
from app.sampler import ImuLost
from app.walk import Walk
from retrogait import patterns
from retrogait.course import Course
from retrogait.events import MARK, PAIN
from retrogait.life import COUNTDOWN, IDLE, TEST_COUNTDOWN, TEST_READY, TEST_WALK
from retrogait.record import FORMAT
from retrogait.scale import RANGES
from retrogait.trials import Trials

FLUSH_MS = 5000
# A cue that is due soon, or a trial under way, is worth waiting for, but not for longer.
_POSTPONE_MS = 3000
_TEND_MS = 100
_CTRL_C = 3
# The last pattern of a session that ends by itself is felt to its end, unless something is wrong with the player.
_LAST_WORD_MS = 4000
_LONGEST_PRESS_MS = 3000
TESTS = ("back3", "back10", "forward10")


class Recorder:
    """identity: {"device_id", "name", "version", "board"}; health: an app.health.Health; battery: a BatteryWatch;
    room: a FlashRoom; uptime: an app.clock.Uptime.

    Fields: `session` (its number while recording, else None), `walk` (the last one, or None), `coaching`.
    """

    def __init__(self, identity, sampler, haptics, person, progress, faults, health, battery, room, uptime):
        self.session = None
        self.walk = None
        self.coaching = ""
        self._identity = identity
        self._sampler = sampler
        self._haptics = haptics
        haptics.percent = person.settings.cue_strength_percent
        self._person = person
        self._progress = progress
        self._faults = faults
        self._health = health
        self._battery = battery
        self._room = room
        self._uptime = uptime
        self._logbook = None
        self._tasks = ()
        self._trouble = ""

    @property
    def is_ending(self):
        """Is the session over by itself, and only its last pattern still felt?"""
        return self.session is not None and self.walk.life_state == IDLE

    def begin(self, test=""):
        """Start a session, or the walking test of that name; returns "" or why not, which the wearer also feels."""
        # From here on Ctrl-C is a byte like any other: a careless host cannot end somebody's walk.
        micropython.kbd_intr(-1)
        refusal = "app_crashed"
        try:
            refusal = self._open(test)
        except Exception as error:  # noqa: BLE001 whatever it is: the wearer is told that nothing began
            self._faults.write_traceback(error)
            self._sampler.stop()
        if refusal:
            micropython.kbd_intr(_CTRL_C)
            self._haptics.play(patterns.BATTERY_LOW if refusal == "battery_low" else patterns.REFUSED)
            return refusal
        if test:
            self._haptics.play(patterns.TRIAL_READY)
        self._trouble = ""
        self._tasks = (asyncio.create_task(self._feed()), asyncio.create_task(self._tend()))
        return ""

    def _open(self, test):
        person = self._person
        mount = person.mount
        if not mount:
            return "not_calibrated"
        if person.clip_moved:
            return "clip_moved"
        if test and test not in TESTS:
            return "unknown_test"
        if self._battery.now(person.settings) == EMPTY:
            return "battery_low"
        # Before the IMU runs: this may take longer than its FIFO lasts.
        self._room.make_room()
        ranges = RANGES[mount]
        try:
            self._sampler.start(ranges[0], ranges[1])
        except OSError:
            self._faults.add("imu_absent")
            return "imu_absent"
        settings = self._progress.effective(person.settings)
        self.coaching = self._progress.coaching(person.settings)
        self._haptics.percent = settings.cue_strength_percent
        try:
            self._logbook = Logbook(self._header(ranges, settings, test), self._room.free_bytes, self._faults)
        except OSError:
            self._faults.add("flash_full")
            self._sampler.stop()
            return "flash_full"
        course = Trials if test else Course
        self.walk = Walk(settings, person.mounting(), mount, ranges, course, self._logbook, self._haptics)
        # Last: with a number there is a session, and whoever asks finds its walk.
        self.session = self._logbook.session
        return ""

    def stop(self, reason):
        """End the session for `reason`; returns "" or why not."""
        if self.session is None:
            return "not_recording"
        self.close(reason)
        self._haptics.play(patterns.PAIN if reason == "pain" else patterns.STOP)
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
        self._haptics.play(patterns.MARKED)
        return ""

    def press(self, pressed_ms):
        """A short press in a walking test, whose button went down at `pressed_ms` (ticks)."""
        walk = self.walk
        # What still plays would delay the countdown, and a trial would begin before it is felt to.
        if walk.life_state == TEST_READY and self._haptics.busy:
            return
        # Only with all samples of before taken is the newest one now.
        try:
            self._sampler.pump(walk)
        except OSError:
            self._faults.add("imu_bus")
        is_taken_back = walk.life_state == TEST_COUNTDOWN
        walk.press(min(max(0, time.ticks_diff(time.ticks_ms(), pressed_ms)), _LONGEST_PRESS_MS))
        if is_taken_back:
            # Its ticks stop: nobody may be sent off by the long pulse of a trial that does not begin.
            self._haptics.silence()
            self._haptics.play(patterns.TRIAL_READY)

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
        for step in (self._drain, self._end_log):
            try:
                step(reason)
            except Exception as error:  # noqa: BLE001 whatever it is: the rest is done, and the wearer feels the end
                self._faults.write_traceback(error)
        micropython.kbd_intr(_CTRL_C)
        # What the last samples made the core say is no longer felt: the session is over.
        self._haptics.silence()

    def _drain(self, _reason):
        try:
            self._sampler.pump(self.walk)
        except OSError:
            self._faults.add("imu_bus")
        finally:
            self._sampler.stop()
        self.walk.finish()

    def _end_log(self, reason):
        totals = self.walk.totals(reason)
        totals["faults"] = self._faults.counts
        totals["samples_dropped"] = self._logbook.samples_dropped
        self._logbook.end(self.walk.engine.index, totals)
        self._room.measure()
        if not self.walk.is_test:
            self._progress.note(self.walk, self.coaching, reason == "pain")

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
        """Look after the session while it lasts, and end it when it is over, or in trouble."""
        try:
            await self._look_after()
        except Exception as error:  # noqa: BLE001 as in _feed: nobody may walk on in a session that nobody ends
            self._faults.write_traceback(error)
            self._trouble = "app_crashed"
        await self._end_by_itself()

    async def _look_after(self):
        """Write what waits, flush, watch the cell, until the session is over, or in trouble."""
        flushed_ms = time.ticks_ms()
        while not self._trouble and not self.walk.own_end():
            await asyncio.sleep_ms(_TEND_MS)
            age_ms = time.ticks_diff(time.ticks_ms(), flushed_ms)
            if self._haptics.busy or (age_ms < FLUSH_MS + _POSTPONE_MS and self._must_not_stall()):
                continue
            if age_ms < FLUSH_MS:
                self._logbook.work()
                continue
            flushed_ms = time.ticks_ms()
            self._logbook.flush(self.walk.engine.index, self._now())
            if self._logbook.is_full:
                self._trouble = "flash_full"
            self._watch_battery()

    def _must_not_stall(self):
        """A flash stall now would delay a cue, or the end of a trial."""
        return self.walk.is_brewing or self.walk.life_state == TEST_WALK

    def _watch_battery(self):
        verdict = self._battery.look(self._person.settings)
        if verdict == EMPTY:
            self._faults.add("battery_low")
            self._trouble = "battery_low"
        elif verdict != GOOD and self.walk.life_state != COUNTDOWN and self._battery.must_warn():
            self._haptics.play(patterns.BATTERY_LOW)

    async def _end_by_itself(self):
        """Goal, stillness, a clip that has moved, or trouble."""
        reason = self._trouble
        if not reason:
            reason = self.walk.own_end()
            began_ms = time.ticks_ms()
            while self._haptics.busy and time.ticks_diff(time.ticks_ms(), began_ms) < _LAST_WORD_MS:
                await asyncio.sleep_ms(_TEND_MS)
        self.close(reason)
        if reason == "clip_moved":
            self._person.forget_seat(self._faults)
        elif reason == "battery_low":
            self._haptics.play(patterns.BATTERY_LOW)
        else:
            self._haptics.play(patterns.FAILED if self._trouble else patterns.STOP)

    def _now(self):
        now = {"utc_s": utc_s(), "uptime_ms": self._uptime.ms()}
        now.update(self._health.read())
        now["imu_temp_cdeg"] = self._sampler.temperature_cdeg()
        return now

    def _header(self, ranges, settings, test):
        person = self._person
        header = {
            "format": FORMAT,
            "firmware": self._identity["version"],
            "rate_hz": 104,
            "run": self._uptime.run,
            "mount": person.mount,
            "side": person.side,
            "mounting": person.mounting_q14,
            "accel_range_g": ranges[0],
            "gyro_range_dps": ranges[1],
            "settings": settings.as_dict(),
            "coaching": self.coaching,
        }
        if test:
            header["test"] = test
        header.update(self._identity)
        header.update(self._now())
        return header
