"""Which fault is one now: limits with dwell and hysteresis, one at a time, by priority.

Faults are judged only in the exercise and while the wearer walks backward for certain: standing, turning, walking
forward to the start and "unknown" are silent, because a wrong buzz can make a frail person stumble. Two exceptions:
walking the wrong way is judged walking forward, and in the static stage lean is judged standing. A fault must last its
dwell; the count only pauses while the value is between clear limit and cue limit, so that the sway of a step does not
reset it. Priority: stumble, pace, lean forward, back, side, twist, unsteady, wrong way. How a fault is then told:
retrogait.cueing. Reasons for the numbers: docs/reference/settings.md. Called by the engine, 26 times a second.
"""

from array import array

from retrogait import const
from retrogait.boxcar import Boxcar
from retrogait.cueing import Cueing
from retrogait.events import (
    BACKWARD,
    FORWARD,
    LEAN_BACK,
    LEAN_FORWARD,
    LEAN_SIDE,
    TOO_FAST,
    TURNING,
    TWIST,
    UNSTEADY,
    WRONG_WAY,
)
from retrogait.limit import Limit
from retrogait.stages import STATIC

LOOK = 4
"""Samples from one look to the next."""

_LOOKS_PER_S = const(26)
# Lean and side lean are means of half a second: a step's sway is no fault.
_SMOOTH_LOOKS = const(13)


def _looks(milliseconds):
    return milliseconds * _LOOKS_PER_S // 1000


class Coach:
    """settings: retrogait.settings.Settings; events: the queue that gets CUE, WITHHELD and GOOD_AGAIN.

    `cueing` tells; its `masked` says whether the motor shakes the IMU.
    """

    def __init__(self, settings, events):
        self.cueing = Cueing(settings, events)
        self._is_static = settings.stage == STATIC
        self._limits = _limits(settings)
        self._is_calm = True
        # The wearer now, by the code of the fault that each is about.
        self._values = array("i", (0 for _ in range(WRONG_WAY + 1)))
        self._lean = Boxcar(_SMOOTH_LOOKS)
        self._side = Boxcar(_SMOOTH_LOOKS)

    @property
    def brewing(self):
        """Is any fault growing? Then nothing that stalls the device should begin."""
        return any(limit.brewing for limit in self._limits)

    def look(self, index, state, cadence_dspm, lean_cdeg, side_cdeg, twist_deg, unsteady_permille):
        """The wearer now: state, cadence (0.1 steps/min), trunk angles (0 at the ankle), unevenness (-1: unknown)."""
        values = self._values
        lean = self._lean.push(lean_cdeg) // _SMOOTH_LOOKS
        side = self._side.push(side_cdeg) // _SMOOTH_LOOKS
        values[TOO_FAST] = cadence_dspm
        values[LEAN_FORWARD] = lean
        values[LEAN_BACK] = -lean
        values[LEAN_SIDE] = side if side >= 0 else -side
        values[TWIST] = twist_deg if twist_deg >= 0 else -twist_deg
        values[UNSTEADY] = unsteady_permille
        values[WRONG_WAY] = 1 if state == FORWARD else 0
        cueing = self.cueing
        cueing.look(index)
        if not cueing.masked:
            self._judge_all(index, state)

    def rest(self, index):
        """Nothing is judged now: before and after the exercise, and in a pause."""
        self.cueing.look(index)
        self.forget()

    def forget(self):
        """No fault survives this: a gap, a pause."""
        if not self._is_calm:
            self._is_calm = True
            for i in range(len(self._limits)):
                self._limits[i].forget()

    def _judge_all(self, index, state):
        """In the order of priority; who is inside a clear limit again and again is passed over quickly."""
        for i in range(len(self._limits)):
            limit = self._limits[i]
            value = self._values[limit.fault]
            # Unevenness that is not known is neither a fault nor good again.
            is_known = value >= 0 or limit.fault != UNSTEADY
            if not is_known or (state != BACKWARD and not self._is_judged(limit.fault, state)):
                limit.forget()
            elif not (limit.asleep and value <= limit.clear):
                self._is_calm = False
                self._judge(index, limit, value)
                if self.cueing.masked:
                    return
            if is_known and value <= limit.clear:
                # In a turn, too, a wearer who stands up has answered.
                self.cueing.over(limit.fault)

    def _is_judged(self, fault, state):
        """Of a wearer who does not walk backward."""
        if fault == WRONG_WAY:
            return state == FORWARD
        return self._is_static and fault <= LEAN_SIDE and state != TURNING

    def _judge(self, index, limit, value):
        limit.push(value)
        cueing = self.cueing
        if limit.cued and limit.asleep:
            limit.cued = False
            cueing.answered(index, limit.fault)
        if limit.due and cueing.may(index):
            given = cueing.tell(index, limit.fault, limit.over, limit.cue, limit.alarmed)
            limit.restart()
            limit.cued = given


def _limits(settings):
    """The limits in order of priority, of the cues that are switched on."""
    out = []
    if settings.cue_pace:
        limit, clear = settings.cadence_limit_spm * 10, settings.cadence_clear_spm * 10
        out.append(Limit(TOO_FAST, limit, clear, _looks(settings.pace_dwell_ms)))
    if settings.cue_lean:
        limit, clear, dwell = settings.lean_cue_cdeg, settings.lean_clear_cdeg, _looks(settings.lean_dwell_ms)
        alarm, alarm_dwell = settings.lean_alarm_cdeg, _looks(settings.lean_alarm_dwell_ms)
        for fault in (LEAN_FORWARD, LEAN_BACK, LEAN_SIDE):
            out.append(Limit(fault, limit, clear, dwell, alarm, alarm_dwell))
    if settings.cue_twist:
        dwell = _looks(settings.twist_dwell_ms)
        out.append(Limit(TWIST, settings.twist_cue_deg, settings.twist_clear_deg, dwell))
    if settings.cue_unsteady:
        limit, clear = settings.unsteady_cue_permille, settings.unsteady_clear_permille
        out.append(Limit(UNSTEADY, limit, clear, 1))
    if settings.cue_wrong_way:
        out.append(Limit(WRONG_WAY, 0, 0, _looks(settings.wrong_way_dwell_ms)))
    return out
