"""Which way the wearer walks, from the belt: the feature D of docs/explanation (design figure: gait.md).

Walking backward is close to walking forward run backward in time. Then the fore-aft force keeps its shape and the
vertical force its own, but the rate of change of the vertical force changes sign, and with it the correlation
D = corr(fore-aft force, d(vertical force)/dt) over two seconds: about +0.75 forward, -0.75 backward.
The flip on real backward walking is a prediction of that physics, not yet measured. A clip worn at the front of the
body turns D round as well: the mounting must be right. Noise shows a D by chance, too: where the vertical force is
rougher than any walk's, or moves more, D is not believed. Levels in 1/400 mg at 26 Hz; called by retrogait.waist.
"""

from retrogait import const
from retrogait.boxcar import Boxcar
from retrogait.events import BACKWARD, FORWARD, UNKNOWN
from retrogait.fixed import clamp, isqrt
from retrogait.waist_signal import BACKWARD_WEIGHT, FORWARD_WEIGHT, MG

_WINDOW = const(52)
HALF_WINDOW = 104
"""Half the window, in samples."""

_EVERY = const(4)
_LIMIT_MG = const(1000)
_LEAST_SUM = const(_WINDOW * 8 * 8)
# 0.5 g of change within two ticks (RMS, smoothed): a trunk thrown about so does not walk; walks stay under 0.2 g.
_MOST_SUM = const(_WINDOW * 500 * 500)
# Roughness: the mean change of the vertical force from tick to tick before smoothing, over the RMS of that in two ticks
# after it. White noise has 5.7 on the median and over 4.2 in nine windows of ten; recorded walks (ipol) have 2, and
# over 4.2 in three windows of a thousand. The limit is 4.2, as sum over isqrt of sum: 4.2 * 4 * sqrt(52).
_ROUGHEST = const(121)
# The direction is decided at 50 %. Below 30 % it lives on for two seconds, as in a turn, where D fades; it is dropped
# at once when D has changed its sign beyond that, or nothing moves.
_ENTER_PERCENT = const(50)
_LEAVE_PERCENT = const(30)
_DOUBTS = const(13)


class WaistDirection:
    """`direction` (FORWARD, BACKWARD, UNKNOWN), `d_percent` (100 * D, 0 when nothing moves) and `weight`.

    `weight` follows D as far as D is sure and stays where it is otherwise; it is the sign of the braking term.
    """

    def __init__(self):
        self.direction = UNKNOWN
        self.d_percent = 0
        self.weight = 0
        self._weight_256 = 0
        self._f = Boxcar(_WINDOW)
        self._d = Boxcar(_WINDOW)
        self._fd = Boxcar(_WINDOW)
        self._ff = Boxcar(_WINDOW)
        self._dd = Boxcar(_WINDOW)
        self._rough = Boxcar(_WINDOW // _EVERY)
        self._jolts = 0
        self._unsmoothed_1 = 0
        self._vertical_1 = self._vertical_2 = 0
        self._forward_1 = 0
        self._phase = 0
        self._doubts = 0
        self._fresh = True

    def restart(self):
        """After a gap: forget the window, keep the last sign as a weight for the step signal."""
        self.direction = UNKNOWN
        self.d_percent = 0
        self._fresh = True

    def push(self, vertical, forward, unsmoothed):
        """One tick of the smoothed forces, and the vertical one before smoothing (sum of four samples, mg)."""
        if self._fresh:
            self._fresh = False
            self._vertical_1 = self._vertical_2 = vertical
            self._forward_1 = forward
            self._unsmoothed_1 = unsmoothed
            self._jolts = 0
            self._rough.refill(0)
            self._f.refill(0)
            self._d.refill(0)
            self._fd.refill(0)
            self._ff.refill(0)
            self._dd.refill(0)
        change = clamp((vertical - self._vertical_2) // MG, -_LIMIT_MG, _LIMIT_MG)
        force = clamp(self._forward_1 // MG, -_LIMIT_MG, _LIMIT_MG)
        self._vertical_2 = self._vertical_1
        self._vertical_1 = vertical
        self._forward_1 = forward
        self._jolts += abs(unsmoothed - self._unsmoothed_1)
        self._unsmoothed_1 = unsmoothed
        self._f.push(force)
        self._d.push(change)
        self._fd.push(force * change)
        self._ff.push(force * force)
        self._dd.push(change * change)
        self._phase += 1
        if self._phase == _EVERY:
            self._phase = 0
            self._correlate()
            self._decide()

    def _correlate(self):
        """D in percent from the running sums; none where a force is all but still, or wilder or rougher than a walk."""
        rough = self._rough.push(self._jolts)
        self._jolts = 0
        mean_force = self._f.sum // _WINDOW
        ff = self._ff.sum - mean_force * self._f.sum
        dd = self._dd.sum - (self._d.sum // _WINDOW) * self._d.sum
        if ff < _LEAST_SUM or not _LEAST_SUM <= dd < _MOST_SUM or rough > isqrt(dd) * _ROUGHEST:
            self.d_percent = 0
            return
        fd = self._fd.sum - mean_force * self._d.sum
        self.d_percent = clamp(fd // max(1, isqrt(ff) * isqrt(dd) // 100), -100, 100)

    def _decide(self):
        d = self.d_percent
        size = d if d >= 0 else -d
        if size >= _ENTER_PERCENT:
            self.direction = FORWARD if d > 0 else BACKWARD
            self._doubts = 0
        elif size < _LEAVE_PERCENT and d:
            self._doubts += 1
            if self._doubts > _DOUBTS:
                self.direction = UNKNOWN
        elif d == 0 or (d > 0) != (self.direction == FORWARD):
            self.direction = UNKNOWN
        target = clamp(d * 10, -256, 256)
        self._weight_256 += (target - self._weight_256) * size // 200
        full = FORWARD_WEIGHT if self._weight_256 > 0 else BACKWARD_WEIGHT
        self.weight = (self._weight_256 * full + 128) >> 8
