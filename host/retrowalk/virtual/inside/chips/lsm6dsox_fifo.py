"""The LSM6DSOX's FIFO: 512 words of a tag byte and three int16, bypass and continuous modes, no compression.

A tag is sensor << 3 | slot << 1 | parity: sensor 1 gyroscope, 2 accelerometer; the slot counts the moments of batching
modulo four; parity makes the byte's ones even. When full, each new word pushes the oldest out. Used by lsm6dsox.py.
"""

from struct import pack_into

from .violation import ModelViolation

WORDS = 512
_WORD_BYTES = 7

_FIFO_CTRL1 = 0x07
_FIFO_CTRL2 = 0x08
_FIFO_CTRL3 = 0x09
_FIFO_CTRL4 = 0x0A
_CONTINUOUS = 6

_WATERMARK = 0x80
_OVERRUN = 0x40
_FULL_NEXT = 0x20
_OVERRUN_LATCHED = 0x08

# Tags by slot, with their parity bit.
_GYRO_TAGS = (0x09, 0x0A, 0x0C, 0x0F)
_ACCEL_TAGS = (0x11, 0x12, 0x14, 0x17)


class WordFifo:
    """Fields: words (that wait), running, overwritten_words (lost since the beginning)."""

    def __init__(self):
        self.words = 0
        self.running = False
        self.overwritten_words = 0
        self._ring = bytearray(WORDS * _WORD_BYTES)
        self._view = memoryview(self._ring)
        self._head = 0
        self._slot = 2
        self._watermark = 0
        self._batch = 0
        self._overrun_latched = 0

    def configure(self, registers):
        """Take over FIFO_CTRL1..4; bypass mode empties the FIFO."""
        mode = registers[_FIFO_CTRL4] & 7
        if mode not in (0, _CONTINUOUS):
            raise ModelViolation("LSM6DSOX: FIFO mode not modelled")
        self._watermark = registers[_FIFO_CTRL1] | (registers[_FIFO_CTRL2] & 1) << 8
        self._batch = registers[_FIFO_CTRL3]
        self.running = mode == _CONTINUOUS
        if not self.running:
            self.words = 0
            self._overrun_latched = 0

    def push_slot(self, counts, accel_code, gyro_code):
        """Batch one moment of the data rate: `counts` ax, ay, az, gx, gy, gz; codes are the rates of the sensors.

        True when a flag may have changed: at the watermark and near the end.
        """
        batch = self._batch
        before = self.words
        slot = self._slot
        self._slot = (slot + 1) & 3
        if batch & 0xF0:
            if batch >> 4 != gyro_code:
                raise ModelViolation("LSM6DSOX: gyroscope batched at another rate than it runs")
            self._push(_GYRO_TAGS[slot], counts[3], counts[4], counts[5])
        if batch & 0x0F:
            if batch & 0x0F != accel_code:
                raise ModelViolation("LSM6DSOX: accelerometer batched at another rate than it runs")
            self._push(_ACCEL_TAGS[slot], counts[0], counts[1], counts[2])
        return before < self._watermark <= self.words or before >= WORDS - 4

    def pop_into(self, buffer):
        """Fill `buffer`, whole words, with the oldest ones; zeros when there are no more."""
        size = len(buffer)
        done = 0
        while done < size:
            run = min((size - done) // _WORD_BYTES, self.words, WORDS - self._head)
            if run == 0:
                for i in range(done, size):
                    buffer[i] = 0
                return
            start = self._head * _WORD_BYTES
            buffer[done : done + run * _WORD_BYTES] = self._view[start : start + run * _WORD_BYTES]
            done += run * _WORD_BYTES
            self._head = (self._head + run) % WORDS
            self.words -= run

    def peek(self, offset):
        """Byte `offset` (0 the tag) of the oldest word; reading the last byte takes the word out."""
        if self.words == 0:
            return 0
        value = self._ring[self._head * _WORD_BYTES + offset]
        if offset == _WORD_BYTES - 1:
            self._head = (self._head + 1) % WORDS
            self.words -= 1
        return value

    def flags(self):
        """The flags of FIFO_STATUS2 that follow the level: watermark, overrun, full at the next moment."""
        words = self.words
        flags = _WATERMARK if self._watermark and words >= self._watermark else 0
        if words >= WORDS - 2:
            flags |= _FULL_NEXT
            if words == WORDS:
                flags |= _OVERRUN
        return flags

    def take_flags(self):
        """FIFO_STATUS2 as the bus reads it, which clears the latched overrun."""
        value = self.flags() | self._overrun_latched | self.words >> 8
        self._overrun_latched = 0
        return value

    def _push(self, tag, x, y, z):
        at = self._head + self.words
        if at >= WORDS:
            at -= WORDS
        pack_into("<Bhhh", self._ring, at * _WORD_BYTES, tag, x, y, z)
        if self.words == WORDS:
            self._head = at + 1 if at + 1 < WORDS else 0
            self.overwritten_words += 1
            self._overrun_latched = _OVERRUN_LATCHED
        else:
            self.words += 1
