"""Direction of walking from one leg: the sign of its pitch rate in mid-swing, and two strides that agree.

Body frame, Y left: the lower end of the shank moves forward in swing when gy is NEGATIVE, backward when it is POSITIVE
(right-hand rule). Below 60 deg/s the swing says nothing: side steps, steps of a turn, feet brought together. Units
ddps, samples. Called once a stride by retrogait.ankle; strides wait here until their direction is known.

A stride that votes as the direction already known is let go at once. Otherwise it is held: two clear votes in a row
that agree (weak ones between do not count) set the direction, for all that wait. A weak stride gets the direction of
its neighbours, unless they differ; a contrary one stays unknown. A fifth stride without agreement lets the oldest go
as unknown, and what was known is known no longer.
"""

from array import array

from retrogait import const
from retrogait.events import BACKWARD, FORWARD, UNKNOWN

_CLEAR_DDPS = const(600)
_HELD = const(5)


class AnkleDirection:
    """Queue of strides. After `take()` returned True the stride stands in `contact`, `interval` and `stride_direction`.

    `direction` is that of the walker now: UNKNOWN until two strides agree, and as soon as one disagrees.
    """

    def __init__(self):
        self.direction = UNKNOWN
        self.held = 0
        self.contact = 0
        self.interval = 0
        self.stride_direction = UNKNOWN
        self._agreed = UNKNOWN
        self._last_vote = UNKNOWN
        self._vote_before = UNKNOWN
        self._settled = 0
        self._contacts = array("i", (0 for _ in range(_HELD)))
        self._intervals = array("i", (0 for _ in range(_HELD)))
        self._votes = array("i", (0 for _ in range(_HELD)))

    def push(self, contact, interval, swing_ddps):
        """Take one stride: sample index of its contact, samples since the contact before (0: none), mid-swing rate.

        Everything settled must have been taken before.
        """
        vote = UNKNOWN
        if swing_ddps >= _CLEAR_DDPS:
            vote = BACKWARD
        elif swing_ddps <= -_CLEAR_DDPS:
            vote = FORWARD
        self._contacts[self.held] = contact
        self._intervals[self.held] = interval
        self._votes[self.held] = vote
        self.held += 1
        if vote != UNKNOWN and (vote == self._last_vote or vote == self._agreed):
            self._agreed = vote
            self._settled = self.held
        elif self.held == _HELD:
            self._agreed = UNKNOWN
            self._settled = 1
            if self._last_vote == self._votes[0]:
                self._last_vote = UNKNOWN
        if vote != UNKNOWN:
            self._last_vote = vote
        self.direction = self._agreed if self._last_vote == self._agreed else UNKNOWN

    def oldest(self):
        """Contact index of the stride held longest; only while `held`."""
        return self._contacts[0]

    def settle(self):
        """Waited long enough: let all strides go with what is known."""
        self._settled = self.held

    def forget(self):
        """The walk is over: the next one may go anywhere."""
        self.direction = UNKNOWN
        self._agreed = UNKNOWN
        self._last_vote = UNKNOWN
        self._vote_before = UNKNOWN

    def take(self):
        """Move the oldest settled stride into the fields; False when there is none."""
        if self._settled == 0:
            return False
        self.contact = self._contacts[0]
        self.interval = self._intervals[0]
        self.stride_direction = self._agreed if self._agrees() else UNKNOWN
        self._settled -= 1
        self.held -= 1
        for i in range(self.held):
            self._contacts[i] = self._contacts[i + 1]
            self._intervals[i] = self._intervals[i + 1]
            self._votes[i] = self._votes[i + 1]
        return True

    def _agrees(self):
        """Does nothing of the oldest stride, or of its neighbours if it is weak, contradict the known direction?"""
        votes = self._votes
        vote = votes[0]
        if vote != UNKNOWN:
            self._vote_before = vote
            return vote == self._agreed
        for i in range(1, self.held):
            vote = votes[i]
            if vote != UNKNOWN:
                break
        before = self._vote_before
        return (before == UNKNOWN or before == self._agreed) and (vote == UNKNOWN or vote == self._agreed)
