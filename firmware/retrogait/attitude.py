"""Which way is up: the specific force, averaged in a frame that the gyro keeps from turning, and what follows from it.

The principle of VQF (Laidig & Seel 2023): the to and fro of walking is an acceleration that averages out over some
seconds only in a frame that does not turn with the wearer, so the specific force is low-pass filtered there (second
order, Butterworth, time constant 3 s) and its direction is up. We depart in three ways: no quaternion is kept, for the
two states of the filter are themselves turned back by the gyro at each sample, which is the same filter seen from the
turning body; the gyro's bias in motion is followed by an integral whose gain falls as a Kalman filter's would; and all
is integer.
Frame and signs: docs/reference/frames.md. Input mg and ddps in the wearer's frame at 104 Hz; called by the engine.
"""

from retrogait.fixed import atan2_cdeg, clamp, isqrt
from retrogait.rest import RestWindow

# The filter is the spring y" = 2 (force - y) / tau^2 - 2 y' / tau. Its `y` is held in mg * 2^15, its `v` (y' a sample)
# in mg * 2^22: 2^7 * 2 / 312^2 is 1 / 380. Bounds: |rate| a sample < 0.6 (2,000 dps on every axis), |y| < 5.2 g.
_TAU_SAMPLES = 312
_SPRING = 380
_DAMPING = 156
_FIRST_AGE = 26
# Radians a sample in Q30 are ddps * 18020. The bias is held so, and limited to 10 dps.
_Q30_PER_DDPS = 18020
_REST_RATE_LIMIT_DDPS = 100
_BIAS_LIMIT = _REST_RATE_LIMIT_DDPS * _Q30_PER_DDPS
_REST_RATE_SPAN_DDPS = 40
_REST_FORCE_SPAN_MG = 60
# Every 24 samples (a quarter of a second) the bias in motion is followed, with a time constant, counted in these
# quarters, that grows with the time in motion and is at its longest after a rest.
_BIAS_EVERY = 24
_BIAS_FIRST_QUARTERS = 20 * 4
_BIAS_LAST_QUARTERS = 200 * 4
# Squares of lengths in (mg * 4)^2: no walk has a mean force of 4 g; under 25 mg (free fall) nothing says where up is.
_HIGHEST = 16000 * 16000
_LOWEST = 100 * 100
# The mean force on a wearer is 1 g; the recorded walks stay within 7 % of it. Beyond 25 % the sensor clips or falls, or
# the frame that the gyro should keep is turning.
_LEAST_KNOWN = 3000 * 3000
_MOST_KNOWN = 5000 * 5000


