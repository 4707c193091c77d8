"""Calibration by touch: stand still, then bow forward (waist) or walk a few steps forward (ankle); ten seconds.

Standing gives up, stillness, noise and gyro bias; the bow gives the pitch axis and which way is forward, whatever
way the clip sits. At the ankle the swing of the leg does what the bow does at the waist. `push` raw samples at 104 Hz;
after each, `phase` says where we are and `reason` why it failed. The app does the buzzing. Runs once, may allocate.
"""

from retrogait import const
from retrogait.fixed import isqrt
from retrogait.mounting import Mounting, cross, dot, orthogonal, unit
from retrogait.rest import RestWindow
from retrogait.scale import Scale

STAND = 1
MOVE = 2
PASSED = 3
FAILED = 4
PHASE_NAMES = ("", "stand", "move", "passed", "failed")

_STILL_WINDOWS = const(6)
_STAND_LIMIT = const(15 * 104)
_MOVE_LIMIT = const(8 * 104)
_RATE_SPAN_DDPS = const(150)
_FORCE_SPAN_MG = const(150)
# The LSM6DSOX is at rest within 1 deg/s (data sheet, typical), and a standing body hardly turns.
_BIAS_LIMIT_DDPS = const(40)
_FULL_SCALE = const(32767)
# Degrees of the bow, in tenths; back up means less than half of the deepest.
_BOW_LEAST_DDEG = const(100)
_BOW_MOST_DDEG = const(900)
_SWING_LEAST_DDPS = const(600)
_SWING_SAMPLES = const(40)


