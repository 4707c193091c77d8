"""The gait at the waist: steps, direction, turns, cadence and the wearer's state, put together.

Four samples make a tick of 26 Hz, and ticks are all it sees. Input in mg and ddps from retrogait.attitude; events into
the queue: STEP when settled (1 to 1.5 s late, the first of a bout when the bout is certain), STATE, TURN.
Indices are those of the moments themselves: every filter delay is taken off. A gap shorter than a step is bridged.
While up is not known (the mean force is not gravity) nothing is: no steps, no turns, state unknown. Called by
retrogait.engine.
"""

from retrogait import const
from retrogait.cadence import Cadence
from retrogait.events import BACKWARD, FORWARD, STATE, STEP, STILL, TURN, TURNING, UNKNOWN
from retrogait.turns import DELAY as TURN_DELAY
from retrogait.turns import Turns
from retrogait.waist_direction import HALF_WINDOW, WaistDirection
from retrogait.waist_signal import TICK, StepSignal
from retrogait.waist_steps import WaistSteps

CONTACT_TO_BUMP = {UNKNOWN: 7, BACKWARD: 8, FORWARD: 5}
"""From the initial contact to the bump of the step signal, in samples: the trunk is caught during double support."""

# A gap of up to half a second, less than a step, is bridged by straight lines; after a longer one all begins anew.
_SHORT_GAP = const(52)


class WaistGait:
    """`state` (a code of retrogait.events), `cadence_dspm` (0 when not walking or not known), `step_count`; the caller
    sets `up_known` (see retrogait.attitude).
    """

    def __init__(self, events):
        self.state = UNKNOWN
        self.cadence_dspm = 0
        self.step_count = 0
        self.up_known = True
        self._events = events
        self._signal = StepSignal()
        self._steps = WaistSteps()
        self._direction = WaistDirection()
        self._turns = Turns()
        self._cadence = Cadence()
        self._way = UNKNOWN
        self._state_index = 0
        self._index = -1
        self._vertical_1 = self._forward_1 = self._yaw_1 = 0

    def push(self, index, vertical, forward, yaw):
        """One tick that ended with sample `index`: sums over four samples of the specific force up minus 1 g and of
        that forward (mg), and of the rate about the vertical (ddps, left +). A gap shows as ticks that are not there.
        """
        if index - self._index > TICK:
            self._resume(index, vertical, forward, yaw)
        self._tick(index, vertical, forward, yaw)
        self._vertical_1 = vertical
        self._forward_1 = forward
        self._yaw_1 = yaw

    def _resume(self, index, vertical, forward, yaw):
        """After a gap, before the tick that ends with sample `index`: a short one gets ticks in a straight line.

        A line has no bump, so no step is made up; but those beside the gap keep their shape and time.
        """
        if index - self._index > _SHORT_GAP + 2 * TICK:
            self._restart()
            return
        ticks = (index - self._index) // TICK
        for i in range(1, ticks):
            rest = ticks - i
            self._tick(
                index - TICK * rest,
                (self._vertical_1 * rest + vertical * i) // ticks,
                (self._forward_1 * rest + forward * i) // ticks,
                (self._yaw_1 * rest + yaw * i) // ticks,
            )

    def _restart(self):
        """The signal begins anew."""
        self._signal.restart()
        self._steps.restart()
        self._direction.restart()
        self._turns.restart()

    def finish(self):
        """The session ends here: hand out the steps that were still waiting to be settled."""
        self._steps.close()
        if self._steps.over:
            self._walk(self._index)

    def _tick(self, index, vertical, forward, yaw):
        self._index = index
        steps = self._steps
        if self.up_known:
            signal = self._signal
            direction = self._direction
            signal.push(vertical, forward, direction.weight)
            direction.push(signal.vertical, signal.forward, vertical)
            turns = self._turns
            if turns.push(index, yaw):
                self._events.add(turns.start, TURN, turns.length, turns.degrees)
            steps.push(index, signal.level, signal.crest, turns.rate)
        else:
            self._restart()
            steps.push(index, 0, 0, 0)
        if steps.walking:
            self._walk(index)
        self._judge(index)

    def _walk(self, index):
        """Hand on settled steps; note the end of the bout."""
        steps = self._steps
        while steps.take(index):
            way = self._direction.direction
            if steps.over and way == UNKNOWN:
                way = self._way
            self.step_count += 1
            self._events.add(max(0, steps.bump - CONTACT_TO_BUMP[way]), STEP, way, steps.interval)
            if steps.interval:
                self._cadence.add(steps.interval)
                self.cadence_dspm = self._cadence.dspm
        if steps.over:
            steps.clear()
            self._cadence.clear()
            self.cadence_dspm = 0
            self._way = UNKNOWN

    def _judge(self, index):
        """The state: turning before walking, walking by its direction, still when nothing looks like a step.

        The first direction of a bout holds from its first step, a later one from the middle of the window that told it.
        """
        steps = self._steps
        if not self.up_known:
            state = UNKNOWN
            since = index
        elif self._turns.active:
            state = TURNING
            since = self._turns.start
        elif steps.walking:
            state = self._direction.direction
            since = index - (TURN_DELAY if self.state == TURNING else HALF_WINDOW)
            if state != UNKNOWN:
                if self._way == UNKNOWN:
                    since = steps.first
                self._way = state
        elif steps.candidates:
            state = UNKNOWN
            since = steps.last
        else:
            state = STILL
            since = index - TURN_DELAY if self.state == TURNING else steps.last
        if state != self.state:
            self.state = state
            self._state_index = min(index, max(self._state_index, since))
            self._events.add(self._state_index, STATE, state)
