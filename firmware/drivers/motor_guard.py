"""The last word on the motor: no long run, and never more than its share of a minute, whatever the software believes.

Every pulse of drivers.drv2605l asks here first and is charged, before it begins, with all the time that the chip would
play it if nobody ever ended it. What was not used is given back only when the chip has taken the order to stop: a hung
app or a lost bus is charged in full. Pure integers on 30-bit ticks (they wrap after 12.4 days). main.py's Hardware
holds the one guard, so that it outlives crashes of the app; a reset of the processor it does not, see AFTER_RESET_MS.
"""

from retrogait import const

LONGEST_MS = 1200
"""No single run may be asked to last longer; the issue allows 2 s."""

BUDGET_MS = 12000
"""Run time in any minute. With AFTER_RESET_MS it stays at 18 s, 30 %, also in a minute that has a reset in it."""

AFTER_RESET_MS = 6000
"""What a fresh guard grants in its first minute: nobody knows what was played before the reset, so it is taken for the
whole of BUDGET_MS. Two resets within a minute would go beyond 30 %; the app buzzes by itself only seconds after a boot.
"""

REST_MS = 50
"""Least silence between two runs: shorter, and they would be one. No pattern pauses so shortly."""

# A minute, and a run that may have begun before it, in whole seconds; a power of two.
_BUCKETS = const(64)
_BUCKET_MS = const(1000)
_WRAP = const((1 << 30) - 1)
_HALF = const(1 << 29)


class MotorGuard:
    """now_ms: ticks at start. `refused` counts the pulses that were denied."""

    def __init__(self, now_ms):
        self.refused = 0
        self._spent = [0 for _ in range(_BUCKETS)]
        self._spent[0] = BUDGET_MS - AFTER_RESET_MS
        self._total = self._spent[0]
        self._at = 0
        self._edge_ms = now_ms
        self._charged = 0
        self._began_at = 0
        self._began_ms = now_ms
        self._closed_ms = 0

    def ask(self, now_ms, run_ms):
        """May a run begin that lasts `run_ms` if nobody ends it? True, and it is charged; False, and it is counted."""
        self._roll(now_ms)
        if _passed(now_ms, self._began_ms) >= self._closed_ms:
            self._closed_ms = 0
        if self._closed_ms or not 0 < run_ms <= LONGEST_MS or self._total + run_ms > BUDGET_MS:
            self.refused += 1
            return False
        self._spent[self._at] += run_ms
        self._total += run_ms
        self._charged = run_ms
        self._began_at = self._at
        self._began_ms = now_ms
        self._closed_ms = run_ms + REST_MS
        return True

    def ended(self, now_ms):
        """The chip has taken the order to stop: what was charged and not used is given back."""
        used_ms = _passed(now_ms, self._began_ms) + 1
        if self._charged == 0 or used_ms > self._charged:
            return
        unused_ms = self._charged - used_ms
        self._spent[self._began_at] -= unused_ms
        self._total -= unused_ms
        self._charged = 0
        self._closed_ms = used_ms - 1 + REST_MS

    def _roll(self, now_ms):
        """Forget the seconds that are over a minute old."""
        passed = (now_ms - self._edge_ms) & _WRAP
        if passed >= _HALF:
            # The clock went back, or nothing was asked for days: as if no time had passed.
            self._edge_ms = self._began_ms = now_ms
            return
        seconds = passed // _BUCKET_MS
        self._edge_ms = (self._edge_ms + seconds * _BUCKET_MS) & _WRAP
        for _ in range(min(seconds, _BUCKETS)):
            self._at = (self._at + 1) % _BUCKETS
            self._total -= self._spent[self._at]
            self._spent[self._at] = 0


def _passed(now_ms, since_ms):
    """Milliseconds between two ticks; 0 if the clock went back."""
    passed = (now_ms - since_ms) & _WRAP
    return passed if passed < _HALF else 0
