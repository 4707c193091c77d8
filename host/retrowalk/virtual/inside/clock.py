"""The one clock of the virtual device, in microseconds since it was first powered; everything that has time asks it.

A queue of (moment, function) drives chips, timers and the wearer. The clock never looks at the wall: pacer.py does.
"""

from heapq import heappop, heappush


class Clock:
    """`us`: now. Entries of the queue are lists [moment_us, sequence, function or None when cancelled]."""

    def __init__(self, now_us=0):
        self.us = now_us
        self.fired = 0
        self._queue = []
        self._sequence = 0

    def at(self, moment_us, function):
        """Call function() when the clock reaches `moment_us` (equal moments: in the order asked). Returns the entry."""
        self._sequence += 1
        entry = [moment_us, self._sequence, function]
        heappush(self._queue, entry)
        return entry

    def cancel(self, entry):
        """Forget an entry; it may have fired already."""
        entry[2] = None

    def next_us(self):
        """The moment of the next entry, or -1 when nothing is planned."""
        queue = self._queue
        while queue and queue[0][2] is None:
            heappop(queue)
        return queue[0][0] if queue else -1

    def step(self, limit_us):
        """Fire the next entry if it is due by `limit_us`, else go to `limit_us`; True if one fired."""
        moment_us = self.next_us()
        if moment_us < 0 or moment_us > limit_us:
            if limit_us > self.us:
                self.us = limit_us
            return False
        entry = heappop(self._queue)
        if moment_us > self.us:
            self.us = moment_us
        function = entry[2]
        entry[2] = None
        self.fired += 1
        function()
        return True

    def advance(self, span_us):
        """Let `span_us` pass without looking at the wall clock: bus transfers, flash operations, short sleeps."""
        limit_us = self.us + span_us
        queue = self._queue
        if not queue or queue[0][0] > limit_us:
            self.us = limit_us
            return
        while self.step(limit_us):
            pass
