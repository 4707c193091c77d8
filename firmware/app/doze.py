"""Light sleep in the idle moments of the event loop: where asyncio would wait for the next task, the processor sleeps.

It never sleeps past the next task, so no poll and no cue comes later than without. Pin interrupts and the line are deaf
meanwhile, which is why nobody dozes with a finger on the button or with a cable; the I2C driver is made anew for the
first transfer after it. The one place in the firmware that calls machine.lightsleep.
"""

import time
from asyncio import core  # pyright: ignore[reportAttributeAccessIssue]

import machine

# Shorter is not worth the way down and up again.
_LEAST_MS = 5
# The way up, an estimate on the careful side: the processor is awake when the next task is due.
_EARLY_MS = 2


class Doze:
    """may_doze(): asked each time; bus: a drivers.bus.Bus. `naps` counts."""

    def __init__(self, may_doze, bus):
        self.naps = 0
        self._may_doze = may_doze
        self._bus = bus
        # The loop's own wait, once it has been replaced.
        self._wait = time.sleep_ms

    def begin(self):
        """Take the place of the running event loop's wait: call once in each loop."""
        queue = core._io_queue
        self._wait = queue.wait_io_event
        queue.wait_io_event = self._idle

    def _idle(self, span_ms):
        """What the loop calls when nothing is due for `span_ms` (-1: ever); it comes back when it likes."""
        if span_ms < _LEAST_MS or not self._may_doze():
            self._wait(span_ms)
            return
        self.naps += 1
        machine.lightsleep(span_ms - _EARLY_MS)
        self._bus.slept()
        self._wait(0)
