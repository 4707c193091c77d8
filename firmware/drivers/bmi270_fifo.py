"""The BMI270's FIFO: frames with a header; when it is full the oldest go, and the chip's own clock tells how many.

The sensor time counts 39.0625 us, 256 in a sample at 100 Hz, by the oscillator that makes the samples: what is missing
is known to a sample however far that is off, and the error does not grow. It is read in one burst with the level, so
that no delay of the processor comes between them. Used by bmi270.py only (BST-BMI270-DS000).
"""

from errno import ENODEV
from time import ticks_diff, ticks_ms

from drivers.errors import SensorAbsent
from drivers.frame_fifo import FrameFifo
from retrogait import const

_SENSORTIME_0 = const(0x18)
_FIFO_DATA = const(0x26)
_CMD = const(0x7E)
_FIFO_FLUSH = const(0xB0)

# From SENSORTIME_0 to FIFO_LENGTH_1. In between lie flags that reading clears; nobody uses them.
_LOOK_BYTES = const(14)
_LENGTH = const(12)

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
# Where between two samples the counting began is not known: a sample less than were made is no loss.
_DOUBT = const(2)


class Bmi270Fifo(FrameFifo):
    """bus: a drivers.bus.Bus."""

    def __init__(self, bus, address):
        super().__init__(bus, address, _FIFO_DATA, _FRAME_BYTES, _PLACES, 1, _HEADER, _FIFO_BYTES // _FRAME_BYTES)
        self._look = bytearray(_LOOK_BYTES)

    def restart(self):
        """Empty the FIFO and count from zero."""
        self.flush()
        self._forget()
        self._asked_ms = ticks_ms()
        # What came since it was emptied was made before the counting begins.
        self._made = self.level()
        self._told_ms = ticks_ms()
        self._ticks = self._time()
        # Half a sample: rounds to the nearest.
        self._rest = _TICKS_PER_SAMPLE >> 1

    def flush(self):
        """Empty it."""
        self._write(_CMD, _FIFO_FLUSH)

    def level(self):
        """Whole frames that wait."""
        self._bus.read_into(self._address, _SENSORTIME_0, self._look)
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
        asked_ms = ticks_ms()
        waiting = self.level()
        told_ms = ticks_ms()
        now = self._time()
        passed = (now - self._ticks) & _TIME_MASK
        # The chip looked at its clock at some moment between question and answer, however late that came.
        least = ticks_diff(asked_ms, self._told_ms) * _TICKS_PER_5_MS // 5
        most = ticks_diff(told_ms, self._asked_ms) * _TICKS_PER_5_MS // 5
        if not least - (least >> 4) - _TICKS_OFF <= passed <= most + (most >> 4) + _TICKS_OFF:
            raise SensorAbsent(ENODEV)
        self._ticks = now
        self._asked_ms = asked_ms
        self._told_ms = told_ms
        passed += self._rest
        self._made += passed // _TICKS_PER_SAMPLE
        self._rest = passed % _TICKS_PER_SAMPLE
        missing = self._made - self.samples_read - self.lost_samples - waiting
        if missing >= _DOUBT:
            self.lost_samples += missing
            if self._bytes() > _FULL_BYTES:
                self.overruns += 1
        return waiting

    def _bytes(self):
        return self._look[_LENGTH] | (self._look[_LENGTH + 1] & 0x3F) << 8

    def _time(self):
        return self._look[0] | self._look[1] << 8 | self._look[2] << 16
