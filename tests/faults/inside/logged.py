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

    def write_traceback(self, error):
        """Nothing unforeseen may happen here."""
        raise error


def motion():
    """Generator of samples: the same array each time, a cycle a second and some noise."""
    sample = array("h", (0 for _ in range(6)))
    noise = 1
    while True:
        for k in range(RATE):
            for axis in range(6):
                noise = noise * 1103515245 + 12345 & 0x3FFFFFFF
                sample[axis] = (noise >> 16 & 63) + 100 * ((k + 7 * axis) % 52)
            yield sample


def walk(seconds, flush_s=5, ended=True, on_flush=None, free_bytes=1 << 20, samples=None):
    """Record; returns the logbook. samples: a generator of them, motion() unless said otherwise."""
    log = Logbook(HEADER, max(free_bytes, LEAST_BYTES), Faults())
    samples = samples or motion()
    index = 0
    for second in range(seconds):
        for _ in range(RATE):
            log.add_sample(index, next(samples))
            index += 1
        log.add_event(index - 1, STEP, BACKWARD, RATE)
        if second % 10 == 9:
            log.add_event(index - 1, CUE, 1, 200)
        log.work()
        if second % flush_s == flush_s - 1:
            log.flush(index, {"utc_s": 1790000000, "ticks_ms": second * 1000, "battery_mv": 3900, "faults": {}})
            if on_flush:
                on_flush(index)
    if ended:
        log.end(index, {"reason": "button", "n_samples": index, "step_count": seconds, "samples_dropped": 0})
    return log