class Calibration:
    """mount: "waist" or "ankle"; ranges of the IMU. After PASSED, `mounting` holds the result.

    `bias_ddps` is the gyro's bias in the sensor's axes and `noise_mg` the span of specific force at rest. Reasons:
    not_still, gravity_off, gyro_off, sensor_frozen, no_motion, twisted, out_of_range.
    """

    def __init__(self, mount, accel_range_g, gyro_range_dps):
        self.phase = STAND
        self.reason = ""
        self.mounting = None
        self.bias_ddps = (0, 0, 0)
        self.noise_mg = 0
        self._scale = Scale(accel_range_g, gyro_range_dps)
        self._rest = RestWindow(_RATE_SPAN_DDPS, _FORCE_SPAN_MG)
        self._motion = Bow() if mount == "waist" else Swings()
        self._age = 0
        self._windows = 0
        self._force = [0, 0, 0]
        self._rate = [0, 0, 0]

    def push(self, sample):
        """Take one raw sample; returns the phase after it."""
        if self.phase in (PASSED, FAILED):
            return self.phase
        if max(sample) >= _FULL_SCALE or min(sample) < -_FULL_SCALE:
            self._fail("out_of_range")
            return self.phase
        scale = self._scale
        self._age += 1
        force = (scale.mg(sample[0]), scale.mg(sample[1]), scale.mg(sample[2]))
        rate = (scale.ddps(sample[3]), scale.ddps(sample[4]), scale.ddps(sample[5]))
        if self.phase == STAND:
            self._stand(force, rate)
        else:
            self._move(rate)
        return self.phase

    def _fail(self, reason):
        self.reason = reason
        self.phase = FAILED

    def _stand(self, force, rate):
        rest = self._rest
        if rest.push(force[0], force[1], force[2], rate[0], rate[1], rate[2]):
            self._windows += 1
            for axis, total in enumerate((rest.sum_ax, rest.sum_ay, rest.sum_az)):
                self._force[axis] += total
            for axis, total in enumerate((rest.sum_gx, rest.sum_gy, rest.sum_gz)):
                self._rate[axis] += total
            self.noise_mg = max(self.noise_mg, rest.force_span_mg)
            if self._windows == _STILL_WINDOWS:
                self._check_stance()
                return
        elif not rest.still:
            self._windows = 0
            self._force = [0, 0, 0]
            self._rate = [0, 0, 0]
            self.noise_mg = 0
        if self._age >= _STAND_LIMIT:
            self._fail("not_still")

    def _check_stance(self):
        n = _STILL_WINDOWS * self._rest.samples
        force = [total // n for total in self._force]
        self.bias_ddps = tuple(total // n for total in self._rate)
        gravity_mg = isqrt(force[0] * force[0] + force[1] * force[1] + force[2] * force[2])
        if not 900 <= gravity_mg <= 1100:
            self._fail("gravity_off")
        elif max(abs(value) for value in self.bias_ddps) > _BIAS_LIMIT_DDPS:
            self._fail("gyro_off")
        elif self.noise_mg == 0:
            self._fail("sensor_frozen")
        else:
            self.phase = MOVE
            self._age = 0

    def _move(self, rate):
        bias = self.bias_ddps
        motion = self._motion
        if motion.push(rate[0] - bias[0], rate[1] - bias[1], rate[2] - bias[2]):
            self._solve(motion.pitch_axis())
        elif self._age >= _MOVE_LIMIT:
            self._fail("no_motion")

    def _solve(self, pitch):
        """Z from gravity, Y from the pitch axis made level, X = Y x Z."""
        z = unit(self._force[0], self._force[1], self._force[2])
        tilt = dot(pitch, z)
        if abs(tilt) > 1 << 13:
            self._fail("twisted")
            return
        y = orthogonal(pitch, z)
        self.mounting = Mounting.from_rows(cross(y, z), y, z)
        self.phase = PASSED


class Bow:
    """The axis of a bow: the gyro summed from upright to the deepest point (ddps in the sensor's axes)."""

    def __init__(self):
        self._sum = [0, 0, 0]
        self._deepest = (0, 0, 0)
        self._deepest_ddeg = 0

    def push(self, gx, gy, gz):
        """Take one rate; True when the wearer has bowed and is coming up again."""
        total = self._sum
        total[0] += gx
        total[1] += gy
        total[2] += gz
        ddeg = [min(max(value // 104, -9000), 9000) for value in total]
        depth = isqrt(ddeg[0] * ddeg[0] + ddeg[1] * ddeg[1] + ddeg[2] * ddeg[2])
        if depth > self._deepest_ddeg:
            self._deepest_ddeg = depth
            self._deepest = tuple(total)
        return _BOW_LEAST_DDEG <= self._deepest_ddeg <= _BOW_MOST_DDEG and depth * 2 < self._deepest_ddeg

    def pitch_axis(self):
        """Unit vector (Q14) about which a forward bow turns: the wearer's left."""
        return unit(self._deepest[0], self._deepest[1], self._deepest[2])


class Swings:
    """The axis of forward swings of the leg: the sum of all fast rates, turned to agree with the fastest seen."""

    def __init__(self):
        self._sum = [0, 0, 0]
        self._fastest = (0, 0, 0)
        self._fastest_ddps = 0
        self._samples = 0

    def push(self, gx, gy, gz):
        """Take one rate; True after some four swings' worth of fast samples."""
        speed = isqrt((gx >> 1) * (gx >> 1) + (gy >> 1) * (gy >> 1) + (gz >> 1) * (gz >> 1)) << 1
        if speed < _SWING_LEAST_DDPS:
            return self._samples >= _SWING_SAMPLES
        fastest = self._fastest
        if speed > self._fastest_ddps:
            if (gx >> 2) * (fastest[0] >> 2) + (gy >> 2) * (fastest[1] >> 2) + (gz >> 2) * (fastest[2] >> 2) < 0:
                self._sum = [0, 0, 0]
                self._samples = 0
            self._fastest_ddps = speed
            self._fastest = fastest = (gx, gy, gz)
        if (gx >> 2) * (fastest[0] >> 2) + (gy >> 2) * (fastest[1] >> 2) + (gz >> 2) * (fastest[2] >> 2) > 0:
            self._sum[0] += gx
            self._sum[1] += gy
            self._sum[2] += gz
            self._samples += 1
        return False

    def pitch_axis(self):
        """Unit vector (Q14) to the wearer's left: a forward swing turns the shank about the right."""
        return unit(-self._sum[0], -self._sum[1], -self._sum[2])
