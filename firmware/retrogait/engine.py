"""The core as the device and the host call it: one constructor, one `push(sample)`, one queue of events.

Two engines with the same face: `WaistEngine` (clip at the back of the belt) and `AnkleEngine` (clip above the outer
ankle). A sample is any indexable of six raw int16 counts (ax, ay, az, gx, gy, gz) at 104 Hz. Nothing is allocated in
`push`, and `index` counts samples since the session began, lost ones included: it is the only clock. Four samples are a
tick: coach and histories look once a tick, the course every second tick.
"""

from retrogait import const
from retrogait.ankle import AnkleGait
from retrogait.ankle_distance import AnkleDistance
from retrogait.attitude import Attitude
from retrogait.clip_check import ClipCheck
from retrogait.coach import Coach
from retrogait.course import LOOK, Course
from retrogait.distance import Distance
from retrogait.evenness import Evenness
from retrogait.events import BACKWARD, BY_FALL, BY_STUMBLE, CLIP_MOVED, FALL, FORWARD, GAP, TURNING, EventQueue
from retrogait.falls import AnkleFall, WaistFall
from retrogait.history import TICK, History
from retrogait.life import COUNTDOWN
from retrogait.scale import Scale
from retrogait.stumble import Stumble
from retrogait.tally import Tally
from retrogait.twist import Twist
from retrogait.variability import Variability
from retrogait.waist import WaistGait

# What the histories can hold: more than walking shows at either place.
_MOST_MG = const(4000)
_MOST_DDPS = const(30000)
# The trunk tips: a stumble or a sudden stop, not a step.
_TIPPING_DDPS = const(1000)
_LONG_AGO = const(-(1 << 20))


