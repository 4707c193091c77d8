"""The device's life: idle, calibrating, recording; moved by one button and by the link.

A short press starts and ends a session, a double press calibrates when idle and marks during a walk, a long press is
the pain stop.
"""

import asyncio
import time

from app.clock import set_utc
from app.settings_desk import VERBS, SettingsDesk
from drivers.button import DOUBLE, LONG, SHORT

_BUTTON_MS = 20


class Controller:
    """identity: what `status` tells of the device; recorder, fitting: what it moves; health(): battery and faults."""

    def __init__(self, identity, button, recorder, fitting, person, health, faults):
        self._identity = identity
        self._button = button
        self._recorder = recorder
        self._fitting = fitting
        self._person = person
        self._health = health
        self._faults = faults
        self._desk = SettingsDesk(person)

    async def run(self):
        """Poll the button for ever; a press that goes wrong is written down, and the next one works."""
        while True:
            try:
                self._pressed(self._button.poll(time.ticks_ms()))
            except Exception as error:  # noqa: BLE001 the button is the wearer's only hold on the device
                self._faults.write_traceback(error)
            await asyncio.sleep_ms(_BUTTON_MS)

    def state(self):
        """ "idle", "calibrating" or "recording"."""
        if self._recorder.session is not None:
            return "recording"
        return "calibrating" if self._fitting.busy else "idle"

    def _pressed(self, press):
        state = self.state()
        if state == "recording":
            if press == SHORT:
                self._recorder.stop("button")
            elif press == DOUBLE:
                self._recorder.mark()
            elif press == LONG:
                self._recorder.pain()
        elif state == "idle":
            if press == SHORT:
                self._recorder.begin()
            elif press == DOUBLE:
                self._fitting.begin(self._person.mount or "waist")

    def command(self, words):
        """Answer one command of the link with a dict (docs/reference/link.md)."""
        if words[0] in VERBS:
            return self._desk.answer(words, self.state())
        refusal = self._obey(words[0], words[1:])
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
            return set_clock(arguments)
        if verb not in ("start", "calibrate"):
            return "unknown_command"
        state = self.state()
        if state != "idle":
            return state
        if verb == "start":
            return recorder.begin()
        return self._fitting.begin(arguments[0] if arguments else "waist")

    def status(self):
        """What the link tells of the device."""
        recorder = self._recorder
        walk = recorder.walk
        recording = recorder.session is not None
        status = {
            "app": "retrowalk",
            "state": self.state(),
            "session": recorder.session,
            "steps": walk.steps() if walk else 0,
            "direction": walk.direction() if recording else None,
            "mount": self._person.mount,
            "calibrated": self._person.mount is not None,
            "flash_free_kb": recorder.free_kb,
            "last_calibration": self._fitting.last,
        }
        status.update(self._identity)
        status.update(self._health())
        return status


def set_clock(arguments):
    """Obey `time <UTC seconds since 1970>`; returns "" or "bad_time"."""
    try:
        set_utc(int(arguments[0]))
    except (IndexError, ValueError):
        return "bad_time"
    return ""
