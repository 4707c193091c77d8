"""Reading the LSM6DSOX's FIFO: tagged words to samples, without losing count of time.

A FIFO word is a tag byte (sensor << 3 | slot << 1 | parity) and three little-endian int16. A sample is the pair of a
gyroscope and an accelerometer word of one time slot; slots count modulo four. Time is counted in samples, so what the
FIFO lost must be counted exactly: the chip's own clock tells how many samples it has made to within one or two, and the
slot number settles the rest. Timestamp and data rate come from one oscillator (AN5272: 40 kHz and 40/6 kHz / 64), so
there are 384 ticks in a sample however far the oscillator is off. Used by lsm6dsox.py only.
"""

from array import array

from retrogait import const

_SAMPLE_FIELDS = const(6)

_FIFO_STATUS1 = const(0x3A)
_FIFO_DATA_OUT_TAG = const(0x78)

# From FIFO_STATUS1 to TIMESTAMP2 in one burst, so that level and time belong together.
_STATUS_BYTES = const(9)
_OVERRUN_LATCHED = const(0x08)
_TICKS_PER_SAMPLE = const(384)
# 24 bits of the timestamp stay small integers; they wrap after 7 minutes, the FIFO after 2.5 s.
_TICKS_MASK = const(0xFFFFFF)

_WORD_BYTES = const(7)
_PAIR_BYTES = const(2 * _WORD_BYTES)
# A burst of 16 pairs holds the bus for 5 ms at 400 kHz.
_BURST_PAIRS = const(16)
# Of 512.
_NEARLY_FULL_WORDS = const(500)

_GYRO = const(1)
_ACCEL = const(2)
_UNKNOWN = const(-1)


