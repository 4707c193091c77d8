"""The core as the device and the host call it: one constructor, one `push(sample)`, one queue of events.

Two engines with the same face: `WaistEngine` (clip at the back of the belt) and `AnkleEngine` (clip above the outer
ankle). A sample is any indexable of six raw int16 counts (ax, ay, az, gx, gy, gz) at 104 Hz. Nothing is allocated in
`push`, and `index` counts samples since the session began, lost ones included: it is the only clock.
"""

from retrogait.ankle import AnkleGait
from retrogait.ankle_distance import AnkleDistance
from retrogait.attitude import Attitude
from retrogait.coach import Coach
from retrogait.distance import Distance
from retrogait.events import GAP, TURNING, EventQueue
from retrogait.history import TICK, History
from retrogait.scale import Scale
from retrogait.stumble import Stumble
from retrogait.tally import Tally
from retrogait.twist import Twist
from retrogait.variability import Variability
from retrogait.waist import WaistGait

# What the histories can hold: more than walking shows at either place.
_MOST_MG = 4000
_MOST_DDPS = 30000


class WaistEngine:
    """Attitude, steps, direction, turns, distance, twist, stumbles and coach for a clip at the waist.

    settings: retrogait.settings.Settings; mounting: retrogait.mounting.Mounting; ranges in g and degrees per second.
    Read after a push: `lean_cdeg`, `side_cdeg`, `gait.cadence_dspm`, `gait.state`, `gait.step_count`,
    and the fields of `distance`, `variability`, `stumble` and `twist`.
    """

    def __init__(self, settings, mounting, accel_range_g, gyro_range_dps):
        self.events = EventQueue()
        self.index = 0
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self._scale = Scale(accel_range_g, gyro_range_dps)
        self._mounting = mounting
        self._attitude = Attitude()
        self._rise = History(_MOST_MG)
        self._tipping = History(_MOST_DDPS)
        self._vertical = 0
        self.distance = Distance(settings, self._rise)
        self.variability = Variability()
        self.stumble = Stumble(self._tipping, self.events)
        self.twist = Twist()
        self.gait = WaistGait(Tally(self.events, self.variability, self.distance, self.stumble))
        self.coach = Coach(settings, self.events)

    def push(self, sample):
        """Take the next sample and return how many events wait in `events`."""
        index = self.index
        body = self._mounting
        body.rotate(self._scale, sample)
        attitude = self._attitude
        masked = self.coach.masked
        attitude.push(body.ax, body.ay, body.az, body.gx, body.gy, body.gz, masked)
        self.lean_cdeg = attitude.lean_cdeg
        self.side_cdeg = attitude.side_cdeg
        gait = self.gait
        gait.up_known = attitude.up_known
        gait.push(index, attitude.vertical_mg, attitude.forward_mg, attitude.yaw_ddps)
        self.coach.push(index, gait.state, gait.cadence_dspm, attitude.lean_cdeg, attitude.side_cdeg)
        self._vertical += attitude.vertical_mg
        if index % TICK == TICK - 1:
            self._rise.push(index, self._vertical // TICK)
            self._vertical = 0
            self._tipping.push(index, max(abs(body.gx), abs(body.gy)))
            self.twist.push(attitude.yaw_ddps, gait.state == TURNING)
        self.index = index + 1
        return self.events.waiting

    def skip(self, n_samples):
        """Time went on for `n_samples` without data: note the gap, invent nothing."""
        self.events.add(self.index, GAP, n_samples)
        self.index += n_samples
        self._attitude.restart()
        self._rise.restart(self.index)
        self._tipping.restart(self.index)
        self._vertical = 0
        self.twist.restart()
        self.gait.skip(n_samples)
        self.coach.skip(n_samples)

    def finish(self):
        """The session ends here: steps that were still being judged are told now. Returns how many events wait."""
        self.gait.finish()
        return self.events.waiting


class AnkleEngine:
    """Steps, direction, distance and pace coach for a clip at the ankle; no lean, twist or stumble there.

    Arguments and reading as for WaistEngine; `lean_cdeg` and `side_cdeg` stay 0.
    """

    def __init__(self, settings, mounting, accel_range_g, gyro_range_dps):
        self.events = EventQueue()
        self.index = 0
        self.lean_cdeg = 0
        self.side_cdeg = 0
        self._scale = Scale(accel_range_g, gyro_range_dps)
        self._mounting = mounting
        self._swing = History(_MOST_DDPS)
        self._pitch = 0
        self.distance = AnkleDistance(settings, self._swing)
        self.variability = Variability()
        self.gait = AnkleGait(Tally(self.events, self.variability, self.distance, None))
        self.coach = Coach(settings, self.events)

    def push(self, sample):
        """Take the next sample and return how many events wait in `events`."""
        index = self.index
        body = self._mounting
        body.rotate(self._scale, sample)
        gait = self.gait
        gait.push(index, body.ax, body.ay, body.az, body.gx, body.gy, body.gz)
        self.coach.push(index, gait.state, gait.cadence_dspm, 0, 0)
        self._pitch += body.gy
        if index % TICK == TICK - 1:
            self._swing.push(index, self._pitch // TICK)
            self._pitch = 0
        self.index = index + 1
        return self.events.waiting

    def skip(self, n_samples):
        """Time went on for `n_samples` without data: note the gap, invent nothing."""
        self.events.add(self.index, GAP, n_samples)
        self.index += n_samples
        self._swing.restart(self.index)
        self._pitch = 0
        self.gait.skip(n_samples)
        self.coach.skip(n_samples)

    def finish(self):
        """The session ends here: steps that were still being judged are told now. Returns how many events wait."""
        self.gait.finish()
        return self.events.waiting
