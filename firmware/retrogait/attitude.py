"""Which way is up: gravity tracked with gyro and accelerometer, and what follows from it.

The unit vector to the sky, seen in the wearer's frame, is turned by the gyro sample by sample and drawn toward the
measured specific force with a time constant of 3 s, so that the to and fro of walking averages out (complementary
filter on the vector, after Mahony 2008, without heading). The gyro's bias is measured whenever the clip rests.
Frame and signs: docs/reference/frames.md. Input mg and ddps in the wearer's frame at 104 Hz; called by the engine.
"""

from retrogait.fixed import atan2_cdeg, clamp, isqrt
from retrogait.rest import RestWindow

# The vector is held in Q28 and multiplied in Q12: products stay inside +-2^30 up to 2,293 dps on every axis at once.
_ONE = 1 << 28
_TAU_SAMPLES = 312
_REST_RATE_SPAN_DDPS = 40
_REST_FORCE_SPAN_MG = 60
_BIAS_LIMIT_DDPS16 = 100 * 16
_ONE_MG = 268435
_FIRST_AGE = 26


class Attitude:
    """Fields after each push: `lean_cdeg` (forward +) and `side_cdeg` (right +), new every fourth sample;
    `vertical_mg` (specific force along up, minus 1 g), `forward_mg` (horizontal, along the wearer's forward),
    `yaw_ddps` (turning rate about the vertical, left +), `bias_known` (true after the first rest).
    """

    def __init__(self):
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self.vertical_mg = 0
        self.forward_mg = 0
        self.yaw_ddps = 0
        self.bias_known = False
        self._rest = RestWindow()
        # Bias in sixteenths of a ddps.
        self._bias_x = self._bias_y = self._bias_z = 0
        self._up_x = self._up_y = 0
        self._up_z = _ONE
        self._age = 0
        self._phase = 0

    def restart(self):
        """Forget the direction (not the bias): the next sample starts anew, as after a gap."""
        self._age = 0

    def push(self, ax, ay, az, gx, gy, gz, masked):
        """Take one sample; while `masked` (the motor runs) the accelerometer is not believed."""
        if self._rest.push(ax, ay, az, gx, gy, gz):
            self._learn_bias()
        if self._age == 0 and not masked:
            self._start(ax, ay, az)
        # Radians per sample in Q18 are ddps * 4.3993; rate and bias carry four more bits here.
        wx = (((gx << 4) - self._bias_x) * 1126 + 2048) >> 12
        wy = (((gy << 4) - self._bias_y) * 1126 + 2048) >> 12
        wz = (((gz << 4) - self._bias_z) * 1126 + 2048) >> 12
        ux = (self._up_x + 32768) >> 16
        uy = (self._up_y + 32768) >> 16
        uz = (self._up_z + 32768) >> 16
        # d(up)/dt = up x rate: a vector fixed in the world, seen from the turning body.
        up_x = self._up_x + ((uy * wz - uz * wy + 2) >> 2)
        up_y = self._up_y + ((uz * wx - ux * wz + 2) >> 2)
        up_z = self._up_z + ((ux * wy - uy * wx + 2) >> 2)
        if not masked:
            age = self._age
            if age < _TAU_SAMPLES:
                age += 1
                self._age = age
            up_x += (clamp(ax, -2000, 2000) * _ONE_MG - up_x) // age
            up_y += (clamp(ay, -2000, 2000) * _ONE_MG - up_y) // age
            up_z += (clamp(az, -2000, 2000) * _ONE_MG - up_z) // age
        # One Newton step towards length 1.
        ux = (up_x + 32768) >> 16
        uy = (up_y + 32768) >> 16
        uz = (up_z + 32768) >> 16
        short = clamp((1 << 24) - ux * ux - uy * uy - uz * uz, -(1 << 22), 1 << 22)
        self._up_x = up_x = up_x + ((ux * (short >> 6)) >> 3)
        self._up_y = up_y = up_y + ((uy * (short >> 6)) >> 3)
        self._up_z = up_z = up_z + ((uz * (short >> 6)) >> 3)
        self._derive(up_x >> 14, up_y >> 14, up_z >> 14, ax, ay, az, gx, gy, gz)

    def _start(self, ax, ay, az):
        """Believe one sample's specific force for a start, with the weight of a quarter second."""
        force_mg = isqrt(ax * ax + ay * ay + az * az)
        if force_mg:
            self._up_x = ((ax << 12) // force_mg) << 16
            self._up_y = ((ay << 12) // force_mg) << 16
            self._up_z = ((az << 12) // force_mg) << 16
        self._age = _FIRST_AGE

    def _derive(self, ux, uy, uz, ax, ay, az, gx, gy, gz):
        """The fields, from the vector to the sky in Q14."""
        total_mg = (ax * ux + ay * uy + az * uz + 8192) >> 14
        self.vertical_mg = total_mg - 1000
        self.forward_mg = ax - ((ux * total_mg + 8192) >> 14)
        gx -= self._bias_x >> 4
        gy -= self._bias_y >> 4
        gz -= self._bias_z >> 4
        self.yaw_ddps = (gx * ux + gy * uy + gz * uz + 8192) >> 14
        if self._phase == 0:
            self.lean_cdeg = atan2_cdeg(-ux, uz)
            self.side_cdeg = atan2_cdeg(uy, uz)
        self._phase = (self._phase + 1) & 3

    def _learn_bias(self):
        """Adopt the mean rate of a restful window; later windows are averaged in by halves."""
        rest = self._rest
        if rest.rate_span_ddps > _REST_RATE_SPAN_DDPS or rest.force_span_mg > _REST_FORCE_SPAN_MG:
            return
        bias_x = (rest.sum_gx << 4) // rest.samples
        bias_y = (rest.sum_gy << 4) // rest.samples
        bias_z = (rest.sum_gz << 4) // rest.samples
        if max(abs(bias_x), abs(bias_y), abs(bias_z)) > _BIAS_LIMIT_DDPS16:
            return
        if self.bias_known:
            self._bias_x += (bias_x - self._bias_x) >> 1
            self._bias_y += (bias_y - self._bias_y) >> 1
            self._bias_z += (bias_z - self._bias_z) >> 1
        else:
            self._bias_x = bias_x
            self._bias_y = bias_y
            self._bias_z = bias_z
            self.bias_known = True
