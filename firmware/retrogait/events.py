"""What the core tells: the kinds of event, their codes, and the queue they wait in.

An event is four integers: `index` (sample number since the session began, of the moment it is about), `kind`,
and two values whose meaning depends on the kind. Codes are written to flash: never renumber them.
"""

from array import array

# kind         value_a                    value_b
STEP = 1  # direction                  step interval in samples, 0 for the first of a bout
STATE = 2  # direction state            -
CUE = 3  # fault                      length_ms
GOOD_AGAIN = 4  # fault                      length_ms
TURN = 5  # length in samples          angle in degrees, left positive (index is the start)
STUMBLE = 6  # -                          -
FALL = 7  # -                          -
PAUSE = 8  # reason (PAUSE_REASONS)     -
RESUME = 9  # -                          -
MARK = 10  # -                          -
PAIN = 11  # -                          -
GAP = 12  # length in samples          -
WITHHELD = 13  # fault                      length_ms of the cue that fading did not give
SEGMENT = 14  # state of retrogait.life    -
GOAL = 15  # what was asked for         -  (the wearer reached it)
TRIAL = 16  # 1 begins, 0 ends, -1 void  number of the trial, from 1
CLIP_MOVED = 17  # degrees off the calibration -

KIND_NAMES = (
    "", "step", "state", "cue", "good_again", "turn", "stumble", "fall", "pause", "resume", "mark", "pain", "gap",
    "withheld", "segment", "goal", "trial", "clip_moved",
)  # fmt: skip

# Why a session pauses.
BY_STILLNESS = 1
BY_STUMBLE = 2
BY_FALL = 3
BY_SUDDEN_STOP = 4

PAUSE_REASONS = ("", "still", "stumble", "fall", "sudden_stop")

# Direction of a step and state of the walker.
UNKNOWN = 0
BACKWARD = 1
FORWARD = 2
TURNING = 3
STILL = 4

STATE_NAMES = ("unknown", "backward", "forward", "turn", "still")

# Faults a cue can be about, in the order of architecture.md.
LEAN_FORWARD = 1
LEAN_BACK = 2
LEAN_SIDE = 3
TOO_FAST = 4
TWIST = 5
UNSTEADY = 6
WRONG_WAY = 7
STUMBLED = 8

FAULT_NAMES = (
    "", "lean_forward", "lean_back", "lean_side", "too_fast", "twist", "unsteady", "wrong_way", "stumble",
)  # fmt: skip

_FIELDS = 4


class EventQueue:
    """Ring of events, filled by the core and emptied by whoever called it. Nothing is allocated after construction.

    After `take()` returned True the event stands in `index`, `kind`, `value_a` and `value_b`. When the ring is
    full the newest event is refused and counted in `dropped`.
    """

    def __init__(self, capacity=32):
        self.index = 0
        self.kind = 0
        self.value_a = 0
        self.value_b = 0
        self.waiting = 0
        self.dropped = 0
        self._capacity = capacity
        self._first = 0
        self._ring = array("i", (0 for _ in range(capacity * _FIELDS)))

    def add(self, index, kind, value_a=0, value_b=0):
        """Append one event."""
        if self.waiting == self._capacity:
            self.dropped += 1
            return
        at = ((self._first + self.waiting) % self._capacity) * _FIELDS
        ring = self._ring
        ring[at] = index
        ring[at + 1] = kind
        ring[at + 2] = value_a
        ring[at + 3] = value_b
        self.waiting += 1

    def take(self):
        """Move the oldest event into the fields; False when there is none."""
        if self.waiting == 0:
            return False
        at = self._first * _FIELDS
        ring = self._ring
        self.index = ring[at]
        self.kind = ring[at + 1]
        self.value_a = ring[at + 2]
        self.value_b = ring[at + 3]
        self._first = (self._first + 1) % self._capacity
        self.waiting -= 1
        return True
