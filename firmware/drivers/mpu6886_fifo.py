"""The MPU6886's FIFO: when it has run over, its old frames are read, then it is emptied and the loss is reckoned.

The chip has no clock that can be read. How many samples it made while nobody listened is reckoned from the processor's
clock and the chip's own rate, which is learnt while all goes well, over up to a minute: then an overrun of some seconds
is reckoned to within one sample, and such errors add up. 100 Hz is assumed before five seconds were seen. Used by
mpu6886.py only (data sheet DS-000193).
"""

from time import sleep_ms, ticks_diff, ticks_ms

from drivers.frame_fifo import FrameFifo
from retrogait import const

_INT_STATUS = const(0x3A)
_USER_CTRL = const(0x6A)
_FIFO_COUNT = const(0x72)
_FIFO_R_W = const(0x74)

_OVERFLOWED = const(0x10)
_FIFO_OFF_AND_EMPTY = const(0x04)
_FIFO_ON = const(0x40)

# Accelerometer, temperature, gyroscope; the high byte first.
_FRAME_BYTES = const(14)
# Of 1 kB.
_FRAMES = const(73)
_PLACES = (1, 3, 5, 9, 11, 13)

# The next sample is 10 ms away at most.
_FIRST_TRIES = const(12)
_LEARN_MS = const(5000)
_LONGEST_MS = const(60000)


class Mpu6886Fifo(FrameFifo):
    """bus: a drivers.bus.Bus."""

    def __init__(self, bus, address):
        super().__init__(bus, address, _FIFO_R_W, _FRAME_BYTES, _PLACES, -1, -1, _FRAMES)
        self._word = bytearray(2)

    def restart(self):
        """Empty the FIFO, set it going and count from zero."""
        self._empty()
        self._forget()

    def stop(self):
        """Off and empty."""
        self._write(_USER_CTRL, _FIFO_OFF_AND_EMPTY)

    def read(self, into):
        """Copy waiting samples into `into` (array "h", six counts each) and return how many.

        After an overrun the old ones are taken first; then the FIFO begins anew, and what it could not hold is added to
        lost_samples before what the next call returns. Raises what the bus raises, before anything is taken out.
        """
        return self._take(into, self._waiting())

    def _waiting(self):
        if self._is_broken:
            # Nobody knows where in a frame the chip stands, so all that is in it is lost.
            self._renew()
            return 0
        overflowed = self._read(_INT_STATUS) & _OVERFLOWED
        frames = self.level()
        if self._has_overrun:
            # What came in while the old ones were taken out lies behind the gap, and goes with it.
            frames = self._old_end - self.samples_read
            if frames == 0:
                self._renew()
        elif overflowed:
            self._has_overrun = True
            self._old_end = self.samples_read + frames
            self.overruns += 1
        else:
            self._learn(frames)
        return frames

    def level(self):
        """Whole frames in the chip."""
        self._bus.read_into(self._address, _FIFO_COUNT, self._word)
        return (self._word[0] << 8 | self._word[1]) // _FRAME_BYTES

    def _renew(self):
        """Empty the FIFO, and count what was lost before the first sample that comes then."""
        self._empty()
        for _ in range(_FIRST_TRIES):
            if self.level():
                break
            sleep_ms(1)
        now_ms = ticks_ms()
        # At the last look it was between two samples, on average half way; now one has just come: that is a whole
        # number of samples later, the nearest to what was reckoned.
        span_ms = ticks_diff(now_ms, self._seen_ms)
        made = self._seen + span_ms * self._rate_samples // self._rate_ms + 1
        self.lost_samples += max(0, made - 1 - self.samples_read - self.lost_samples)
        self._has_overrun = self._is_broken = False
        self._begin(self.samples_read + self.lost_samples + 1, now_ms)

    def _forget(self):
        super()._forget()
        self._has_overrun = False
        # How many samples will have been read when the frames of before the overrun are out.
        self._old_end = 0
        # The rate: so many samples in so many ms.
        self._rate_samples = 100
        self._rate_ms = 1000
        self._begin(0, ticks_ms())

    def _begin(self, seen, now_ms):
        """A new stretch without loss begins, `seen` samples after restart."""
        self._first = self._seen = seen
        self._first_ms = self._seen_ms = now_ms

    def _learn(self, frames):
        """`frames` wait and none is missing: what does that say of the chip's rate?"""
        now_ms = ticks_ms()
        self._seen = self.samples_read + self.lost_samples + frames
        self._seen_ms = now_ms
        span_ms = ticks_diff(now_ms, self._first_ms)
        # A longer look knows better: a sample more or less at its ends matters less.
        if span_ms >= max(_LEARN_MS, self._rate_ms >> 1) and self._seen > self._first:
            # The window begins with a sample and ends half way between two.
            self._rate_samples = 2 * (self._seen - self._first) + 1
            self._rate_ms = 2 * span_ms
            if span_ms >= _LONGEST_MS:
                self._begin(self._seen, now_ms)

    def _empty(self):
        self._write(_USER_CTRL, _FIFO_OFF_AND_EMPTY)
        self._write(_USER_CTRL, _FIFO_ON)
        # Reading clears what it remembered.
        self._read(_INT_STATUS)
