"""The course of a session: countdown, warm-up, exercise with its goal, cool-down; pauses when the wearer stands.

It drives retrogait.life from what the gait says, so that a replay goes the same way as the device did. What the button
does comes from the app. Pauses do not count for the lengths of segments and for the goal's seconds. Samples and looks
(13 a second); called by the engine.
"""

from retrogait import const, patterns
from retrogait.events import (
    BACKWARD,
    BY_FALL,
    BY_STILLNESS,
    BY_STUMBLE,
    BY_SUDDEN_STOP,
    FORWARD,
    GOAL,
    PAUSE,
    RESUME,
    SEGMENT,
    STILL,
)
from retrogait.life import (
    COOL_DOWN,
    COUNTDOWN,
    ELAPSED,
    EXERCISE,
    FORSAKEN,
    GOAL_REACHED,
    MOVING,
    PAUSED,
    TROUBLE,
    UNSAFE,
    WARM_UP,
    Life,
)
from retrogait.life import STILL as STOOD_STILL
from retrogait.patterns import span_ms
from retrogait.stages import STATIC

GOAL_STEPS = 1
GOAL_METRES = 2
GOAL_SECONDS = 3

LOOK = 8
"""Samples from one look to the next."""

_LOOKS_PER_S = const(13)
# After a stumble or a fall nothing goes on at once, even if the wearer does.
_LEAST_UNSAFE_PAUSE = 3 * 104
_LONGEST = 1 << 29
# So many steps end a pause also where nobody can tell their direction.
_SURELY_WALKING = 6
# A stop is sudden when the trunk tips (over 100 deg/s) within a second of it.
_ABRUPT_WITHIN = 104


class Course:
    """`life` is the state of the session; `felt_ms`, until the engine takes it, how long the motor will move for it.

    settings: retrogait.settings.Settings; events: the queue that gets SEGMENT, PAUSE, RESUME and GOAL.
    """

    def __init__(self, settings, events):
        self.life = Life(COUNTDOWN)
        self._settings = settings
        self._events = events
        self._looks = 0
        self.felt_ms = 0
        self._pause_after = settings.pause_after_ms * 104 // 1000
        self._has_begun = False
        self._first_step = 0
        self._first_mm = 0
        self._still_since = 0
        self._walked_at = 0
        self._steps = 0
        self._paused_at = 0
        self._steps_at_pause = 0
        self._is_unsafe = False

    @property
    def is_exercise(self):
        """Is it the time to be coached?"""
        return self.life.state == EXERCISE

    def look(self, index, gait_state, steps, walked_mm, tipped_index):
        """The wearer now: state of the gait, steps and distance so far, and when the trunk last tipped fast."""
        life = self.life
        if not self._has_begun:
            self._has_begun = True
            self._tell(index)
        is_still = gait_state == STILL
        if not is_still:
            self._still_since = index
        if steps != self._steps or (self._settings.stage == STATIC and not is_still):
            # Only a step counts: who sits and fidgets, or rides home, does not go on. Static exercises have none.
            self._walked_at = index
        self._steps = steps
        if life.state == PAUSED:
            self._wait(index, gait_state, steps)
            return
        self._looks = min(self._looks + 1, _LONGEST)
        self._give_up(index)
        if self._stands(index, steps):
            abrupt = abs(tipped_index - self._still_since) < _ABRUPT_WITHIN
            self.pause(index, BY_SUDDEN_STOP if abrupt else BY_STILLNESS, steps)
            return
        self._forward(index, steps, walked_mm)

    def pause(self, index, reason, steps):
        """Stop coaching: the wearer stands, stumbled or fell."""
        unsafe = reason == BY_STUMBLE or reason == BY_FALL
        if self.life.on(UNSAFE if unsafe else STOOD_STILL):
            self._paused_at = index
            self._steps_at_pause = steps
            self._is_unsafe = unsafe
            self._events.add(index, PAUSE, reason)
            self.felt_ms = span_ms(patterns.PAUSED)
            self._tell(index)

    def _stands(self, index, steps):
        """Long enough for a pause? Not before the first step, nor in the static stage: standing is its exercise."""
        if not steps or self._settings.stage == STATIC:
            return False
        return WARM_UP <= self.life.state <= COOL_DOWN and index - self._still_since >= self._pause_after

    def skip(self, n_samples):
        """Nobody knows what the wearer did in a gap: it is no stillness."""
        self._still_since += n_samples
        self._walked_at += n_samples

    def abandon(self, index):
        """The session cannot go on."""
        if self.life.on(TROUBLE):
            self._tell(index)

    def _wait(self, index, gait_state, steps):
        """In a pause: walking again, or gone."""
        fresh = steps - self._steps_at_pause
        knows_way = gait_state == BACKWARD or gait_state == FORWARD
        if fresh > 0 and (knows_way or fresh >= _SURELY_WALKING):
            if self._is_unsafe and index - self._paused_at < _LEAST_UNSAFE_PAUSE:
                return
            self.life.on(MOVING)
            self._still_since = index
            self._events.add(index, RESUME)
            self.felt_ms = span_ms(patterns.RESUMED)
            self._tell(index)
        else:
            self._give_up(index)

    def _give_up(self, index):
        """Nobody walks any more, or ever did: the session ends by itself."""
        end_s = self._settings.end_after_still_s
        if end_s and index - self._walked_at >= end_s * 104 and self.life.on(FORSAKEN):
            self._tell(index)

    def _forward(self, index, steps, walked_mm):
        """On to the next segment, where its time has come."""
        life = self.life
        if life.state == COUNTDOWN and self._is_over(self._settings.countdown_s):
            self._next(index, ELAPSED)
            self._still_since = self._walked_at = index
        if life.state == WARM_UP and self._is_over(self._settings.warm_up_s):
            self._next(index, ELAPSED)
            self._first_step = steps
            self._first_mm = walked_mm
        if life.state == EXERCISE:
            goal = self._goal(steps - self._first_step, walked_mm - self._first_mm)
            if goal:
                self._events.add(index, GOAL, goal)
                self.felt_ms = span_ms(patterns.SUCCESS)
                self._next(index, GOAL_REACHED)
        if life.state == COOL_DOWN and self._is_over(self._settings.cool_down_s):
            self._next(index, ELAPSED)

    def _goal(self, steps, walked_mm):
        settings = self._settings
        if settings.goal_steps and steps >= settings.goal_steps:
            return GOAL_STEPS
        if settings.goal_m and walked_mm >= settings.goal_m * 1000:
            return GOAL_METRES
        if settings.goal_s and self._is_over(settings.goal_s):
            return GOAL_SECONDS
        return 0

    def _is_over(self, seconds):
        return self._looks >= seconds * _LOOKS_PER_S

    def _next(self, index, happened):
        if self.life.on(happened):
            self._looks = 0
            self._tell(index)

    def _tell(self, index):
        state = self.life.state
        self._events.add(index, SEGMENT, state, self._settings.countdown_s if state == COUNTDOWN else 0)
