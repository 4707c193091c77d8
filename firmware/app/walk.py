"""One session while it runs: samples to the core, events to the logbook and the motor, counts for the status line."""

import time

from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.events import BACKWARD, CUE, FORWARD, GOOD_AGAIN, STATE_NAMES, STEP


class Walk:
    """Consumer of the sampler. person: settings and mounting; ranges: (g, degrees per second) of the IMU."""

    def __init__(self, person, ranges, logbook, haptics):
        kind = WaistEngine if person.mount == "waist" else AnkleEngine
        self.engine = kind(person.settings, person.mounting(), ranges[0], ranges[1])
        self.backward_steps = 0
        self.forward_steps = 0
        self.unknown_steps = 0
        self.cues = 0
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

    def note(self, kind):
        """Something the wearer told by button: an event now."""
        self.engine.events.add(self.engine.index, kind)
        self._drain()

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
            "elapsed_ms": time.ticks_diff(time.ticks_ms(), self._began_ms),
        }

    def direction(self):
        """The walker's state in a word."""
        return STATE_NAMES[self.engine.gait.state]

    def _drain(self):
        events = self.engine.events
        while events.take():
            kind = events.kind
            self._logbook.add_event(events.index, kind, events.value_a, events.value_b)
            if kind == STEP:
                self._count_step(events.value_a)
            elif kind == CUE:
                self.cues += 1
                self._haptics.cue(events.value_b)
            elif kind == GOOD_AGAIN:
                self._haptics.cue(events.value_b)

    def _count_step(self, direction):
        if direction == BACKWARD:
            self.backward_steps += 1
        elif direction == FORWARD:
            self.forward_steps += 1
        else:
            self.unknown_steps += 1
