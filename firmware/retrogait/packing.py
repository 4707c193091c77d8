"""Packs raw samples without loss, as they come: about half of the plain 12 bytes while somebody walks.

Bit by bit in docs/reference/record-format.md (kind PACKED). Each axis is predicted from its own past; what the
prediction missed is written as a Golomb-Rice code whose width follows the misses, so nothing is known in advance and
nothing beside the codes is written. Where coding does not pay (noise of full scale), the rest of the block is plain.
Unpacked by retrogait.unpacking. All values stay below 2^28.
"""

import struct
from array import array

from retrogait import const

BITS_AT = const(14)
"""Offset of the first code: a count and the first sample in plain lie before it."""

SAMPLE_BYTES = const(12)
LONGEST_BYTES = const(19)
"""No sample adds more, with the bits that wait before it."""

ESCAPE = const(8)
"""So many zeros: the value itself follows."""

FIRST_WIDTH = const(14)
WIDEST = const(25)
"""Width in half bits, at the start of a block and at most."""

_AXES = const(6)
_PATIENCE_BYTES = const(16)


class Packer:
    """Packs into `buffer`, which is never resized. `begin`, then `push` while there are LONGEST_BYTES, then `close`.

    Fields: `n_samples` since `begin`, and `at`, the offset of the next byte to be written. A block never takes more
    than 25 bytes over the plain samples.
    """

    def __init__(self, buffer):
        self.n_samples = 0
        self.at = 0
        self._buffer = buffer
        self._start = 0
        self._n_coded = 0
        self._plain_at = 0
        self._is_plain = False
        self._bits = 0
        self._n_bits = 0
        self._values = array("i", (0 for _ in range(_AXES)))
        self._slopes = array("i", (0 for _ in range(_AXES)))
        self._widths = bytearray(_AXES)

    def begin(self, at):
        """Forget the past; the next sample is the first of a payload at offset `at`."""
        self._start = at
        self.at = at
        self.n_samples = 0
        self._n_coded = 0
        self._is_plain = False
        self._bits = 0
        self._n_bits = 0
        for axis in range(_AXES):
            self._slopes[axis] = 0
            self._widths[axis] = FIRST_WIDTH

    def push(self, sample):
        """Take six int16 counts. Allocates nothing."""
        if self._is_plain:
            self._add_plain(sample)
        elif self.n_samples:
            self._code(sample)
            self._n_coded += 1
            self._plain_at += SAMPLE_BYTES
            if self.at > self._plain_at:
                self._fill_byte()
                self._is_plain = True
        else:
            self.at += 2
            self._add_plain(sample)
            self._plain_at = self.at + _PATIENCE_BYTES
            for axis in range(_AXES):
                self._values[axis] = sample[axis]
        self.n_samples += 1

    def close(self):
        """Write what waits; returns the offset after the payload. `begin` comes next."""
        self._fill_byte()
        struct.pack_into("<H", self._buffer, self._start, self._n_coded)
        return self.at

    def _add_plain(self, sample):
        struct.pack_into("<6h", self._buffer, self.at, sample[0], sample[1], sample[2], sample[3], sample[4], sample[5])
        self.at += SAMPLE_BYTES

    def _fill_byte(self):
        """Zeros up to the next whole byte."""
        if self._n_bits:
            self._buffer[self.at] = (self._bits << (8 - self._n_bits)) & 255
            self.at += 1
            self._n_bits = 0

    def _code(self, sample):
        buffer = self._buffer
        values = self._values
        slopes = self._slopes
        widths = self._widths
        bits = self._bits
        n_bits = self._n_bits
        at = self.at
        for axis in range(_AXES):
            value = sample[axis]
            step = value - values[axis]
            slope = slopes[axis]
            values[axis] = value
            slopes[axis] = step - ((3 * slope) >> 3)
            miss = (step - slope) << 1
            if miss < 0:
                miss = ~miss
            width = widths[axis]
            half = width >> 1
            zeros = miss >> half
            if zeros < ESCAPE:
                bits = (bits << (zeros + 1 + half)) | (miss - ((zeros - 1) << half))
                n_bits += zeros + 1 + half
                if zeros == 0 and width:
                    widths[axis] = width - 1
            else:
                zeros = ESCAPE
                buffer[at] = (bits << (8 - n_bits)) & 255
                at += 1
                bits = value & 65535
                n_bits += 16
            if zeros > 1:
                width += zeros - 1
                widths[axis] = width if width < WIDEST else WIDEST
            while n_bits >= 8:
                n_bits -= 8
                buffer[at] = (bits >> n_bits) & 255
                at += 1
            bits &= 127
        self._bits = bits
        self._n_bits = n_bits
        self.at = at
