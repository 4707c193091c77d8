"""Integer arithmetic shared by the core: rounding division, square root, arctangent.

Every intermediate value stays inside +-2^30 (the small-int range of a 32-bit MicroPython) as long as the
arguments keep to the ranges named here. Nothing here allocates.
"""

# atan(i / 64) in thousandths of a degree, i = 0..64.
_ATAN_MDEG = (
    0, 895, 1790, 2684, 3576, 4467, 5356, 6242, 7125, 8005, 8881, 9752, 10620, 11482, 12339, 13191, 14036,
    14876, 15709, 16535, 17354, 18166, 18970, 19767, 20556, 21337, 22109, 22874, 23629, 24376, 25115, 25844,
    26565, 27277, 27979, 28673, 29358, 30033, 30700, 31357, 32005, 32645, 33275, 33896, 34509, 35112, 35707,
    36293, 36870, 37439, 37999, 38550, 39094, 39629, 40156, 40675, 41186, 41689, 42184, 42672, 43152, 43625,
    44091, 44549, 45000,
)  # fmt: skip


def div_round(numerator, divisor):
    """Quotient rounded to the nearest integer, halves upward. `divisor` > 0."""
    return (numerator + (divisor >> 1)) // divisor


def clamp(value, low, high):
    """`value` limited to low..high."""
    if value < low:
        return low
    if value > high:
        return high
    return value


def isqrt(value):
    """Floor of the square root of 0 <= value < 2^30, by Newton's method from above."""
    if value <= 0:
        return 0
    root = 1
    rest = value
    while rest > 3:
        rest >>= 2
        root <<= 1
    root <<= 1
    while True:
        closer = (root + value // root) >> 1
        if closer >= root:
            return root
        root = closer


def atan2_cdeg(y, x):
    """Angle of the vector (x, y) in hundredths of a degree, -18000..18000; 0 for the null vector.

    |x|, |y| < 2^18. Table of 65 arctangents with linear interpolation: within 0.01 degrees.
    """
    ay = y if y >= 0 else -y
    ax = x if x >= 0 else -x
    if ax == 0 and ay == 0:
        return 0
    steep = ay > ax
    ratio = (ax << 12) // ay if steep else (ay << 12) // ax
    i = ratio >> 6
    if i >= 64:
        mdeg = 45000
    else:
        low = _ATAN_MDEG[i]
        mdeg = low + (((_ATAN_MDEG[i + 1] - low) * (ratio & 63) + 32) >> 6)
    if steep:
        mdeg = 90000 - mdeg
    if x < 0:
        mdeg = 180000 - mdeg
    cdeg = (mdeg + 5) // 10
    return cdeg if y >= 0 else -cdeg
