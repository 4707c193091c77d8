"""Gait at the ankle: steps, direction, cadence and turns of the walker from a clip on one leg. Composition only.

Body frame X forward, Y left, Z up of the wearer standing; specific force in mg (not needed: the shank is never still
enough to learn from it), angular rate in ddps. Called once a sample by retrogait.engine.

One clip sees one leg. Each stride of it gives a STEP event at its contact; when the stride before it is near enough in
time, a STEP of the other leg is inferred halfway between the two contacts, and both carry half the stride as interval.
`step_count` counts both feet. The other foot's step before the first and after the last contact is not invented. The
strides themselves come from ankle_strides, their direction, which may come up to 2.5 s later, from ankle_direction.
"""

from retrogait.ankle_direction import AnkleDirection
from retrogait.ankle_strides import AnkleStrides
from retrogait.ankle_turns import AnkleTurns
from retrogait.events import STATE, STEP, STILL, TURNING, UNKNOWN
from retrogait.median import Median

# 19 steps a minute of both feet: slower is standing with a foot moved now and then.
_LONGEST_STRIDE = 650
# A stride is late, and the walk over, when it takes 1.75 times the last one, but not before 2 s.
_SHORTEST_PATIENCE = 208
_HOLD = 260
# Lost radio or FIFO packets up to 0.12 s are bridged by the last rate: no swing hides in there.
_BRIDGE = 12
# Steps a minute of both feet in tenths, times samples of a stride: 2 * 60 * 104 * 10.
_DSPM_SAMPLES = 124800
_CADENCE_OF = 3


class AnkleGait:
    """events: the EventQueue that gets STEP, STATE and TURN.

    Read after a push: `state` (a code of retrogait.events), `cadence_dspm` (0 when not walking or unknown) and
    `step_count` (both feet).
    """

    def __init__(self, events):
        self.state = STILL
        self.cadence_dspm = 0
        self.step_count = 0
        self._events = events
        self._strides = AnkleStrides()
        self._direction = AnkleDirection()
        self._turns = AnkleTurns(events)
        self._intervals = Median(_CADENCE_OF)
        self._index = -1
        self._gx = self._gy = self._gz = 0
        self._walking = False
        self._known_to = -1
        self._last_contact = -_LONGEST_STRIDE
        self._patience = 0
        self._wake = 1 << 29

    def push(self, index, ax, ay, az, gx, gy, gz):
        """Take sample number `index`: specific force (mg) and angular rate (ddps) in the body frame."""
        self._index = index
        self._gx = gx
        self._gy = gy
        self._gz = gz
        turned = self._turns.push(index, gz)
        strode = self._strides.push(gx, gy, gz)
        if strode:
            self._stride(index - self._strides.contact_age)
        if index >= self._wake:
            self._wait_over(index)
        if strode or turned:
            self._publish()
