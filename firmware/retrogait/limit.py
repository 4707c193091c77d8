"""One limit with dwell and hysteresis: grows while its value is beyond `cue`, holds down to `clear`.

Any unit; dwells are counted in looks of the coach, 26 a second. Called by retrogait.coach.
"""


class Limit:
    """`due` when the value is beyond the limit and has been for the dwell; `over` by how much; `alarmed` when beyond
    the alarm for the alarm's dwell; `cued` is the coach's own mark that the wearer was told; `asleep` when the last
    value was inside `clear`, so that another such changes nothing.
    """

    def __init__(self, fault, cue, clear, dwell, alarm=1 << 29, alarm_dwell=1):
        self.fault = fault
        self.cue = cue
        self.due = False
        self.alarmed = False
        self.over = 0
        self.cued = False
        self.asleep = True
        self.clear = clear
        self._dwell = dwell
        self._alarm = alarm
        self._alarm_dwell = alarm_dwell
        self._beyond = 0
        self._beyond_alarm = 0

    @property
    def brewing(self):
        """Is the value beyond the limit, so that a cue may be due soon?"""
        return self._beyond > 0

    def push(self, value):
        """Take this look's value."""
        if value > self.cue:
            self._beyond += 1
        elif value <= self.clear:
            self._beyond = 0
        self._beyond_alarm = self._beyond_alarm + 1 if value > self._alarm else 0
        self.over = value - self.cue
        self.alarmed = self._beyond_alarm >= self._alarm_dwell
        self.due = self.over > 0 and (self._beyond >= self._dwell or self.alarmed)
        self.asleep = value <= self.clear

    def restart(self):
        """Start the dwell anew."""
        self.due = self.alarmed = False
        self._beyond = self._beyond_alarm = 0

    def forget(self):
        """Nothing of before counts: neither the dwell nor that the wearer was told."""
        self.restart()
        self.cued = False
        self.asleep = True
