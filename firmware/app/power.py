"""When the clip sleeps: one table of what it does and what that allows.

Light sleep (doze.py) fills the moments between two tasks, only where the cable is away for sure. Deep sleep
(put_away.py) is for a clip that nobody touched for a while, on battery or where nobody knows; never in a session, in a
calibration, or while something is felt.
"""

import asyncio
import time

import machine

from app import waking
from app.doze import Doze

PLUGGED = "plugged"
RECORDING = "recording"
CALIBRATING = "calibrating"
EMPTY = "empty"
PICKED_UP = "picked_up"
IDLE = "idle"

# What it does: (may it doze, seconds without touch or host after which it is put away; 0: never).
POLICY = {
    PLUGGED: (False, 0),
    RECORDING: (True, 0),
    CALIBRATING: (False, 0),
    # The cell has no more than a reserve: the time it takes to feel why.
    EMPTY: (True, 20),
    # Moved, and nobody has pressed anything yet.
    PICKED_UP: (True, 60),
    IDLE: (True, 600),
}

# A clip that is carried about in a bag is moved in vain: after so many times only the button wakes it.
MOST_IN_VAIN = 3

_LOOK_MS = 1000
_BATTERY_MS = 30000


class Power:
    """hardware: has usb (a UsbPower), woken (a Waking), put_away (a PutAway), button and bus. controller, link and
    haptics are the app's. is_battery_empty(): measures.
    """

    def __init__(self, hardware, controller, link, haptics, is_battery_empty):
        self._usb = hardware.usb
        self._woken = hardware.woken
        self._put_away = hardware.put_away
        self._button = hardware.button
        self._controller = controller
        self._link = link
        self._haptics = haptics
        self._is_battery_empty = is_battery_empty
        self._doze = Doze(self._may_doze, hardware.bus)
        self._is_empty = False
        self._is_touched = False
        self._in_vain = self._woken.in_vain
        self._untouched_ms = 0
        self._touches = self._count_touches()
        self._looked_ms = self._measured_ms = time.ticks_ms()

    def told(self):
        """For the status: by what it woke, after how long it is put away (0: not now), whether it dozes on battery."""
        return {
            "woke_by": self._woken.reason,
            "sleeps_after_s": self._after_s(self.state()),
            "dozes": self._usb.is_known,
        }

    def state(self):
        """What it does, as a key of POLICY."""
        doing = self._controller.state()
        if doing != IDLE:
            return doing
        if self._usb.is_present():
            return PLUGGED
        if self._is_empty:
            return EMPTY
        return PICKED_UP if self._woken.reason == waking.MOTION and not self._is_touched else IDLE

    def _after_s(self, state):
        """After how many seconds without touch it is put away; 0: never."""
        return POLICY[state][1] if self._put_away.can_end else 0

    def _may_doze(self):
        """Asked in every idle moment, on battery some fifty times a second: the cheap questions come first."""
        is_free = self._usb.is_absent() and self._button.is_at_rest and self._haptics.is_at_rest
        return is_free and POLICY[self.state()][0]

    async def run(self):
        """The task: look once a second."""
        self._doze.begin()
        while True:
            await asyncio.sleep_ms(_LOOK_MS)
            self._look()

    def _look(self):
        now_ms = time.ticks_ms()
        passed_ms = time.ticks_diff(now_ms, self._looked_ms)
        self._looked_ms = now_ms
        state = self.state()
        if self._count_touches() != self._touches:
            self._touches = self._count_touches()
            self._is_touched = True
            self._in_vain = 0
            self._untouched_ms = 0
        if state == PLUGGED and self._doze.naps:
            # Light sleep has left native USB dead (micropython issue 9414): only a fresh start brings it back.
            machine.reset()
        after_s = self._after_s(state)
        if after_s == 0 or self._haptics.busy:
            self._untouched_ms = 0
            # The first look after a session measures the cell: it may be empty.
            self._measured_ms = time.ticks_add(now_ms, -_BATTERY_MS)
            return
        self._measure(now_ms)
        self._untouched_ms += passed_ms
        if self._untouched_ms >= 1000 * after_s:
            self._sleep(state)

    def _count_touches(self):
        return self._controller.touches + self._link.heard

    def _measure(self, now_ms):
        if time.ticks_diff(now_ms, self._measured_ms) >= _BATTERY_MS:
            self._measured_ms = now_ms
            self._is_empty = self._is_battery_empty()

    def _sleep(self, state):
        if state == PICKED_UP:
            self._in_vain += 1
        self._woken.keep(self._in_vain)
        self._put_away.sleep(self._put_away.can_watch and state != EMPTY and self._in_vain < MOST_IN_VAIN)
        # It is being moved this very moment.
        self._in_vain += 1
        self._untouched_ms = 0
