"""The device's life: idle, calibrating, recording; moved by one button and by the link.

What a press does stands in retrogait.life.TABLE and nowhere else. Outside idle a double press changes no state: it
marks the moment.
"""

import asyncio
import time

from app.bulk import PROTOCOL
from app.sessions_folder import note_verified
from app.settings_desk import VERBS, SettingsDesk
from drivers.button import DOUBLE, LONG, SHORT
from retrogait import life, patterns
from retrogait.life import CALIBRATING, COUNTDOWN, IDLE, STATE_NAMES, Life

_BUTTON_MS = 20
_HAPPENED = {SHORT: life.SHORT, DOUBLE: life.DOUBLE, LONG: life.LONG}
_FELT_TEST_MS = 400


class Controller:
    """identity: what `status` tells of the device; recorder, fitting, haptics: what it moves; person, progress: what it
    tells of the wearer; health(): battery, faults and sleep; housekeeping: told of each command, so that it waits;
    anchors: an app.anchors.Anchors; release: what it tells of its version's standing. `beats`
    goes up while its task runs, `touches` with each press.
    """

    def __init__(
        self,
        identity,
        button,
        recorder,
        fitting,
        haptics,
        person,
        progress,
        health,
        faults,
        housekeeping,
        anchors,
        release,
    ):
        self._identity = identity
        self._button = button
        self._recorder = recorder
        self._fitting = fitting
        self._haptics = haptics
        self._person = person
        self._progress = progress
        self._health = health
        self._faults = faults
        self._housekeeping = housekeeping
        self._anchors = anchors
        self._release = release
        self.beats = 0
        self.touches = 0
        self._desk = SettingsDesk(person)

    async def run(self):
        """Poll the button for ever; a press that goes wrong is written down, and the next one works."""
        while True:
            self.beats += 1
            try:
                recorder = self._recorder
                self._button.is_prompt = recorder.session is not None and recorder.walk.is_test
                self._pressed(self._button.poll(time.ticks_ms()))
            except Exception as error:  # noqa: BLE001 the button is the wearer's only hold on the device
                self._faults.write_traceback(error)
            await asyncio.sleep_ms(_BUTTON_MS)

    def state(self):
        """ "idle", "calibrating" or "recording"."""
        if self._recorder.session is not None:
            return "recording"
        return "calibrating" if self._fitting.busy else "idle"

    @property
    def session(self):
        """The number of the session being recorded, or None."""
        return self._recorder.session

    def _life_state(self):
        """As in retrogait.life."""
        if self._recorder.session is not None:
            return self._recorder.walk.life_state
        return CALIBRATING if self._fitting.busy else IDLE

    def _pressed(self, press):
        if press not in _HAPPENED:
            return
        self.touches += 1
        recorder = self._recorder
        if recorder.is_ending:
            # It says its last word. Nothing may begin before it is closed, and a press to end it is not needed.
            if press == LONG:
                recorder.pain()
            return
        now = Life(self._life_state())
        if not now.on(_HAPPENED[press]):
            if press == DOUBLE:
                recorder.mark()
        elif now.state == COUNTDOWN:
            recorder.begin()
        elif now.state == CALIBRATING:
            self._fitting.begin(self._person.mount or "waist", self._person.side or "")
        elif now.state != IDLE:
            recorder.press(self._button.pressed_ms)
        elif press == LONG:
            recorder.pain()
        else:
            recorder.stop("button")

    def command(self, words):
        """Answer one command of the link with a dict (docs/reference/link.md)."""
        self._housekeeping.postpone()
        verb = words[0]
        if verb in VERBS:
            return self._desk.answer(words, self.state())
        if verb == "anchors":
            return self._anchors.answer()
        refusal = self._obey(verb, words[1:])
        return {"error": refusal} if refusal else self.status()

    def _obey(self, verb, arguments):
        recorder = self._recorder
        if verb == "status":
            return ""
        if verb == "stop":
            return recorder.stop("link")
        if verb == "mark":
            return recorder.mark()
        if verb == "pain":
            return recorder.pain()
        if verb == "time":
            return self._anchors.set_clock(arguments)
        if verb not in ("start", "calibrate", "test", "feel", "hello", "verified"):
            return "unknown_command"
        state = self.state()
        if state != "idle":
            return state
        if verb == "start":
            return recorder.begin()
        if verb == "test":
            return recorder.begin(arguments[0]) if arguments else "unknown_test"
        if verb in ("feel", "hello"):
            return self._feel(arguments) if verb == "feel" else self._hello()
        if verb == "verified":
            return note_verified(arguments)
        return self._fitting.begin(*(arguments[:2] or ["waist"]))

    def _hello(self):
        self._haptics.play(patterns.HELLO)
        return ""

    def _feel(self, arguments):
        """Play one pulse at a strength; "" or "bad_strength"."""
        try:
            percent = int(arguments[0])
        except (IndexError, ValueError):
            return "bad_strength"
        if not 10 <= percent <= 100:
            return "bad_strength"
        self._haptics.play_at((_FELT_TEST_MS,), percent)
        return ""

    def status(self):
        """What the link tells of the device."""
        recorder = self._recorder
        walk = recorder.walk
        recording = recorder.session is not None
        person = self._person
        fading = self._progress.fading
        status = {
            "app": "retrowalk",
            "frames": PROTOCOL,
            "state": self.state(),
            "segment": STATE_NAMES[self._life_state()],
            "session": recorder.session,
            "steps": walk.steps() if walk else 0,
            "direction": walk.direction() if recording else None,
            "coaching": recorder.coaching if recording else self._progress.coaching(person.settings),
            "sessions": fading.sessions,
            "level": fading.level,
            "mount": person.mount,
            "side": person.side,
            "calibrated": person.mount is not None and not person.clip_moved,
            "clip_moved": person.clip_moved,
            "flash_free_kb": self._housekeeping.room.free_bytes // 1024,
            "last_calibration": self._fitting.last,
        }
        status.update(self._identity)
        status.update(self._release.status())
        status.update(self._health())
        return status
