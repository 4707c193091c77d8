"""A walking test on a taped course: three timed trials, each from a countdown's long buzz to a press of the button.

The 3-metre backward walk test (Carter et al. 2019) and a 10-metre walk. The tape measures the distance and the button
the time: a trial never ends on an estimated distance (design/gait.md). It begins with the countdown's long pulse and
ends with the moment the button went down, which the app hands in. Takes the place of retrogait.course in the engine;
samples and looks (13 a second).
"""

from retrogait.events import GOAL, SEGMENT, TRIAL
from retrogait.life import ELAPSED, SHORT, TEST_COUNTDOWN, TEST_READY, TEST_WALK, TROUBLE, Life

TRIALS = 3
BEGINS, ENDS, VOID = 1, 0, -1
COUNTDOWN_S = 3

_LONGEST_TRIAL = 120 * 104
_LONGEST_WAIT = 300 * 104


class Trials:
    """`life` is the state, `done` the trials that count. Tells SEGMENT, TRIAL, and GOAL at the end."""

    is_exercise = False

    def __init__(self, settings, events):
        self.life = Life(TEST_READY)
        self.done = 0
        self.felt_ms = 0
        self._events = events
        self._since = 0
        self._has_begun = False

    def look(self, index, gait_state, steps, walked_mm, tipped_index):
        """Time goes on; what the gait says is for the replay to tell."""
        if not self._has_begun:
            self._has_begun = True
            self._tell(index)
        state = self.life.state
        age = index - self._since
        if state == TEST_COUNTDOWN and age >= COUNTDOWN_S * 104:
            self._go(index, ELAPSED)
            self._events.add(index, TRIAL, BEGINS, self.done + 1)
        elif state == TEST_WALK and age >= _LONGEST_TRIAL:
            self._events.add(index, TRIAL, VOID, self.done + 1)
            self._go(index, ELAPSED)
        elif state == TEST_READY and age >= _LONGEST_WAIT:
            self._go(index, ELAPSED)

    def press(self, index):
        """The button went down at sample `index`."""
        if self.life.state == TEST_WALK:
            if index <= self._since:
                # It went down in the countdown already: no time was taken.
                self._events.add(self._since, TRIAL, VOID, self.done + 1)
            else:
                self.done += 1
                self._events.add(index, TRIAL, ENDS, self.done)
        self._go(index, SHORT)
        if self.done == TRIALS:
            self._events.add(index, GOAL, self.done)
            self._go(index, ELAPSED)

    def skip(self, n_samples):
        """A gap changes nothing: the time of a trial is that of the index."""

    def abandon(self, index):
        """The test cannot go on."""
        self._go(index, TROUBLE)

    def pause(self, index, reason, steps):
        """A stumble or a fall voids the trial that was under way."""
        if self.life.state == TEST_WALK:
            self._events.add(index, TRIAL, VOID, self.done + 1)
            self._go(index, ELAPSED)

    def _go(self, index, happened):
        if self.life.on(happened):
            self._since = index
            self._tell(index)

    def _tell(self, index):
        state = self.life.state
        self._events.add(index, SEGMENT, state, COUNTDOWN_S if state == TEST_COUNTDOWN else 0)