class TaggedFifo:
    """bus: a drivers.bus.Bus. Nothing is allocated after construction.

    Counts since restart(): samples_read, lost_samples (samples_read + lost_samples is time), overruns (times the FIFO
    was found to have run over), half_pairs (words whose mate was gone), burst_errors (reads the bus refused).
    """

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._status = bytearray(_STATUS_BYTES)
        self._raw = bytearray(_BURST_PAIRS * _PAIR_BYTES)
        view = memoryview(self._raw)
        self._bursts = tuple(view[: pairs * _PAIR_BYTES] for pairs in range(1, _BURST_PAIRS + 1))
        self._half = array("h", (0, 0, 0))
        self._forget()

    def restart(self):
        """Start counting from zero; call when the FIFO has just been emptied and set going."""
        self._forget()
        self._look()
        self._made_then = 0
        self._ticks_then = self._ticks

    def level(self):
        """Whole samples that wait."""
        self._look()
        return self._waiting_words() >> 1

    def read(self, into):
        """Copy waiting samples into `into` (array "h", six counts each: ax, ay, az, gx, gy, gz) and return how many.

        Samples that were lost are added to lost_samples and lie before the samples that the same call returns: a gap
        ends a read, and the next read begins behind it. Raises what the bus raises, before anything is taken out.
        """
        room = len(into) // _SAMPLE_FIELDS
        if self._at == self._end:
            self._look()
        else:
            # What an earlier read left behind a gap comes first, by its slots alone: the look was about later words.
            self._in_chip = 0
            self._look_is_open = False
        count = 0
        while count < room:
            if self._at == self._end and not self._fetch(room - count):
                break
            before = count
            count = self._decode(into, count, room)
            if count == before and self._at < self._end:
                break
        self.samples_read += count
        return count

    def _forget(self):
        self.samples_read = 0
        self.lost_samples = 0
        self.overruns = 0
        self.half_pairs = 0
        self.burst_errors = 0
        self._at = 0
        self._end = 0
        self._in_chip = 0
        self._half_kind = 0
        self._half_slot = 0
        # The slot that the next sample should have.
        self._slot = _UNKNOWN
        # The chip had made _made_then samples when its clock stood at _ticks_then. A look moves both on by the clock,
        # and to what was seen where nothing was lost. Not where something was: if the processor went on late after the
        # look, more was lost than the slot of the next sample can say, and the look after that must find it.
        self._made_then = 0
        self._made_seen = 0
        self._missing = 0
        self._look_is_open = False
        self._ticks = 0
        self._ticks_then = 0

    def _waiting_words(self):
        return self._in_chip + (self._end - self._at) // _WORD_BYTES + (1 if self._half_kind else 0)

    def _look(self):
        """Read level and clock, and estimate from them how many samples are missing."""
        status = self._status
        self._bus.read_into(self._address, _FIFO_STATUS1, status)
        self._in_chip = status[0] | (status[1] & 3) << 8
        if status[1] & _OVERRUN_LATCHED:
            self.overruns += 1
            # Its mate is gone, or so old that another sample's word would pass for it.
            self._half_kind = 0
        self._ticks = status[6] | status[7] << 8 | status[8] << 16
        made = ((self._ticks - self._ticks_then) & _TICKS_MASK) // _TICKS_PER_SAMPLE
        self._made_then += made
        self._ticks_then = (self._ticks_then + made * _TICKS_PER_SAMPLE) & _TICKS_MASK
        self._made_seen = self.samples_read + self.lost_samples + (self._waiting_words() >> 1)
        self._missing = self._made_then - self._made_seen
        self._look_is_open = True

    def _fetch(self, room):
        """Bring a burst of at most `room` pairs into the buffer; False when the chip has none or the bus refused."""
        pairs = min(self._in_chip >> 1, room, _BURST_PAIRS)
        if pairs == 0:
            return False
        if self._look_is_open and self._in_chip >= _NEARLY_FULL_WORDS:
            # A long burst would let the chip overwrite more samples between the look and the word it is about.
            pairs = 1
        try:
            self._bus.read_once(self._address, _FIFO_DATA_OUT_TAG, self._bursts[pairs - 1])
        except OSError:
            # Nobody knows how many words went with it, a kept half's mate among them: the next look counts them.
            self.burst_errors += 1
            self._in_chip = 0
            self._half_kind = 0
            self._bus.recover()
            return False
        self._in_chip -= 2 * pairs
        self._at = 0
        self._end = pairs * _PAIR_BYTES
        return True

    def _decode(self, into, count, room):
        """Decode the buffer into `into` from sample `count` on; stops when either ends or before a gap."""
        raw = self._raw
        end = self._end
        while count < room and self._at < end:
            if self._half_kind or self._look_is_open or self._slot == _UNKNOWN:
                after = self._take_word(into, count)
                if after < 0:
                    break
                count = after
                continue
            # The usual case, by hand for speed: both words of the slot that is due, gyroscope first.
            at = self._at
            slot = self._slot
            place = count * _SAMPLE_FIELDS
            while (
                count < room and at + _PAIR_BYTES <= end and raw[at] >> 1 == 4 | slot and raw[at + 7] >> 1 == 8 | slot
            ):
                # (u ^ 0x8000) - 0x8000 makes an int16 of two bytes.
                into[place] = ((raw[at + 8] | raw[at + 9] << 8) ^ 0x8000) - 0x8000
                into[place + 1] = ((raw[at + 10] | raw[at + 11] << 8) ^ 0x8000) - 0x8000
                into[place + 2] = ((raw[at + 12] | raw[at + 13] << 8) ^ 0x8000) - 0x8000
                into[place + 3] = ((raw[at + 1] | raw[at + 2] << 8) ^ 0x8000) - 0x8000
                into[place + 4] = ((raw[at + 3] | raw[at + 4] << 8) ^ 0x8000) - 0x8000
                into[place + 5] = ((raw[at + 5] | raw[at + 6] << 8) ^ 0x8000) - 0x8000
                slot = (slot + 1) & 3
                place += _SAMPLE_FIELDS
                count += 1
                at += _PAIR_BYTES
            moved = at != self._at
            self._at = at
            self._slot = slot
            if not moved:
                after = self._take_word(into, count)
                if after < 0:
                    break
                count = after
        return count

    def _take_word(self, into, count):
        """Take one word by its tag, in any order of sensors; returns the new `count`, or -1 when a gap is ahead."""
        at = self._at
        kind = self._raw[at] >> 3
        slot = self._raw[at] >> 1 & 3
        if kind != _GYRO and kind != _ACCEL:
            self._at = at + _WORD_BYTES
            return count
        if self._half_kind == 0:
            if count and slot != self._slot:
                return -1
            self._keep_half(at, kind, slot)
            return count
        if kind == self._half_kind or slot != self._half_slot:
            # The mate never came. This word is looked at again, as a first half.
            self.half_pairs += 1
            self._half_kind = 0
            return count
        self._put(into, count * _SAMPLE_FIELDS, at, kind)
        self._half_kind = 0
        self._at = at + _WORD_BYTES
        self._account(slot)
        self._slot = (slot + 1) & 3
        return count + 1

    def _keep_half(self, at, kind, slot):
        raw = self._raw
        half = self._half
        for axis in range(3):
            low = at + 1 + 2 * axis
            half[axis] = ((raw[low] | raw[low + 1] << 8) ^ 0x8000) - 0x8000
        self._half_kind = kind
        self._half_slot = slot
        self._at = at + _WORD_BYTES

    def _put(self, into, place, at, kind):
        """Write the sample made of the kept half and of the word at `at`, which is of `kind`."""
        raw = self._raw
        half = self._half
        mine = place + (3 if kind == _GYRO else 0)
        kept = place + (0 if kind == _GYRO else 3)
        for axis in range(3):
            low = at + 1 + 2 * axis
            into[mine + axis] = ((raw[low] | raw[low + 1] << 8) ^ 0x8000) - 0x8000
            into[kept + axis] = half[axis]

    def _account(self, slot):
        """Count what was lost before a sample of `slot`, the first after a look or after a break of the slots."""
        missing = self._missing if self._look_is_open else 0
        if self._slot == _UNKNOWN:
            lost = missing if missing > 1 else 0
        else:
            lost = (slot - self._slot) & 3
            # The clock is good to two samples: take the number nearest to it that the slots allow.
            if missing > lost + 1:
                lost += (missing - lost + 2) >> 2 << 2
        if self._look_is_open:
            if lost == 0:
                self._made_then = self._made_seen
                self._ticks_then = self._ticks
            self._look_is_open = False
        self.lost_samples += lost
