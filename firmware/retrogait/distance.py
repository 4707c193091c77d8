"""How far a step went, from the rise and fall of the pelvis; distance and speed of the walk.

The leg is an inverted pendulum of length l: while the pelvis rises by h over the standing foot it moves forward by
2 sqrt(2 l h - h^2) (Zijlstra and Hof 2003, Gait Posture 18:1). That alone is too short, and they multiply by 1.25; what
is missing is the way made while both feet stand, which grows with the foot, not with h (Gonzalez et al. 2007, Modified
pendulum model for mean step length estimation, IEEE EMBC). So a step here is

    0.90 * 2 sqrt(2 l h - h^2) + 0.16 l,    l = 0.53 of the body height (Winter 1990)

and 0.16 l is 0.56 of a foot. The factors were fitted with whole persons left out (benchmarks/speed_accuracy.py): the
scale, and of the share on both feet only whether 0, 0.1, 0.15 or 0.2. More of it suits quick walkers, less of it short
steps; from 0.1 to 0.2 little changes. The fourth root of the acceleration's range (Weinberg 2002, AN-602) did as well
on the median and worse on the mean.

h: we depart from the paper, which high-passes the double integral. A step ends as it began, so its mean acceleration
and its mean velocity are taken off instead: no filter, no drift, no start-up, and one hard tread cannot spoil it.

Backward: no measured truth is at hand. Time reversal leaves h and so the length of every step unchanged; the shorter
steps of backward walking (Laufer 2005) show as smaller h. The factor is therefore the same until
`step_backward_permille` is calibrated, and the uncertainty is larger. Known to fail: shuffling in a small space
(strides of 0.2 to 0.7 m) is read 0.3 m a stride too long, and marking time on the spot as short steps.

Lengths in mm, or sixteenths of mm where named; samples; called by retrogait.tally at each STEP event.
"""

from retrogait import const
from retrogait.events import BACKWARD
from retrogait.fixed import isqrt
from retrogait.history import KEPT, TICK

FEWEST_STEPS = 10
"""Under this many steps there is no distance and no speed."""

_USUAL_HEIGHT_CM = const(170)
# Thousandths: share of the pendulum's arc, and of the leg's length for the way on both feet.
_ARC = const(900)
_BOTH_FEET = const(160)
# Uncertainty in percent (design/gait.md), and what is added for an unknown height and for backward without truth.
_CALIBRATED = const(8)
_UNCALIBRATED = const(15)
_MORE = const(5)
_FEWEST_TICKS = const(5)
_MOST_TICKS = const(64)
# 1 mg during a tick squared is 0.014507 mm. As sixteenths of a mm, of a value in sixteenths of that: 951 / 2^16.
_RISE_NUM = const(951)
_RISE_SHIFT = const(12)
_LARGEST = const(1 << 29)


class Distance:
    """history: vertical specific force minus 1 g, means of a tick in mg, at most 4000.

    `total_mm`, of it `backward_mm`; `step_mm` the last step; `steps` how many; `walked_mm` in `walked_samples` while
    in rhythm, from which `speed_mmps`; `uncertainty_percent`.
    """

    def __init__(self, settings, history, uncalibrated_percent=_UNCALIBRATED):
        self.total_mm = 0
        self.backward_mm = 0
        self.step_mm = 0
        self.steps = 0
        self.walked_mm = 0
        self.walked_samples = 0
        self._history = history
        self._settings = settings
        self._uncalibrated = uncalibrated_percent
        self._leg = (settings.height_cm or _USUAL_HEIGHT_CM) * 848 // 10
        self._owed = 0

    def push(self, index, interval, usual, way):
        """A step in direction `way` that ended at sample `index`, `interval` samples (0: unknown) after the one before.

        `usual`: the usual interval, 0 while unknown. Twice the usual time is two steps, one of them missed.
        """
        self.steps += 1
        parts = 2 if usual and 5 * usual < 3 * interval and 5 * interval < 13 * usual else 1
        measured = self._measure(index, interval) if interval else -1
        if measured >= 0:
            settings = self._settings
            factor = settings.step_backward_permille if way == BACKWARD else settings.step_forward_permille
            self.step_mm = (self._length(measured) * factor // 1000 + 8) >> 4
        elif self.step_mm == 0:
            # The first step of all: as long as the next.
            self._owed += 1
            return
        length = self.step_mm * (parts + self._owed)
        self._owed = 0
        self.total_mm = min(_LARGEST, self.total_mm + length)
        if way == BACKWARD:
            self.backward_mm = min(_LARGEST, self.backward_mm + length)
        in_rhythm = not usual or 7 * usual < 10 * interval // parts < 14 * usual
        if measured >= 0 and in_rhythm and self.walked_mm < _LARGEST - 4000:
            self.walked_mm += self.step_mm * parts
            self.walked_samples += interval

    @property
    def known(self):
        """Are there enough steps to say a number?"""
        return self.steps >= FEWEST_STEPS and self.walked_samples > 0

    @property
    def speed_mmps(self):
        """Mean speed while walking in rhythm; 0 while unknown."""
        mm, samples = self.walked_mm, self.walked_samples
        while mm >= 1 << 23:
            mm >>= 1
            samples >>= 1
        return mm * 104 // samples if samples else 0

    @property
    def uncertainty_percent(self):
        """Half-width of what total and speed may be off."""
        settings = self._settings
        backward = 2 * self.backward_mm > self.total_mm
        factor = settings.step_backward_permille if backward else settings.step_forward_permille
        if factor != 1000:
            return _CALIBRATED
        return self._uncalibrated + (0 if settings.height_cm else _MORE) + (_MORE if backward else 0)

    def _length(self, rise):
        """Length of a step whose pelvis rises and falls by `rise`, both in sixteenths of a mm."""
        leg = self._leg
        rise = min(rise, leg >> 1)
        arc = 2 * isqrt(rise * (2 * leg - rise))
        return (arc * _ARC + leg * _BOTH_FEET) // 1000

    def _measure(self, index, interval):
        """Range of the vertical path in the step that ended at `index`, sixteenths of a mm; -1 when it is not known."""
        first, end = (index - interval) // TICK, index // TICK
        n = end - first
        history = self._history
        if not _FEWEST_TICKS <= n <= _MOST_TICKS or not history.holds(first, end):
            return -1
        force = history.ring
        mean = velocity = path = 0
        for tick in range(first, end):
            mean += force[tick % KEPT]
        mean = (mean << 4) // n
        drift = 0
        for tick in range(first, end):
            velocity += (force[tick % KEPT] << 4) - mean
            drift += velocity
        drift //= n
        velocity = low = high = 0
        for tick in range(first, end):
            velocity += (force[tick % KEPT] << 4) - mean
            path += velocity - drift
            low = min(low, path)
            high = max(high, path)
        return (min(high - low, 1 << 20) >> 4) * _RISE_NUM >> _RISE_SHIFT
