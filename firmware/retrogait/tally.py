"""What is summed up step by step: distance, evenness, stumbles. It stands between the gait and the event queue.

The gait tells its events here instead of to the queue; every one is passed on at once, and a STEP is counted as well,
so that nothing of this costs a sample's time. Steps come up to ten seconds after their contact and belong to that
moment, not to the present: the turn of which they must be clear is remembered by index. Called by retrogait.engine.
"""

from retrogait import const
from retrogait.events import STATE, STEP, TURNING
from retrogait.median import Median

_INTERVALS = const(8)
_FEWEST = const(4)


class Tally:
    """events: where all goes. stumble: None at the ankle."""

    def __init__(self, events, variability, evenness, distance, stumble):
        self._events = events
        self._variability = variability
        self._evenness = evenness
        self._distance = distance
        self._stumble = stumble
        self._intervals = Median(_INTERVALS)
        self._turning = False
        self._turn_start = self._turn_end = 0

    def add(self, index, kind, value_a=0, value_b=0):
        """One event of the gait."""
        self._events.add(index, kind, value_a, value_b)
        if kind == STEP:
            self._step(index, value_a, value_b)
        elif kind == STATE:
            self._state(index, value_a)

    def _state(self, index, state):
        if state == TURNING:
            self._turning = True
            self._turn_start = index
        elif self._turning:
            self._turning = False
            self._turn_end = index

    def _step(self, index, way, interval):
        intervals = self._intervals
        if interval == 0:
            intervals.clear()
            self._evenness.restart()
        usual = intervals.value if intervals.count >= _FEWEST else 0
        self._distance.push(index, interval, usual, way)
        if interval == 0:
            return
        straight = index <= self._turn_start or not (self._turning or index - interval < self._turn_end)
        if straight:
            self._variability.push(interval, usual)
            self._evenness.push(interval, usual)
            if self._stumble is not None:
                self._stumble.push(index, interval, usual)
        intervals.push(interval)