class Engine:
    """What both places of the clip have in common.

    settings: retrogait.settings.Settings; mounting: retrogait.mounting.Mounting; ranges in g and degrees per second;
    course: what kind of session, retrogait.course.Course (a walk) or retrogait.trials.Trials (a test).
    Read after a push: `lean_cdeg`, `side_cdeg`, `gait.cadence_dspm`, `gait.state`, `gait.step_count`, `course.life`,
    and the fields of `distance`, `variability` and `evenness`.
    """

    # The two places make these themselves.
    gait: "WaistGait | AnkleGait"
    distance: "Distance | AnkleDistance"

    def __init__(self, settings, mounting, accel_range_g, gyro_range_dps, course):
        self.events = EventQueue()
        self.index = 0
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self.variability = Variability()
        self.evenness = Evenness()
        self.coach = Coach(settings, self.events)
        self.course = course(settings, self.events)
        self._scale = Scale(accel_range_g, gyro_range_dps)
        self._mounting = mounting
        self._check = ClipCheck()

    def finish(self):
        """The session ends here: steps that were still being judged are told now. Returns how many events wait."""
        self.gait.finish()
        return self.events.waiting

    def skip(self, n_samples):
        """Time went on for `n_samples` without data: note the gap, invent nothing."""
        self.events.add(self.index, GAP, n_samples)
        self.index += n_samples
        self._restart(n_samples)
        self.course.skip(n_samples)
        self.coach.forget()

    def _restart(self, n_samples):
        """Forget what a gap of `n_samples` makes worthless; each place has its own."""

    def _follow(self, index, tipped_index):
        """The course of the session, and what the clip's seat is worth at its beginning."""
        course = self.course
        gait = self.gait
        counting_down = course.life.state == COUNTDOWN
        course.look(index, gait.state, gait.step_count, self.distance.total_mm, tipped_index)
        if counting_down:
            body = self._mounting
            self._check.push(body.ax, body.ay, body.az)
            if course.life.state != COUNTDOWN and self._check.is_moved():
                self.events.add(index, CLIP_MOVED, self._check.tilt_cdeg // 100)
                course.abandon(index)
        if course.felt_ms:
            self.coach.cueing.mask(index, course.felt_ms)
            course.felt_ms = 0

    def _fell(self, index, landed):
        """A fall is certain."""
        self.events.add(landed, FALL)
        self.course.pause(index, BY_FALL, self.gait.step_count)


class WaistEngine(Engine):
    """Attitude, steps, direction, turns, distance, twist, stumbles, falls and coach for a clip at the waist.

    Beside what Engine says: `stumble`, `twist`, `attitude`.
    """

    gait: WaistGait

    def __init__(self, settings, mounting, accel_range_g, gyro_range_dps, course: type = Course):
        super().__init__(settings, mounting, accel_range_g, gyro_range_dps, course)
        self.attitude = Attitude()
        self._rise = History(_MOST_MG)
        self._tipping = History(_MOST_DDPS)
        # Sums of the tick under way; after a gap it may lack its first samples.
        self._vertical = self._forward = self._yaw = 0
        self._lacking = 0
        self._peak = self._last_mg = 0
        self._tipped_index = _LONG_AGO
        self._stumbles = 0
        self._fall = WaistFall()
        self.distance = Distance(settings, self._rise)
        self.stumble = Stumble(self._tipping, self.events)
        self.twist = Twist()
        self.gait = WaistGait(Tally(self.events, self.variability, self.evenness, self.distance, self.stumble))

    def push(self, sample):
        """Take the next sample and return how many events wait in `events`."""
        index = self.index
        body = self._mounting
        body.rotate(self._scale, sample)
        attitude = self.attitude
        attitude.push(body.ax, body.ay, body.az, body.gx, body.gy, body.gz, self.coach.cueing.masked)
        vertical = attitude.vertical_mg
        self._vertical += vertical
        self._forward += attitude.forward_mg
        self._yaw += attitude.yaw_ddps
        if vertical > self._peak:
            self._peak = vertical
        if index % TICK == TICK - 1:
            self._tick(index)
        self.index = index + 1
        return self.events.waiting

    def _restart(self, n_samples):
        self.attitude.restart()
        self._rise.restart(self.index)
        self._tipping.restart(self.index)
        self._vertical = self._forward = self._yaw = self._peak = 0
        self._lacking = self.index % TICK
        self.twist.restart()

    def _tick(self, index):
        attitude = self.attitude
        body = self._mounting
        gait = self.gait
        vertical, forward, yaw = self._vertical, self._forward, self._yaw
        if self._lacking:
            n = TICK - self._lacking
            vertical, forward, yaw = vertical * TICK // n, forward * TICK // n, yaw * TICK // n
            self._lacking = 0
        self._vertical = self._forward = self._yaw = 0
        gait.up_known = attitude.up_known
        gait.push(index, vertical, forward, yaw)
        self.lean_cdeg = lean = attitude.lean_cdeg
        self.side_cdeg = side = attitude.side_cdeg
        self._rise.push(index, vertical // TICK)
        tipping = max(abs(body.gx), abs(body.gy))
        self._tipping.push(index, tipping)
        if tipping > _TIPPING_DDPS:
            self._tipped_index = index
        twist = self.twist
        twist.push(attitude.yaw_ddps, gait.state == TURNING)
        moved = abs(attitude.vertical_mg - self._last_mg)
        self._last_mg = attitude.vertical_mg
        if self._fall.push(index, self._peak, moved, max(abs(lean), abs(side))):
            self._fell(index, self._fall.at)
        self._peak = 0
        if index % LOOK == LOOK - 1:
            self._follow(index, self._tipped_index)
        coach = self.coach
        if self.stumble.count != self._stumbles:
            self._stumbles = self.stumble.count
            coach.cueing.stumble(index)
            self.course.pause(index, BY_STUMBLE, gait.step_count)
        if self.course.is_exercise and not self._fall.is_down:
            coach.look(index, gait.state, gait.cadence_dspm, lean, side, twist.degrees, self.evenness.cv_permille)
        else:
            coach.rest(index)


class AnkleEngine(Engine):
    """Steps, direction, distance, falls and pace coach for a clip at the ankle; no lean, twist or stumble there.

    As Engine says; `lean_cdeg` and `side_cdeg` stay 0.
    """

    gait: AnkleGait

    def __init__(self, settings, mounting, accel_range_g, gyro_range_dps, course: type = Course):
        super().__init__(settings, mounting, accel_range_g, gyro_range_dps, course)
        self._swing = History(_MOST_DDPS)
        self._pitch = 0
        self._last_mg = 0
        self._fall = AnkleFall()
        self.distance = AnkleDistance(settings, self._swing)
        self.gait = AnkleGait(Tally(self.events, self.variability, self.evenness, self.distance, None))

    def push(self, sample):
        """Take the next sample and return how many events wait in `events`."""
        index = self.index
        body = self._mounting
        body.rotate(self._scale, sample)
        self.gait.push(index, body.ax, body.ay, body.az, body.gx, body.gy, body.gz)
        self._pitch += body.gy
        if index % TICK == TICK - 1:
            self._tick(index)
        self.index = index + 1
        return self.events.waiting

    def _restart(self, n_samples):
        self.gait.skip(n_samples)
        self._swing.restart(self.index)
        self._pitch = 0

    def _tick(self, index):
        body = self._mounting
        gait = self.gait
        self._swing.push(index, self._pitch // TICK)
        self._pitch = 0
        moved = abs(body.az - self._last_mg)
        self._last_mg = body.az
        walking = gait.state == BACKWARD or gait.state == FORWARD
        if self._fall.push(index, moved, body.ax, body.ay, body.az, walking):
            self._fell(index, self._fall.at)
        if index % LOOK == LOOK - 1:
            self._follow(index, _LONG_AGO)
        if self.course.is_exercise:
            self.coach.look(index, gait.state, gait.cadence_dspm, 0, 0, 0, self.evenness.cv_permille)
        else:
            self.coach.rest(index)
