"""A session on the mounted flash by the device's own Logbook, without the rest of the app.

`walk` is one of so many seconds: samples with a little motion, one step a second, a flush as often as said, after which
on_flush(index) is called.
"""

from array import array

from app.flash_room import LEAST_BYTES
from app.logbook import Logbook
from retrogait.events import BACKWARD, CUE, STEP

RATE = 104
HEADER = {"format": 1, "device_id": "0123456789ab", "version": "0.1.0", "mount": "waist", "rate_hz": 104}


class Faults:
    """The counter, as the app's."""

    def __init__(self):
        self.counts = {}

    def add(self, name):
        """One more."""
        self.counts[name] = self.counts.get(name, 0) + 1


def walk(seconds, flush_s=5, ended=True, on_flush=None, free_bytes=1 << 20, status=None):
    """Record; returns the logbook."""
    log = Logbook(HEADER, max(free_bytes, LEAST_BYTES), Faults())
    sample = array("h", (0 for _ in range(6)))
    index = 0
    noise = 1
    for second in range(seconds):
        for k in range(RATE):
            for axis in range(6):
                noise = noise * 1103515245 + 12345 & 0x3FFFFFFF
                sample[axis] = (noise >> 16 & 63) + 100 * ((k + 7 * axis) % 52)
            log.add_sample(index, sample)
            index += 1
        log.add_event(index - 1, STEP, BACKWARD, RATE)
        if second % 10 == 9:
            log.add_event(index - 1, CUE, 1, 200)
        log.work()
        if second % flush_s == flush_s - 1:
            log.flush(index, status or {"utc_s": None, "ticks_ms": second * 1000})
            if on_flush:
                on_flush(index)
    if ended:
        log.end(index, {"reason": "button", "n_samples": index, "step_count": seconds, "samples_dropped": 0})
    return log
