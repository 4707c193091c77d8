"""Which way is up: the specific force, averaged in a frame that the gyro keeps from turning, and what follows from it.

The principle of VQF (Laidig & Seel 2023): the to and fro of walking is an acceleration that averages out over some
seconds only in a frame that does not turn with the wearer, so the specific force is low-pass filtered there (second
order, Butterworth, time constant 3 s) and its direction is up. We depart in three ways: no quaternion is kept, for the
two states of the filter are themselves turned back by the gyro at each sample, which is the same filter seen from the
turning body; the gyro's bias in motion is followed by an integral whose gain falls as a Kalman filter's would; and all
is integer.
Frame and signs: docs/reference/frames.md. Input mg and ddps in the wearer's frame at 104 Hz; called by the engine.
"""

from retrogait import const
from retrogait.fixed import atan2_cdeg, clamp, isqrt
from retrogait.rest import RestWindow

# The filter is the spring y" = 2 (force - y) / tau^2 - 2 y' / tau. Its `y` is held in mg * 2^15, its `v` (y' a sample)
# in mg * 2^22: 2^7 * 2 / 312^2 is 1 / 380. Bounds: |rate| a sample < 0.6 (2,000 dps on every axis), |y| < 5.2 g.
_TAU_SAMPLES = const(312)
_SPRING = const(380)
_DAMPING = const(156)
_FIRST_AGE = const(26)
# Radians a sample in Q30 are ddps * 18020. The bias is held so, and limited to 10 dps.
_Q30_PER_DDPS = const(18020)
_REST_RATE_LIMIT_DDPS = const(100)
_BIAS_LIMIT = const(_REST_RATE_LIMIT_DDPS * _Q30_PER_DDPS)
_REST_RATE_SPAN_DDPS = const(40)
_REST_FORCE_SPAN_MG = const(60)
# Every 24 samples (a quarter of a second) the bias in motion is followed, with a time constant, counted in these
# quarters, that grows with the time in motion and is at its longest after a rest.
_BIAS_EVERY = const(24)
_BIAS_FIRST_QUARTERS = const(20 * 4)
_BIAS_LAST_QUARTERS = const(200 * 4)
# Squares of lengths in (mg * 4)^2: no walk has a mean force of 4 g; under 25 mg (free fall) nothing says where up is.
_HIGHEST = const(16000 * 16000)
_LOWEST = const(100 * 100)
# The mean force on a wearer is 1 g; the recorded walks stay within 7 % of it. Beyond 25 % the sensor clips or falls, or
# the frame that the gyro should keep is turning.
_LEAST_KNOWN = const(3000 * 3000)
_MOST_KNOWN = const(5000 * 5000)


