"""Unpacks what retrogait.packing packed. Only readers need it: the app never loads it.

Any bytes may come in: what no Packer can have written is refused, and memory is bounded by the length of the bytes.
All values stay below 2^30.
"""

from array import array

from retrogait.packing import BITS_AT, ESCAPE, FIRST_GAIN, FIRST_WIDTH, SAMPLE_BYTES, UNARY, WIDEST

_AXES = 6
_MOST_BITS_OF_A_CODE = 23
# Reading may run on by one sample before the end is noticed.
_OVERRUN = bytes(24)
_LEADING_ZEROS = bytes([8, 7] + [6] * 2 + [5] * 4 + [4] * 8 + [3] * 16 + [2] * 32 + [1] * 64 + [0] * 128)


def unpack(payload):
    """The samples of a PACKED payload as an array of counts ('h'), six a sample, or None if it is none."""
    n_code_bytes = len(payload) - BITS_AT
    if n_code_bytes < 0:
        return None
    n_coded = payload[0] | payload[1] << 8
    # Six bits a sample at the least.
    if n_coded * _AXES > n_code_bytes * 8:
        return None
    counts = array("h")
    _add_plain(counts, payload, 2, BITS_AT)
    at = _add_coded(counts, payload, n_coded)
    if at < 0 or (len(payload) - at) % SAMPLE_BYTES:
        return None
    _add_plain(counts, payload, at, len(payload))
    return counts


def _add_plain(counts, payload, at, end):
    for i in range(at, end, 2):
        value = payload[i] | payload[i + 1] << 8
        counts.append(value - 65536 if value & 32768 else value)


def _add_coded(counts, payload, n_coded):
    """Append `n_coded` samples to `counts`, which holds the first; the offset after the codes, or -1: they are none."""
    end = len(payload)
    payload = payload + _OVERRUN
    values = list(counts)
    slopes = [0] * _AXES
    gains = [FIRST_GAIN] * _AXES
    widths = [FIRST_WIDTH] * _AXES
    unrest = 0
    at = BITS_AT
    bits = 0
    n_bits = 0
    for _ in range(n_coded):
        for axis in range(_AXES):
            while n_bits < _MOST_BITS_OF_A_CODE:
                bits = (bits << 8) | payload[at]
                at += 1
                n_bits += 8
            slope = slopes[axis]
            ahead = (gains[axis] * slope) >> 4
            width = widths[axis] + unrest
            if width < 0:
                width = 0
            elif width > WIDEST:
                width = WIDEST
            zeros = _LEADING_ZEROS[bits >> (n_bits - 8)]
            if zeros < ESCAPE:
                n_low = width >> 5
                # The one that ends the zeros is taken off with them.
                if zeros > UNARY:
                    n_bits -= 2 * zeros + 1 - UNARY + n_low
                    miss = (bits >> n_bits) + ((UNARY - 1) << n_low)
                else:
                    n_bits -= zeros + 1 + n_low
                    miss = (bits >> n_bits) + ((zeros - 1) << n_low)
                value = values[axis] + ahead + (~(miss >> 1) if miss & 1 else miss >> 1)
                if not -32768 <= value <= 32767:
                    return -1
            else:
                n_bits -= ESCAPE
                while n_bits < 16:
                    bits = (bits << 8) | payload[at]
                    at += 1
                    n_bits += 8
                n_bits -= 16
                value = bits >> n_bits
                if value & 32768:
                    value -= 65536
            bits &= (1 << n_bits) - 1
            step = value - values[axis]
            values[axis] = value
            slopes[axis] = step - (slope >> 1)
            gains[axis] += -1 if (step - ahead) ^ slope < 0 else 1
            widths[axis] = width + ((zeros - 1) << 3)
            unrest += ((zeros - 1) << 2) - (unrest >> 3)
            counts.append(value)
        if at - (n_bits >> 3) > end:
            return -1
    # Whole bytes read ahead are given back; what fills the last one must be zeros.
    at -= n_bits >> 3
    return -1 if bits >> (n_bits & ~7) else at