class Attitude:
    """Fields after each push: `up_x`, `up_y`, `up_z` (unit vector to the sky, Q14), `lean_cdeg` (forward +) and
    `side_cdeg` (right +), new every fourth sample; `vertical_mg` (specific force along up, minus 1 g), `forward_mg` and
    `side_mg` (horizontal, along the wearer's forward and left), `yaw_ddps` (turning rate about the vertical, left +),
    `bias_known` (true after the first rest), `up_known` (false while the mean force is not gravity).
    """

    def __init__(self):
        self.up_x = self.up_y = 0
        self.up_z = 1 << 14
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self.vertical_mg = 0
        self.forward_mg = 0
        self.side_mg = 0
        self.yaw_ddps = 0
        self.bias_known = False
        self.up_known = True
        self._rest = RestWindow()
        self._bias_x = self._bias_y = self._bias_z = 0
        self._bias_quarters = _BIAS_FIRST_QUARTERS
        self._x = self._y = 0
        self._z = 1000 << 15
        self._vx = self._vy = self._vz = 0
        self._length = 4000
        self._age = 0
        self._phase = 0

    def restart(self):
        """Forget the direction (not the bias): the next sample starts anew, as after a gap."""
        self._age = 0

    def push(self, ax, ay, az, gx, gy, gz, masked):
        """Take one sample; while `masked` (the motor runs) the accelerometer is not believed."""
        if self._rest.push(ax, ay, az, gx, gy, gz):
            self._learn_at_rest()
        age = self._age
        if age == 0 and not masked:
            age = self._start(ax, ay, az)
        # Rates in radians a sample, Q18; shortened from the third order on so that the angle turned is right.
        wx = (gx * _Q30_PER_DDPS - self._bias_x + 2048) >> 12
        wy = (gy * _Q30_PER_DDPS - self._bias_y + 2048) >> 12
        wz = (gz * _Q30_PER_DDPS - self._bias_z + 2048) >> 12
        sx = (wx + 8) >> 4
        sy = (wy + 8) >> 4
        sz = (wz + 8) >> 4
        third = (sx * sx + sy * sy + sz * sz) // 6 >> 14
        if third:
            wx -= (wx * third) >> 14
            wy -= (wy * third) >> 14
            wz -= (wz * third) >> 14
        # A vector fixed in the world, seen from the turning body: p + p x w + (p x w) x w / 2.
        x = self._x
        y = self._y
        z = self._z
        px = (x + 16384) >> 15
        py = (y + 16384) >> 15
        pz = (z + 16384) >> 15
        cx = (py * wz - pz * wy + 4) >> 3
        cy = (pz * wx - px * wz + 4) >> 3
        cz = (px * wy - py * wx + 4) >> 3
        px = (cx + 1024) >> 11
        py = (cy + 1024) >> 11
        pz = (cz + 1024) >> 11
        x += cx + ((py * sz - pz * sy + 8) >> 4)
        y += cy + ((pz * sx - px * sz + 8) >> 4)
        z += cz + ((px * sy - py * sx + 8) >> 4)
        if age == _TAU_SAMPLES:
            vx = self._vx
            vy = self._vy
            vz = self._vz
            px = (vx + 8192) >> 14
            py = (vy + 8192) >> 14
            pz = (vz + 8192) >> 14
            cx = py * sz - pz * sy
            cy = pz * sx - px * sz
            cz = px * sy - py * sx
            px = (cx + 8192) >> 14
            py = (cy + 8192) >> 14
            pz = (cz + 8192) >> 14
            vx += cx + ((py * sz - pz * sy + 1) >> 1)
            vy += cy + ((pz * sx - px * sz + 1) >> 1)
            vz += cz + ((px * sy - py * sx + 1) >> 1)
            if not masked:
                vx += ((ax << 15) - x) // _SPRING - vx // _DAMPING
                vy += ((ay << 15) - y) // _SPRING - vy // _DAMPING
                vz += ((az << 15) - z) // _SPRING - vz // _DAMPING
                x += vx >> 7
                y += vy >> 7
                z += vz >> 7
            self._vx = vx
            self._vy = vy
            self._vz = vz
        elif not masked:
            # Until one time constant has passed: the mean so far.
            self._age = age = age + 1
            x += ((ax << 15) - x) // age
            y += ((ay << 15) - y) // age
            z += ((az << 15) - z) // age
        self._x = x
        self._y = y
        self._z = z
        self._derive((x + 2048) >> 12, (y + 2048) >> 12, (z + 2048) >> 12, ax, ay, az, gx, gy, gz)

    def _start(self, ax, ay, az):
        """Believe one sample's direction for a start, with the weight of a quarter second; returns the age."""
        force_mg = isqrt(ax * ax + ay * ay + az * az)
        if force_mg:
            self._x = (ax * 1000 // force_mg) << 15
            self._y = (ay * 1000 // force_mg) << 15
            self._z = (az * 1000 // force_mg) << 15
        self._vx = self._vy = self._vz = 0
        self._length = 4000
        return _FIRST_AGE

    def _derive(self, x, y, z, ax, ay, az, gx, gy, gz):
        """The fields, from the filtered force in mg * 8."""
        square = (x >> 1) * (x >> 1) + (y >> 1) * (y >> 1) + (z >> 1) * (z >> 1)
        if square > _HIGHEST:
            self._shrink()
        if square > _LOWEST:
            # One Newton step for the square root a sample is enough, as the length changes slowly.
            self._length = length = (self._length + square // self._length) >> 1
            self.up_x = ux = (x << 13) // length
            self.up_y = uy = (y << 13) // length
            self.up_z = uz = (z << 13) // length
        else:
            ux = self.up_x
            uy = self.up_y
            uz = self.up_z
        total_mg = (ax * ux + ay * uy + az * uz + 8192) >> 14
        self.vertical_mg = total_mg - 1000
        self.forward_mg = ax - ((ux * total_mg + 8192) >> 14)
        self.side_mg = ay - ((uy * total_mg + 8192) >> 14)
        gx -= self._bias_x // _Q30_PER_DDPS
        gy -= self._bias_y // _Q30_PER_DDPS
        gz -= self._bias_z // _Q30_PER_DDPS
        self.yaw_ddps = (gx * ux + gy * uy + gz * uz + 8192) >> 14
        self._phase = phase = self._phase + 1
        if phase & 3 == 1:
            self.lean_cdeg = atan2_cdeg(-ux, uz)
            self.side_cdeg = atan2_cdeg(uy, uz)
            self.up_known = _LEAST_KNOWN < square < _MOST_KNOWN
        if phase == _BIAS_EVERY:
            self._phase = 0
            if self._age == _TAU_SAMPLES:
                self._learn_in_motion()

    def _shrink(self):
        """Take a quarter off a mean force that no walk has, so that no product grows too large."""
        self._x -= self._x >> 2
        self._y -= self._y >> 2
        self._z -= self._z >> 2
        self._vx = self._vy = self._vz = 0

    def _learn_at_rest(self):
        """Adopt the mean rate of a restful window; later windows are averaged in by halves."""
        rest = self._rest
        if rest.rate_span_ddps > _REST_RATE_SPAN_DDPS or rest.force_span_mg > _REST_FORCE_SPAN_MG:
            return
        if max(abs(rest.sum_gx), abs(rest.sum_gy), abs(rest.sum_gz)) > _REST_RATE_LIMIT_DDPS * rest.samples:
            return
        halves = 1 if self.bias_known else 0
        self._bias_x += (rest.sum_gx * _Q30_PER_DDPS // rest.samples - self._bias_x) >> halves
        self._bias_y += (rest.sum_gy * _Q30_PER_DDPS // rest.samples - self._bias_y) >> halves
        self._bias_z += (rest.sum_gz * _Q30_PER_DDPS // rest.samples - self._bias_z) >> halves
        self.bias_known = True
        self._bias_quarters = _BIAS_LAST_QUARTERS

    def _learn_in_motion(self):
        """Up still turning in the frame that the gyro keeps is bias: up x its change, a little of it every time.

        With a mean force of 1 g the product of mg and mg * 2^8 a sample is, but for 3 %, the rate in Q30 times the
        share of a second that 24 samples are. The bias about the vertical stays as it is: nothing is known of it.
        """
        x = (self._x + 16384) >> 15
        y = (self._y + 16384) >> 15
        z = (self._z + 16384) >> 15
        vx = (self._vx + 8192) >> 14
        vy = (self._vy + 8192) >> 14
        vz = (self._vz + 8192) >> 14
        seconds = self._bias_quarters >> 2
        if self._bias_quarters < _BIAS_LAST_QUARTERS:
            self._bias_quarters += 1
        half = seconds >> 1
        self._bias_x = clamp(self._bias_x + (y * vz - z * vy + half) // seconds, -_BIAS_LIMIT, _BIAS_LIMIT)
        self._bias_y = clamp(self._bias_y + (z * vx - x * vz + half) // seconds, -_BIAS_LIMIT, _BIAS_LIMIT)
        self._bias_z = clamp(self._bias_z + (x * vy - y * vx + half) // seconds, -_BIAS_LIMIT, _BIAS_LIMIT)