class Attitude:
    """Fields after each push: `up_x`, `up_y`, `up_z` (unit vector to the sky, Q14), `lean_cdeg` (forward +) and
    `side_cdeg` (right +), new every fourth sample; `vertical_mg` (specific force along up, minus 1 g), `forward_mg`
    (horizontal, along the wearer's forward), `yaw_ddps` (turning rate about the vertical, left +),
    `bias_known` (true after the first rest), `up_known` (false while the mean force is not gravity).
    """

    def __init__(self):
        self.up_x = self.up_y = 0
        self.up_z = 1 << 14
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self.vertical_mg = 0
        self.forward_mg = 0
        self.yaw_ddps = 0
        self.bias_known = False
        self.up_known = True
        self._rest = RestWindow(_REST_RATE_SPAN_DDPS, _REST_FORCE_SPAN_MG)
        # The bias in Q30, and in ddps.
        self._bias_x = self._bias_y = self._bias_z = 0
        self._drift_x = self._drift_y = self._drift_z = 0
        self._bias_quarters = _BIAS_FIRST_QUARTERS
        self._x = self._y = 0
        self._z = 1000 << 15
        self._vx = self._vy = self._vz = 0
        self._length = 4000
        self._age = 0
        self._phase = 0
        self._ax = self._ay = self._az = 0
        self._gx = self._gy = self._gz = 0
        self._masked = False
        self._filter = self._run()

    def restart(self):
        """Forget the direction (not the bias): the next sample starts anew, as after a gap."""
        self._age = 0

    def push(self, ax, ay, az, gx, gy, gz, masked):
        """Take one sample; while `masked` (the motor runs) the accelerometer is not believed."""
        self._ax = ax
        self._ay = ay
        self._az = az
        self._gx = gx
        self._gy = gy
        self._gz = gz
        self._masked = masked
        next(self._filter)

    def _run(self):
        """One sample a step. A generator, because its frame is made once: that of a call, too large for MicroPython's
        stack, would be looked for on the heap 104 times a second.
        """
        while True:
            ax = self._ax
            ay = self._ay
            az = self._az
            gx = self._gx
            gy = self._gy
            gz = self._gz
            masked = self._masked
            if self._rest.push(ax, ay, az, gx, gy, gz):
                self._learn_at_rest()
            age = self._age
            if age == 0 and not masked:
                age = self._start(ax, ay, az)
            # Rates in radians a sample, Q18 and Q14.
            wx = (gx * _Q30_PER_DDPS - self._bias_x + 2048) >> 12
            wy = (gy * _Q30_PER_DDPS - self._bias_y + 2048) >> 12
            wz = (gz * _Q30_PER_DDPS - self._bias_z + 2048) >> 12
            sx = (wx + 8) >> 4
            sy = (wy + 8) >> 4
            sz = (wz + 8) >> 4
            # A vector fixed in the world, seen from the turning body: p + (p + p x w / 2) x w.
            x = self._x
            y = self._y
            z = self._z
            px = (x + 16384) >> 15
            py = (y + 16384) >> 15
            pz = (z + 16384) >> 15
            qx = px + ((py * wz - pz * wy + 262144) >> 19)
            qy = py + ((pz * wx - px * wz + 262144) >> 19)
            qz = pz + ((px * wy - py * wx + 262144) >> 19)
            # Shortened from the third order on, so that the angle turned is right (to w^5 / 20).
            third = (sx * sx + sy * sy + sz * sz) // 6 >> 14
            if third:
                wx -= (wx * third) >> 14
                wy -= (wy * third) >> 14
                wz -= (wz * third) >> 14
            x += (qy * wz - qz * wy + 4) >> 3
            y += (qz * wx - qx * wz + 4) >> 3
            z += (qx * wy - qy * wx + 4) >> 3
            if age == _TAU_SAMPLES:
                vx = self._vx
                vy = self._vy
                vz = self._vz
                px = (vx + 8192) >> 14
                py = (vy + 8192) >> 14
                pz = (vz + 8192) >> 14
                qx = px + ((py * sz - pz * sy + 16384) >> 15)
                qy = py + ((pz * sx - px * sz + 16384) >> 15)
                qz = pz + ((px * sy - py * sx + 16384) >> 15)
                vx += qy * sz - qz * sy
                vy += qz * sx - qx * sz
                vz += qx * sy - qy * sx
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
            # The fields, from the filtered force in mg * 4.
            x = (x + 4096) >> 13
            y = (y + 4096) >> 13
            z = (z + 4096) >> 13
            square = x * x + y * y + z * z
            if square > _HIGHEST:
                self._shrink()
            if square > _LOWEST:
                # One Newton step for the square root a sample is enough, as the length changes slowly.
                self._length = length = (self._length + square // self._length) >> 1
                self.up_x = x = (x << 14) // length
                self.up_y = y = (y << 14) // length
                self.up_z = z = (z << 14) // length
            else:
                x = self.up_x
                y = self.up_y
                z = self.up_z
            total_mg = (ax * x + ay * y + az * z + 8192) >> 14
            self.vertical_mg = total_mg - 1000
            self.forward_mg = ax - ((x * total_mg + 8192) >> 14)
            self.yaw_ddps = (
                (gx - self._drift_x) * x + (gy - self._drift_y) * y + (gz - self._drift_z) * z + 8192
            ) >> 14
            self._phase = phase = self._phase + 1
            if phase & 3 == 1:
                self.lean_cdeg = atan2_cdeg(-x, z)
                self.side_cdeg = atan2_cdeg(y, z)
                self.up_known = _LEAST_KNOWN < square < _MOST_KNOWN
            elif phase == _BIAS_EVERY:
                self._phase = 0
                self._learn_in_motion()
            yield

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

    def _shrink(self):
        """Take a quarter off a mean force that no walk has, so that no product grows too large."""
        self._x -= self._x >> 2
        self._y -= self._y >> 2
        self._z -= self._z >> 2
        self._vx = self._vy = self._vz = 0

    def _learn_at_rest(self):
        """Adopt the mean rate of a restful window; later windows are averaged in by halves."""
        rest = self._rest
        if max(abs(rest.sum_gx), abs(rest.sum_gy), abs(rest.sum_gz)) > _REST_RATE_LIMIT_DDPS * rest.samples:
            return
        halves = 1 if self.bias_known else 0
        self._add_to_bias(
            (rest.sum_gx * _Q30_PER_DDPS // rest.samples - self._bias_x) >> halves,
            (rest.sum_gy * _Q30_PER_DDPS // rest.samples - self._bias_y) >> halves,
            (rest.sum_gz * _Q30_PER_DDPS // rest.samples - self._bias_z) >> halves,
        )
        self.bias_known = True
        self._bias_quarters = _BIAS_LAST_QUARTERS

    def _learn_in_motion(self):
        """Up still turning in the frame that the gyro keeps is bias: up x its change, a little of it every time.

        With a mean force of 1 g the product of mg and mg * 2^8 a sample is, but for 3 %, the rate in Q30 times the
        share of a second that 24 samples are. The bias about the vertical stays as it is: nothing is known of it.
        """
        if self._age < _TAU_SAMPLES:
            return
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
        self._add_to_bias(
            (y * vz - z * vy + half) // seconds,
            (z * vx - x * vz + half) // seconds,
            (x * vy - y * vx + half) // seconds,
        )

    def _add_to_bias(self, x, y, z):
        """Change the bias by this, radians a sample in Q30."""
        self._bias_x = x = clamp(self._bias_x + x, -_BIAS_LIMIT, _BIAS_LIMIT)
        self._bias_y = y = clamp(self._bias_y + y, -_BIAS_LIMIT, _BIAS_LIMIT)
        self._bias_z = z = clamp(self._bias_z + z, -_BIAS_LIMIT, _BIAS_LIMIT)
        self._drift_x = x // _Q30_PER_DDPS
        self._drift_y = y // _Q30_PER_DDPS
        self._drift_z = z // _Q30_PER_DDPS
