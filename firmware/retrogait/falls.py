"""Falls: a hard landing, a body that lies, and stillness. A rule, no alarm: it misses many real falls.

Waist (design/gait.md): over 3 g, within a second a tilt changed by 35 degrees or more, then ten seconds still. Ankle:
ordinary strides peak at 6 to 7 g, so no landing is asked for, but a shank that lies (60 degrees or more off upright)
and is still for ten seconds; sitting with the leg stretched out looks the same, so an ankle's fall is told only when
the wearer walked within the five seconds before. Such rules find about 57 % of real falls (Bagala et al. 2012, PLoS ONE
7:e37062: 13 algorithms on real falls). None was tried on a real fall here. mg, centidegrees, looks (26 a second);
called by the engine.
"""

from array import array

from retrogait.clip_check import tilt_cdeg

_LOOKS_PER_S = 26
_LANDING_MG = 2000
"""Over 3 g, less the 1 g of standing."""

_TILT_CDEG = 3500
_LYING_CDEG = 6000
_STILL_MG = 250
_STILL_LOOKS = 10 * _LOOKS_PER_S
# Whoever fell may roll and reach for a hold first.
_PATIENCE = 40 * _LOOKS_PER_S
_TILT_WITHIN = _LOOKS_PER_S
_WALKED_WITHIN = 5 * _LOOKS_PER_S


class WaistFall:
    """`push` returns True when a fall is certain; `at` is the sample index of its landing.

    `is_down`: a hard landing and a tilt, and nobody has got up yet.
    """

    def __init__(self):
        self.at = 0
        self._tilts = array("h", (0 for _ in range(_TILT_WITHIN)))
        self._count = 0
        self._upright_cdeg = 0
        self._since = -1
        self.is_down = False
        self._still = 0

    def push(self, index, peak_mg, unrest_mg, tilt_cdeg):
        """One look: hardest vertical force since the last (less 1 g), how far it moved, and the tilt off upright."""
        tilts = self._tilts
        place = self._count % _TILT_WITHIN
        before = tilts[place]
        tilts[place] = tilt_cdeg
        self._count = place + 1
        if self._since < 0:
            if peak_mg >= _LANDING_MG:
                self.at = index
                self._since = 0
                self._upright_cdeg = before
                self.is_down = False
                self._still = 0
            return False
        self._since += 1
        if not self.is_down:
            self.is_down = abs(tilt_cdeg - self._upright_cdeg) >= _TILT_CDEG
            if not self.is_down and self._since > _TILT_WITHIN:
                self._since = -1
            return False
        self._still = self._still + 1 if unrest_mg < _STILL_MG else 0
        if self._still >= _STILL_LOOKS or self._since > _PATIENCE:
            self._since = -1
            self.is_down = False
            return self._still >= _STILL_LOOKS
        return False


class AnkleFall:
    """As WaistFall; `at` is the sample index at which the shank came to lie."""

    def __init__(self):
        self.at = 0
        self._lying = 0
        self._since_walk = _WALKED_WITHIN
        self._counts = False

    def push(self, index, unrest_mg, ax, ay, az, is_walking):
        """One look: how far the force moved, the force now (body frame), and whether the wearer walks."""
        self._since_walk = 0 if is_walking else min(self._since_walk + 1, _WALKED_WITHIN)
        if unrest_mg >= _STILL_MG or tilt_cdeg(ax, ay, az) < _LYING_CDEG:
            self._lying = 0
            return False
        if self._lying == 0:
            self.at = index
            self._counts = self._since_walk < _WALKED_WITHIN
        self._lying += 1
        return self._lying == _STILL_LOOKS and self._counts
