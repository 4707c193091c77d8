"""Packs raw samples without loss, as they come: about half of the plain 12 bytes while somebody walks.

Bit by bit in docs/reference/record-format.md (kind PACKED). Each axis is predicted from where it was heading, times a
gain that learns by the sign of each miss; the miss is written as a Golomb-Rice code. How wide that is follows the axis'
own misses and, as a heel that strikes is felt on all axes, an unrest that they share. So nothing is known in advance
and nothing beside the codes is written. Where coding does not pay (noise of full scale), the rest of the block is
plain. Unpacked by retrogait.unpacking. All values stay below 2^30.
"""

import struct
from array import array

from retrogait import const

BITS_AT = const(14)
"""Offset of the first code: a count and the first sample in plain lie before it."""

SAMPLE_BYTES = const(12)
LONGEST_BYTES = const(19)
"""No sample adds more, with the bits that wait before it."""

UNARY = const(4)
ESCAPE = const(8)
"""A code begins with zeros. Beyond UNARY each doubles what it stands for; after ESCAPE the value itself follows."""

FIRST_WIDTH = const(224)
WIDEST = const(384)
"""Width in 1/32 bit, at the start of a block and at most."""

FIRST_GAIN = const(16)
"""One, in 1/16."""

_AXES = const(6)
_MOST_CODED = const(18)  # in units of the width: what ESCAPE - 1 zeros can tell
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
        self._gains = array("i", (0 for _ in range(_AXES)))
        self._widths = array("i", (0 for _ in range(_AXES)))
        self._unrest = 0

    def begin(self, at):
        """Forget the past; the next sample is the first of a payload at offset `at`."""
        self._start = at
        self.at = at
        self.n_samples = 0
        self._n_coded = 0
        self._is_plain = False
        self._bits = 0
        self._n_bits = 0
        self._unrest = 0
        for axis in range(_AXES):
            self._slopes[axis] = 0
            self._gains[axis] = FIRST_GAIN
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
        gains = self._gains
        widths = self._widths
        unrest = self._unrest
        bits = self._bits
        n_bits = self._n_bits
        at = self.at
        for axis in range(_AXES):
            value = sample[axis]
            step = value - values[axis]
            values[axis] = value
            slope = slopes[axis]
            slopes[axis] = step - (slope >> 1)
            gain = gains[axis]
            error = step - ((gain * slope) >> 4)
            gains[axis] = gain - 1 if error ^ slope < 0 else gain + 1
            miss = error << 1 if error >= 0 else ~(error << 1)
            width = widths[axis] + unrest
            if width < 0:
                width = 0
            elif width > WIDEST:
                width = WIDEST
            n_low = width >> 5
            zeros = miss >> n_low
            if zeros > _MOST_CODED:
                zeros = ESCAPE
                buffer[at] = (bits << (8 - n_bits)) & 255
                at += 1
                bits = value & 65535
                n_bits += 16
            else:
                # What is left of the miss begins with the one that ends the zeros. 5 and 6 become five zeros, 7 to 10
                # become six, 11 to 18 seven: what zeros no longer tell, the low bits do.
                if zeros > UNARY:
                    miss -= (UNARY - 1) << n_low
                    zeros = 5 if zeros < 7 else 6 if zeros < 11 else 7
                    n_low += zeros - UNARY
                else:
                    miss -= (zeros - 1) << n_low
                n_low += zeros + 1
                bits = (bits << n_low) | miss
                n_bits += n_low
            surprise = zeros - 1
            widths[axis] = width + (surprise << 3)
            unrest += (surprise << 2) - (unrest >> 3)
            while n_bits >= 8:
                n_bits -= 8
                buffer[at] = (bits >> n_bits) & 255
                at += 1
            bits &= 127
        self._unrest = unrest
        self._bits = bits
        self._n_bits = n_bits
        self.at = at
