"""Signals of a waist made by rule, and all that a WaistGait told about one. For tests/core/test_waist*.py."""

import numpy as np

from retrogait import RATE_HZ
from retrogait.events import STEP, EventQueue
from retrogait.waist import WaistGait
from retrogait.waist_signal import TICK

STAND_S = 3.0
CONTACT_TO_BUMP_S = 0.06


class Ticks:
    """Sums samples into ticks for a WaistGait, as the engine does."""

    def __init__(self, gait):
        self.gait = gait
        self.index = 0
        self.sums = [0, 0, 0]
        self.lacking = 0

    def skip(self, n_samples):
        self.index += n_samples
        self.sums = [0, 0, 0]
        self.lacking = self.index % TICK

    def push(self, row):
        self.sums = [a + b for a, b in zip(self.sums, row, strict=True)]
        if self.index % TICK == TICK - 1:
            self.gait.push(self.index, *(each * TICK // (TICK - self.lacking) for each in self.sums))
            self.sums = [0, 0, 0]
            self.lacking = 0
        self.index += 1


class Told:
    """Everything a WaistGait told about one signal of [n, 3]: vertical mg, forward mg, yaw ddps."""

    def __init__(self, signal, gaps=()):
        queue = EventQueue()
        gait = WaistGait(queue)
        self.rows, self.states, self.cadences = [], [], []
        ticks = Ticks(gait)
        gaps = dict(gaps)
        for row in np.rint(signal).astype(int).tolist():
            if ticks.index in gaps:
                ticks.skip(gaps[ticks.index])
            ticks.push(row)
            self._drain(queue)
            self.states.append(gait.state)
            self.cadences.append(gait.cadence_dspm)
        gait.finish()
        self._drain(queue)
        self.step_count = gait.step_count
        self.dropped = queue.dropped

    def _drain(self, queue):
        while queue.take():
            self.rows.append((queue.index, queue.kind, queue.value_a, queue.value_b))

    def of(self, kind):
        return [row for row in self.rows if row[1] == kind]

    @property
    def step_s(self):
        return np.array(sorted(row[0] for row in self.of(STEP))) / RATE_HZ


def walk(n_steps, cadence_spm, bump_mg=250, sign=1, swing_ddps=150):
    """Stillness, `n_steps` bumps at a steady pace, stillness; and the contact times (s).

    The fore-aft force falls as the trunk is caught (sign 1, forward) or rises (sign -1, backward).
    """
    interval_s = 60 / cadence_spm
    # A bump lasts as long as a step, but no longer than a double support and what surrounds it at a slow walk.
    width_s = min(interval_s, 0.8)
    length_s = 2 * STAND_S + n_steps * interval_s
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    out = np.zeros((len(t), 3))
    bumps_s = STAND_S + (np.arange(n_steps) + 0.5) * interval_s
    for bump_s in bumps_s:
        phase = (t - bump_s) / width_s
        near = np.abs(phase) < 0.5
        out[near, 0] += bump_mg * (1 + np.cos(2 * np.pi * phase[near]))
        out[near, 1] -= sign * 0.6 * bump_mg * np.sin(2 * np.pi * phase[near])
    walking = (t > STAND_S) & (t < STAND_S + n_steps * interval_s)
    out[walking, 2] = swing_ddps * np.sin(np.pi * (t[walking] - STAND_S) / interval_s)
    return out, bumps_s - CONTACT_TO_BUMP_S
