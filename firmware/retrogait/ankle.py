"""Gait at the ankle: steps, direction, cadence and turns of the walker from a clip on one leg. Composition only.

Body frame X forward, Y left, Z up of the wearer standing; specific force in mg (only its mean along the leg is used:
the shank is never still enough to learn more from it), angular rate in ddps. Called once a sample by retrogait.engine.

One clip sees one leg. Each stride of it gives a STEP event at its contact; when the stride before it is near enough in
time, a STEP of the other leg is inferred halfway between the two contacts, and both carry half the stride as interval.
`step_count` counts both feet. The other foot's step before the first and after the last contact is not invented. The
strides themselves come from ankle_strides, their direction, which may come up to 9 s later, from ankle_direction.
"""

from retrogait import const
from retrogait.ankle_direction import AnkleDirection
from retrogait.ankle_strides import AnkleStrides
from retrogait.ankle_turns import AnkleTurns
from retrogait.cadence import Cadence
from retrogait.events import STATE, STEP, STILL, TURNING, UNKNOWN
from retrogait.fixed import clamp

# 17 steps a minute of both feet: slower is standing with a foot moved now and then.
_LONGEST_STRIDE = const(728)
# A walk is over when the next stride takes 1.75 times the last one, but not before 2 s.
_SHORTEST_PATIENCE = const(208)
# A stride waits for the next as long as one may take; with the time to tell that, a contact is told 9 s late at most.
_HOLD = const(_LONGEST_STRIDE)
# Lost packets up to 0.17 s are bridged by a straight line: no swing hides in there.
_BRIDGE = const(18)
# A leg that walks stands: with what the swing adds it carries at least 0.92 g along itself on average (ipol, neura, and
# the walking model). Under 0.75 g (41 degrees aslant) the leg lies, is crossed, or the clip is in a hand: no step.
_LEAST_UP_MG = const(750)
_UP_SHIFT = const(7)
# What depends on time passing is looked at eight times a second.
_TEND_EVERY = const(13)


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
        self._cadence = Cadence()
        self._index = 0
        self._gx = self._gy = self._gz = 0
        self._up = 1000 << _UP_SHIFT
        self._lost = 0
        self._lag = 0
        self._told_direction = UNKNOWN
        self._walking = False
        self._last_contact = 0
        self._patience = 0
        self._tend_index = 0

    def push(self, index, ax, ay, az, gx, gy, gz):
        """Take sample number `index`: specific force (mg) and angular rate (ddps) in the body frame."""
        if self._lost:
            self._bridge(index, gx, gy, gz)
        self._gx = gx
        self._gy = gy
        self._gz = gz
        self._up += az - (self._up >> _UP_SHIFT)
        self._take(index, gx, gy, gz)

    def skip(self, n_samples):
        """Time went on for `n_samples` without data: a short gap is bridged, a long one ends the walk as unknown."""
        self._lost += n_samples
        if self._lost <= _BRIDGE:
            return
        self._lost = 0
        self._index += n_samples
        self._strides.restart()
        self._end_walk()
        self._forget()
        self._tell_state(UNKNOWN, self._index)

    def finish(self):
        """The session ends here: hand out the strides that were still waiting for their direction."""
        if self._walking:
            self._end_walk()

    def _bridge(self, index, gx, gy, gz):
        """Fill the short gap before sample `index` with a straight line from the last rate to this one."""
        parts = self._lost + 1
        for i in range(1, parts):
            self._take(
                index - parts + i,
                self._gx + (gx - self._gx) * i // parts,
                self._gy + (gy - self._gy) * i // parts,
                self._gz + (gz - self._gz) * i // parts,
            )
        self._lost = 0

    def _take(self, index, gx, gy, gz):
        self._index = index
        self._turns.push(gz)
        if self._strides.push(gx, gy, gz) and self._up >= _LEAST_UP_MG << _UP_SHIFT:
            self._lag = self._strides.contact_age
            self._stride(index - self._lag)
        if index >= self._tend_index:
            self._tend_index = index + _TEND_EVERY
            self._tend(index)

    def _stride(self, contact):
        """A stride was recognised; its contact was at sample `contact`."""
        interval = contact - self._last_contact if self._walking else 0
        self._walking = True
        self._last_contact = contact
        self._patience = _LONGEST_STRIDE
        if interval:
            self._patience = clamp(interval * 7 // 4, _SHORTEST_PATIENCE, _LONGEST_STRIDE)
            self._cadence.add(interval >> 1)
            self._cadence.add(interval - (interval >> 1))
            self.cadence_dspm = self._cadence.dspm
        self._turns.stride(self._index)
        self._direction.push(contact, interval, self._strides.swing_ddps)
        since = self._tell_steps(contact)
        if self._turns.turning:
            self._tell_state(TURNING, self._turns.start)
        else:
            self._tell_state(self._direction.direction, since)

    def _tend(self, index):
        """Time has passed: let go of what waited too long, and notice that the walk is over."""
        direction = self._direction
        if direction.held and index - direction.oldest() >= _HOLD:
            direction.settle()
            self._tell_steps(index)
        quiet = index - self._last_contact - self._lag
        if self._walking and quiet >= self._patience:
            self._end_walk()
            self._tell_state(STILL, self._last_contact)
        if quiet >= _LONGEST_STRIDE:
            self._last_contact = index - self._lag
            self._forget()
            self._tell_state(STILL, index)

    def _end_walk(self):
        self._direction.settle()
        self._tell_steps(0)
        self._direction.forget()
        self._turns.finish()
        self._cadence.clear()
        self._told_direction = UNKNOWN
        self._walking = False
        self.cadence_dspm = 0

    def _forget(self):
        """Nothing of the last walk says anything about the next."""
        self._strides.forget_size()
        self._turns.restart(self._index)

    def _tell_steps(self, since):
        """Add the steps of all strides whose direction is settled; the first contact of known direction, or `since`."""
        direction = self._direction
        known = False
        while direction.take():
            if direction.stride_direction != UNKNOWN and not known:
                known = True
                since = direction.contact
            half = direction.interval >> 1
            if half:
                between = direction.stride_direction
                if self._told_direction != UNKNOWN and self._told_direction != between:
                    between = UNKNOWN
                self._tell_step(direction.contact - half, between, half)
            self._told_direction = direction.stride_direction
            self._tell_step(direction.contact, direction.stride_direction, half)
        return since

    def _tell_step(self, index, stride_direction, half):
        self.step_count += 1
        self._events.add(index, STEP, stride_direction, half)

    def _tell_state(self, state, since):
        if state != self.state:
            self.state = state
            self._events.add(since, STATE, state)
