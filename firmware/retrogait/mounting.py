"""How the clip sits: the rotation from the sensor's axes to the wearer's (X forward, Y left, Z up).

A rotation is nine integers in Q14 (16384 is 1.0), row by row: body = R * sensor. It comes from the calibration by
touch (retrogait.calibration) or, for recordings, from --axes and a neutral stance.
"""

from retrogait.fixed import isqrt

ONE = 1 << 14
_AXES = {"x": 0, "y": 1, "z": 2}


def unit(x, y, z):
    """The vector (x, y, z), |component| < 2^29, at length 1 in Q14 as a tuple; ValueError for the null vector."""
    largest = max(abs(x), abs(y), abs(z))
    if largest == 0:
        raise ValueError("a null vector has no direction")
    while largest < ONE:
        x, y, z, largest = x << 1, y << 1, z << 1, largest << 1
    while largest > ONE:
        x, y, z, largest = x >> 1, y >> 1, z >> 1, largest >> 1
    length = isqrt(x * x + y * y + z * z)
    half = length >> 1
    return ((x * ONE + half) // length, (y * ONE + half) // length, (z * ONE + half) // length)


def dot(a, b):
    """Scalar product of two Q14 vectors, in Q14."""
    return (a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + (ONE >> 1)) >> 14


def cross(a, b):
    """Vector product of two Q14 vectors, in Q14."""
    half = ONE >> 1
    return (
        (a[1] * b[2] - a[2] * b[1] + half) >> 14,
        (a[2] * b[0] - a[0] * b[2] + half) >> 14,
        (a[0] * b[1] - a[1] * b[0] + half) >> 14,
    )


def orthogonal(vector, axis):
    """`vector` without its part along the unit vector `axis`, at length 1 in Q14; ValueError if nothing is left."""
    along = dot(vector, axis)
    return unit(
        vector[0] - ((along * axis[0]) >> 14),
        vector[1] - ((along * axis[1]) >> 14),
        vector[2] - ((along * axis[2]) >> 14),
    )


class Mounting:
    """One rotation and, after `rotate`, the last sample in the wearer's frame.

    `ax`, `ay`, `az` in mg and `gx`, `gy`, `gz` in ddps. Raises ValueError if the nine integers are no rotation.
    """

    def __init__(self, q14=(ONE, 0, 0, 0, ONE, 0, 0, 0, ONE)):
        rows = tuple(q14)
        if len(rows) != 9 or not all(isinstance(value, int) and -ONE - 8 <= value <= ONE + 8 for value in rows):
            raise ValueError("a mounting is nine integers from -16384 to 16384")
        x, y, z = rows[0:3], rows[3:6], rows[6:9]
        rest = cross(x, y)
        if any(abs(rest[i] - z[i]) > 64 for i in range(3)) or abs(dot(x, x) - ONE) > 64 or abs(dot(y, y) - ONE) > 64:
            raise ValueError("these nine numbers are not a right-handed rotation")
        self._xx, self._xy, self._xz = x
        self._yx, self._yy, self._yz = y
        self._zx, self._zy, self._zz = z
        self.ax = self.ay = self.az = 0
        self.gx = self.gy = self.gz = 0

    @classmethod
    def from_axes(cls, text):
        """From words like "-z,y,x": our X is the sensor's -z, our Y its y, our Z its x.

        Raises ValueError if an axis is missing, named twice, or if the frame would be left-handed.
        """
        rows = []
        for word in text.replace(" ", "").lower().split(","):
            sign = -ONE if word.startswith("-") else ONE
            at = _AXES.get(word.lstrip("+-"), -1)
            if at < 0 or len(word.lstrip("+-")) != 1:
                raise ValueError("an axis is x, y or z with an optional minus sign, not %r" % (word,))
            rows += [sign if i == at else 0 for i in range(3)]
        if len(rows) != 9:
            raise ValueError("three axes are needed, like -z,y,x")
        try:
            return cls(rows)
        except ValueError:
            pass  # said in the user's words below; "raise from" cannot be compiled to native code
        raise ValueError("%s is not a right-handed frame: check the signs" % text)

    def with_neutral(self, up_x, up_y, up_z):
        """A mounting whose Z is the measured up and whose X stays as near as can be.

        The up is in the sensor's axes, in any unit, |component| < 2^29.
        Raises ValueError if the measured up lies along X, so that nothing says where forward is.
        """
        z = unit(up_x, up_y, up_z)
        x = orthogonal((self._xx, self._xy, self._xz), z)
        return Mounting.from_rows(x, cross(z, x), z)

    @classmethod
    def from_rows(cls, x, y, z):
        """From three unit vectors in the sensor's axes, Q14."""
        return cls(tuple(x) + tuple(y) + tuple(z))

    def as_list(self):
        """The nine integers, row by row."""
        return [self._xx, self._xy, self._xz, self._yx, self._yy, self._yz, self._zx, self._zy, self._zz]

    def rotate(self, scale, sample):
        """Scale one raw sample (six counts) and turn it into the wearer's frame, into the fields."""
        xx = self._xx
        xy = self._xy
        xz = self._xz
        yx = self._yx
        yy = self._yy
        yz = self._yz
        zx = self._zx
        zy = self._zy
        zz = self._zz
        # Scale.mg and Scale.ddps written out: six calls a sample cost as much as all the rest.
        ug = scale.ug
        x = (sample[0] * ug + 500) // 1000
        y = (sample[1] * ug + 500) // 1000
        z = (sample[2] * ug + 500) // 1000
        self.ax = (xx * x + xy * y + xz * z + 8192) >> 14
        self.ay = (yx * x + yy * y + yz * z + 8192) >> 14
        self.az = (zx * x + zy * y + zz * z + 8192) >> 14
        ug = scale.gyro_160
        x = (sample[3] * ug + 80) // 160
        y = (sample[4] * ug + 80) // 160
        z = (sample[5] * ug + 80) // 160
        self.gx = (xx * x + xy * y + xz * z + 8192) >> 14
        self.gy = (yx * x + yy * y + yz * z + 8192) >> 14
        self.gz = (zx * x + zy * y + zz * z + 8192) >> 14
