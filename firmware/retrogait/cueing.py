"""How a due fault is told: rest between cues, fading, length by the error, and the mask while the motor shakes the IMU.

Never two cues within the rest time, which doubles while the same fault goes on unanswered: a clip that has slipped must
not nag. Fading (design/gait.md; Sigrist et al. 2013, Psychon. Bull. Rev. 20:21: feedback given less often is
learned from, not leaned on): of the due cues only the set share is given, evenly spread; the others are told to the log
as WITHHELD. Stumbles and alarms are always given. Time is the sample index; called by retrogait.coach.
"""

from retrogait.events import CUE, GOOD_AGAIN, STUMBLED, WITHHELD
from retrogait.fixed import clamp
from retrogait.patterns import cue_ms

# The link from a cue to the moving motor may take this long: the mask covers it.
_MOTOR_LATENCY_MS = 150
_MOST_DOUBLINGS = 4
STUMBLE_MS = 500
"""The long buzz of a stumble."""


class Cueing:
    """settings: retrogait.settings.Settings; events: the queue that gets CUE, WITHHELD and GOOD_AGAIN.

    `masked` while the motor runs and its ring-down lasts; `cue_count`: cues given.
    """

    def __init__(self, settings, events):
        self.masked = False
        self.cue_count = 0
        self._settings = settings
        self._events = events
        self._rest = settings.cue_rest_ms * 104 // 1000
        self._next_index = 0
        self._last_index = 0
        self._last_fault = 0
        self._unanswered = 0
        self._unmask_index = 0
        # Grows by the share at each due cue; a cue is given when 100 are full. The first is given.
        self._full = 100 - settings.cue_share_percent if settings.cue_share_percent else 0

    def look(self, index):
        """Time goes on."""
        if self.masked:
            self.masked = index < self._unmask_index

    def may(self, index):
        """Is it time for another cue?"""
        return not self.masked and index >= self._next_index

    def tell(self, index, fault, over, limit, is_alarm):
        """A fault is due, `over` beyond its `limit`: give the cue, or withhold it. True when it was given."""
        settings = self._settings
        shortest = settings.cue_shortest_ms
        longest = settings.cue_longest_ms
        length_ms = shortest + (longest - shortest) * clamp(over, 0, limit) // limit if limit else shortest
        self._unanswered = min(self._unanswered + 1, _MOST_DOUBLINGS) if fault == self._last_fault else 0
        self._last_fault = fault
        self._last_index = index
        self._next_index = index + (self._rest << self._unanswered)
        if not is_alarm:
            self._full += settings.cue_share_percent
            if self._full < 100:
                self._events.add(index, WITHHELD, fault, length_ms)
                return False
            self._full -= 100
        self._give(index, fault, length_ms)
        return True

    def stumble(self, index):
        """At once, whatever was told before; then the usual rest."""
        self._last_fault = 0
        self._last_index = index
        self._next_index = index + self._rest
        self._give(index, STUMBLED, STUMBLE_MS)

    def answered(self, index, fault):
        """A fault that was cued is over: praise it, and let the rest be the usual one again."""
        self.over(fault)
        length_ms = self._settings.good_again_ms
        if length_ms and not self.masked:
            self._events.add(index, GOOD_AGAIN, fault, length_ms)
            self.mask(index, length_ms)

    def over(self, fault):
        """This fault is none now: if it was the last one told, or withheld, its next time is a new one."""
        if fault == self._last_fault:
            self._last_fault = 0
            self._next_index = self._last_index + self._rest

    def mask(self, index, span_ms):
        """The motor will move for `span_ms`: what the IMU says meanwhile is not the wearer's."""
        self.masked = True
        until = index + (_MOTOR_LATENCY_MS + span_ms + self._settings.mask_tail_ms) * 104 // 1000
        self._unmask_index = max(until, self._unmask_index)

    def _give(self, index, fault, length_ms):
        self._events.add(index, CUE, fault, length_ms)
        self.cue_count += 1
        self.mask(index, cue_ms(fault, length_ms))
