"""Watches the cell: warns once by touch, then ends the session before the cell gives up.

A running motor pulls the voltage down, so nobody reads while it runs, and one odd reading decides nothing: the median
of three counts. Without a gauge nothing is guessed.
"""

GOOD = 0
LOW = 1
EMPTY = 2

_READINGS = 3


class BatteryWatch:
    """read_mv(): millivolts or None. Give it the settings of the session at hand."""

    def __init__(self, read_mv):
        self._read_mv = read_mv
        self._readings = []
        self._has_warned = False

    def now(self, settings):
        """GOOD, LOW or EMPTY by three readings at once: before a session."""
        self._readings = []
        self._has_warned = False
        verdict = GOOD
        for _ in range(_READINGS):
            verdict = self.look(settings)
        return verdict

    def look(self, settings):
        """One more reading, and what the last three say."""
        millivolts = self._read_mv()
        if millivolts is None:
            self._readings = []
            return GOOD
        self._readings = self._readings[1 - _READINGS :] + [millivolts]
        if len(self._readings) < _READINGS:
            return GOOD
        median = sorted(self._readings)[_READINGS // 2]
        if median < settings.battery_end_mv:
            return EMPTY
        return LOW if median < settings.battery_warn_mv else GOOD

    def must_warn(self):
        """True the first time in a session that it is asked."""
        first = not self._has_warned
        self._has_warned = True
        return first
