"""The BMI270's FIFO: frames with a header; when it is full the oldest go, and the chip's own clock tells how many.

The sensor time counts 39.0625 us, 256 in a sample at 100 Hz, by the oscillator that makes the samples: what is missing
is known to a sample however far that is off, and the error does not grow. Used by bmi270.py only (BST-BMI270-DS000).
"""

from errno import ENODEV
from time import ticks_diff, ticks_ms

from drivers.errors import SensorAbsent
from drivers.frame_fifo import FrameFifo
from retrogait import const

_SENSORTIME_0 = const(0x18)
_FIFO_LENGTH_0 = const(0x24)
_FIFO_DATA = const(0x26)
_CMD = const(0x7E)
_FIFO_FLUSH = const(0xB0)

# Header, gyroscope, accelerometer; the low byte first.
_FRAME_BYTES = const(13)
_PLACES = (7, 9, 11, 1, 3, 5)
_HEADER = const(0x8C)
_FIFO_BYTES = const(2048)
# A frame more would not fit.
_FULL_BYTES = const(_FIFO_BYTES - _FRAME_BYTES)

# 24 bits, which wrap after 11 minutes; a look is due every 40 ms.
_TIME_MASK = const(0xFFFFFF)
_TICKS_PER_SAMPLE = const(256)
# 25.6 ticks a millisecond; a chip whose clock is a sixteenth and two samples off has lost its power in between.
_TICKS_PER_5_MS = const(128)
_TICKS_OFF = const(512)
# Level and time are read one after the other: a sample may fall between them, and one more at the first look.
_DOUBT = const(2)


class Bmi270Fifo(FrameFifo):
    """bus: a drivers.bus.Bus."""

    def __init__(self, bus, address):
        super().__init__(bus, address, _FIFO_DATA, _FRAME_BYTES, _PLACES, 1, _HEADER, _FIFO_BYTES // _FRAME_BYTES)
        self._length = bytearray(2)
        self._time = bytearray(3)

    def restart(self):
        """Empty the FIFO and count from zero."""
        self.flush()
        self._forget()
        self._ticks = self._now()
        self._look_ms = ticks_ms()
        self._made = 0
        # Half a sample: rounds to the nearest.
        self._rest = _TICKS_PER_SAMPLE >> 1

    def flush(self):
        """Empty it."""
        self._write(_CMD, _FIFO_FLUSH)

    def level(self):
        """Whole frames that wait."""
        return self._bytes() // _FRAME_BYTES

    def read(self, into):
        """Copy waiting samples into `into` (array "h", six counts each) and return how many.

        Samples that were lost are added to lost_samples and lie before those that the same call returns. Raises what
        the bus raises, before anything is taken out. After a burst that broke off nothing needs to be done: the chip
        repeats a frame that was read in part, and time tells the rest.
        """
        return self._take(into, self._waiting())

    def _waiting(self):
        """Whole frames that wait; what is missing before them is counted as lost.

        SensorAbsent if the chip's clock has jumped: it was reset, and must be started anew.
        """
        n_bytes = self._bytes()
        now = self._now()
        now_ms = ticks_ms()
        passed = (now - self._ticks) & _TIME_MASK
        due = ticks_diff(now_ms, self._look_ms) * _TICKS_PER_5_MS // 5
        self._ticks = now
        self._look_ms = now_ms
        if abs(passed - due) > (due >> 4) + _TICKS_OFF:
            raise SensorAbsent(ENODEV)
        passed += self._rest
        self._made += passed // _TICKS_PER_SAMPLE
        self._rest = passed % _TICKS_PER_SAMPLE
        waiting = n_bytes // _FRAME_BYTES
        missing = self._made - self.samples_read - self.lost_samples - waiting
        is_full = n_bytes > _FULL_BYTES
        if missing >= _DOUBT:
            self.lost_samples += missing
            if is_full:
                self.overruns += 1
        return waiting

    def _bytes(self):
        self._bus.read_into(self._address, _FIFO_LENGTH_0, self._length)
        return self._length[0] | (self._length[1] & 0x3F) << 8

    def _now(self):
        self._bus.read_into(self._address, _SENSORTIME_0, self._time)
        return self._time[0] | self._time[1] << 8 | self._time[2] << 16
