"""One session while it runs: samples to the core, events to the logbook and the motor, counts for the status line."""

import time

from retrogait import patterns
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.events import (
    BACKWARD,
    CLIP_MOVED,
    CUE,
    FALL,
    FORWARD,
    GOAL,
    GOOD_AGAIN,
    SEGMENT,
    STATE_NAMES,
    STEP,
    STUMBLE,
    WITHHELD,
)
from retrogait.life import COUNTDOWN, EXERCISE, IDLE, TEST_WALK
from retrogait.life import STATE_NAMES as SEGMENT_NAMES
from retrogait.trials import Trials

# What serves the wearer's next step does not wait for another pattern.
_URGENT = (CUE, GOOD_AGAIN)


class Walk:
    """Consumer of the sampler. settings: of this session; mounting, mount: how and where the clip sits.

    ranges: (g, degrees per second) of the IMU.
    course: retrogait.course.Course or retrogait.trials.Trials. Counts by name, `exercise_samples` in the exercise.
    """

    def __init__(self, settings, mounting, mount, ranges, course, logbook, haptics):
        kind = WaistEngine if mount == "waist" else AnkleEngine
        self.settings = settings
        self.engine = kind(settings, mounting, ranges[0], ranges[1], course)
        self.backward_steps = 0
        self.forward_steps = 0
        self.unknown_steps = 0
        self.cues = 0
        self.withheld = 0
        self.exercise_samples = 0
        self.reached_goal = False
        self.had_trouble = False
        self.clip_moved = False
        self.is_test = course is Trials
        self._segment = COUNTDOWN
        self._since = 0
        self._logbook = logbook
        self._haptics = haptics
        self._began_ms = time.ticks_ms()

    def push(self, sample):
        """One raw sample: kept, judged, and felt if need be."""
        engine = self.engine
        self._logbook.add_sample(engine.index, sample)
        if engine.push(sample):
            self._drain()

    def skip(self, n_samples):
        """A gap of `n_samples`."""
        self.engine.skip(n_samples)
        self._drain()

    def finish(self):
        """The session ends: what the core still held back is told."""
        self.engine.finish()
        self._drain()
        self._enter(self.engine.index, IDLE)

    def note(self, kind):
        """Something the wearer told by button: an event now."""
        self.engine.events.add(self.engine.index, kind)
        self._drain()

    def press(self, age_ms):
        """In a test: the button went down `age_ms` ago."""
        engine = self.engine
        # A trial ends when the button went down; a countdown begins when it is felt to, which is now.
        age = age_ms * 104 // 1000 if self.life_state == TEST_WALK else 0
        engine.course.press(max(0, engine.index - age))
        self._drain()

    @property
    def life_state(self):
        """Where the session is, as in retrogait.life."""
        return self.engine.course.life.state

    @property
    def is_brewing(self):
        """May a cue be due soon?"""
        return self.engine.coach.brewing

    def segment(self):
        """The same in a word."""
        return SEGMENT_NAMES[self.life_state]

    def own_end(self):
        """Why the session is over by itself, or "" while it is not."""
        if self.clip_moved:
            return "clip_moved"
        if self.life_state != IDLE:
            return ""
        return "goal" if self.reached_goal else "still"

    def steps(self):
        """Steps counted so far, all directions."""
        return self.backward_steps + self.forward_steps + self.unknown_steps

    def totals(self, reason):
        """The END block's content."""
        return {
            "reason": reason,
            "n_samples": self.engine.index,
            "step_count": self.steps(),
            "backward_steps": self.backward_steps,
            "forward_steps": self.forward_steps,
            "cues": self.cues,
            "cues_withheld": self.withheld,
            "elapsed_ms": time.ticks_diff(time.ticks_ms(), self._began_ms),
        }

    def direction(self):
        """The walker's state in a word."""
        return STATE_NAMES[self.engine.gait.state]

    def _drain(self):
        events = self.engine.events
        while events.take():
            kind, value_a, value_b = events.kind, events.value_a, events.value_b
            self._logbook.add_event(events.index, kind, value_a, value_b)
            if kind == STEP:
                self._count_step(value_a)
                continue
            self._count(events.index, kind, value_a)
            pattern = patterns.of_event(kind, value_a, value_b)
            if not pattern:
                continue
            if kind in _URGENT:
                self._haptics.play_next(pattern)
            else:
                self._haptics.play(pattern)

    def _count(self, index, kind, value_a):
        if kind == CUE:
            self.cues += 1
        elif kind == WITHHELD:
            self.withheld += 1
        elif kind == SEGMENT:
            self._enter(index, value_a)
        elif kind == GOAL:
            self.reached_goal = True
        elif kind in (STUMBLE, FALL):
            self.had_trouble = True
        elif kind == CLIP_MOVED:
            self.clip_moved = True

    def _enter(self, index, state):
        if self._segment == EXERCISE:
            self.exercise_samples += index - self._since
        self._segment = state
        self._since = index

    def _count_step(self, direction):
        if direction == BACKWARD:
            self.backward_steps += 1
        elif direction == FORWARD:
            self.forward_steps += 1
        else:
            self.unknown_steps += 1
