"""When to buzz: lean and pace limits with dwell, hysteresis and rest between cues (version 1).

Faults are judged only while the wearer walks backward for certain: standing, turning, walking forward to the start
and "unknown" are silent, because a wrong buzz can make a frail person stumble. A fault must last its dwell time; the
count only pauses while the value is between clear limit and cue limit, so that the sway of a step does not reset it.
One fault at a time, pace before lean, and never two cues within the rest time, which doubles while the same fault goes
on unanswered: a clip that has slipped must not nag. While the motor runs, and a little
longer, the IMU is masked: `masked` is True and no fault grows. Reasons for the numbers: docs/reference/settings.md.
Time is the sample index; called by the engine once a sample.
"""

from retrogait.boxcar import Boxcar
from retrogait.events import BACKWARD, CUE, GOOD_AGAIN, LEAN_BACK, LEAN_FORWARD, LEAN_SIDE, TOO_FAST
from retrogait.fixed import clamp

# The link from a cue to the moving motor may take this long: the mask covers it.
_MOTOR_LATENCY_MS = 150
# Faults take seconds: they are judged at 26 Hz, when the attitude has a new lean, on the mean of half a second.
_EVERY = 4
_SMOOTH_LOOKS = 13
_MOST_DOUBLINGS = 4


def _samples(milliseconds):
    return milliseconds * 104 // 1000


def _looks(milliseconds):
    return milliseconds * 26 // 1000


class Limit:
    """One fault: grows while its value is beyond `cue`, holds down to `clear`, due after its dwell (looks)."""

    def __init__(self, fault, cue, clear, dwell, alarm, alarm_dwell):
        self.fault = fault
        self.due = False
        self.over = 0
        self.cued = False
        self._cue = cue
        self._clear = clear
        self._dwell = dwell
        self._alarm = alarm
        self._alarm_dwell = alarm_dwell
        self._beyond = 0
        self._alarmed = 0

    def push(self, value):
        """Take this look's value; `due` and `over` (value minus limit) follow."""
        if value > self._cue:
            self._beyond += 1
        elif value <= self._clear:
            self._beyond = 0
        self._alarmed = self._alarmed + 1 if value > self._alarm else 0
        self.over = value - self._cue
        self.due = value > self._cue and (self._beyond >= self._dwell or self._alarmed >= self._alarm_dwell)

    def is_clear(self, value):
        """True when the value is back inside the clear limit."""
        return value <= self._clear

    def reset(self):
        """Start the dwell anew."""
        self.due = False
        self.cued = False
        self._beyond = 0
        self._alarmed = 0


class Coach:
    """settings: retrogait.settings.Settings; events: the queue that gets CUE and GOOD_AGAIN."""

    def __init__(self, settings, events):
        self.masked = False
        self.cue_count = 0
        self._settings = settings
        self._events = events
        dwell = _looks(settings.lean_dwell_ms)
        alarm_dwell = _looks(settings.lean_alarm_dwell_ms)
        cue, clear, alarm = settings.lean_cue_cdeg, settings.lean_clear_cdeg, settings.lean_alarm_cdeg
        pace_dwell = _looks(settings.pace_dwell_ms)
        fast, calm = settings.cadence_limit_spm * 10, settings.cadence_clear_spm * 10
        self._pace = Limit(TOO_FAST, fast, calm, pace_dwell, fast * 2, pace_dwell)
        self._lean_forward = Limit(LEAN_FORWARD, cue, clear, dwell, alarm, alarm_dwell)
        self._lean_back = Limit(LEAN_BACK, cue, clear, dwell, alarm, alarm_dwell)
        self._lean_side = Limit(LEAN_SIDE, cue, clear, dwell, alarm, alarm_dwell)
        self._rest_samples = _samples(settings.cue_rest_ms)
        self._next_cue_index = 0
        self._last_cue_index = 0
        self._last_fault = 0
        self._unanswered = 0
        self._unmask_index = 0
        self._lean = Boxcar(_SMOOTH_LOOKS)
        self._side = Boxcar(_SMOOTH_LOOKS)

    def push(self, index, state, cadence_dspm, lean_cdeg, side_cdeg):
        """Take one sample: walker's state, cadence (0.1 steps/min) and trunk angles (cdeg, 0 at the ankle)."""
        if self.masked:
            self.masked = index < self._unmask_index
        if index % _EVERY == 0:
            self._look(index, state, cadence_dspm, lean_cdeg, side_cdeg)

    def skip(self, n_samples):
        """Time went on without data: no fault survives that."""
        self._reset()

    def _look(self, index, state, cadence_dspm, lean_cdeg, side_cdeg):
        lean = self._lean.push(lean_cdeg) // _SMOOTH_LOOKS
        side = self._side.push(side_cdeg) // _SMOOTH_LOOKS
        if self.masked:
            return
        if state != BACKWARD:
            self._reset()
            return
        # One by one and in the order of priority; a loop over a tuple would allocate its iterator.
        self._judge(index, self._pace, cadence_dspm)
        self._judge(index, self._lean_forward, lean)
        self._judge(index, self._lean_back, -lean)
        self._judge(index, self._lean_side, side if side >= 0 else -side)

    def _reset(self):
        self._pace.reset()
        self._lean_forward.reset()
        self._lean_back.reset()
        self._lean_side.reset()

    def _judge(self, index, limit, value):
        limit.push(value)
        if limit.cued and limit.is_clear(value):
            limit.cued = False
            self._last_fault = 0
            self._next_cue_index = self._last_cue_index + self._rest_samples
            if not self.masked:
                self._tick(index, limit)
        if limit.due and index >= self._next_cue_index and not self.masked:
            self._buzz(index, limit, limit.over)

    def _buzz(self, index, limit, over):
        settings = self._settings
        shortest = settings.cue_shortest_ms
        whole = settings.cadence_limit_spm * 10 if limit is self._pace else settings.lean_cue_cdeg
        length_ms = shortest + (settings.cue_longest_ms - shortest) * clamp(over, 0, whole) // whole
        self._events.add(index, CUE, limit.fault, length_ms)
        self.cue_count += 1
        limit.reset()
        limit.cued = True
        repeated = limit.fault == self._last_fault
        self._unanswered = min(self._unanswered + 1, _MOST_DOUBLINGS) if repeated else 0
        self._last_fault = limit.fault
        self._last_cue_index = index
        self._next_cue_index = index + (self._rest_samples << self._unanswered)
        self._mask(index, length_ms)

    def _tick(self, index, limit):
        length_ms = self._settings.good_again_ms
        if length_ms:
            self._events.add(index, GOOD_AGAIN, limit.fault, length_ms)
            self._mask(index, length_ms)

    def _mask(self, index, length_ms):
        self.masked = True
        self._unmask_index = index + _samples(_MOTOR_LATENCY_MS + length_ms + self._settings.mask_tail_ms)
