"""How far a step went, from the angle through which one shank swings; for a clip above the ankle.

The shank swings with the leg like a pendulum: on the ground it carries the hip over the foot, in the air the foot past
the hip, by about half a stride each. So a stride is taken as 1.07 l a, with l = 0.53 of the body height (Winter 1990)
and a the range of the integrated pitch rate within the stride. The bend of the knee is in the one factor (Aminian et
al. 2002, J Biomech 35:689, measure it with a second sensor on the thigh). No zero-velocity integration: the shank is
never still (design/gait.md). A stride ends as it began, so its mean rate, which holds the gyro's bias, is taken off.

The factor comes from nine optically measured strides of one person (neura; spread 3 %), so the uncertainty is that of
a guess: 25 % until calibrated. On the foot, which is not its place, speed came out 12 % too high (ipol, 10 persons,
spread 15 %). Backward: as in retrogait.distance. Called by retrogait.tally.
"""

from retrogait import const
from retrogait.distance import Distance
from retrogait.history import KEPT, TICK

_UNCALIBRATED = const(25)
# Ticks of a stride: 2.4 to 0.2 a second. 130 degrees are more than a shank swings. A degree is 260 ddps for a tick.
_FEWEST_TICKS = const(11)
_MOST_TICKS = const(128)
_WIDEST = const(130 * 260)
# Half of 1.07 times the angle in radians: 1 / 27846 of ddps for a tick.
_HALF_STRIDE = const(27846)


class AnkleDistance(Distance):
    """history: pitch rate, means of a tick in ddps. Fields as of Distance."""

    def __init__(self, settings, history):
        super().__init__(settings, history, _UNCALIBRATED)

    def _length(self, swing):
        """Length of a step in sixteenths of a mm, from the swing in ddps for a tick."""
        return self._leg * swing // _HALF_STRIDE

    def _measure(self, index, interval):
        """Range of the shank's pitch in the two steps that end at `index`; -1 when it is not known."""
        first, end = (index - 2 * interval) // TICK, index // TICK
        n = end - first
        history = self._history
        if not _FEWEST_TICKS <= n <= _MOST_TICKS or not history.holds(first, end):
            return -1
        rate = history.ring
        mean = 0
        for tick in range(first, end):
            mean += rate[tick % KEPT]
        mean //= n
        angle = low = high = 0
        for tick in range(first, end):
            angle += rate[tick % KEPT] - mean
            low = min(low, angle)
            high = max(high, angle)
        return min(high - low, _WIDEST)
