"""What a wearer of the cast feels: the walking model through the core, with the settings of choice. For test_cast*.py.

The same core runs on the device: tests/parity shows that it says the same there, tests/e2e that the motor does it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from retrogait import events, life
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import to_counts
from retrowalk.wearer.cast import model
from retrowalk.wearer.frames import MOUNTINGS

RATE_HZ = 104
_ENGINES = {"waist": (WaistEngine, 8, 500), "ankle": (AnkleEngine, 16, 2000)}


@dataclass(frozen=True)
class Felt:
    """`told`: (t_s, kind, value_a, value_b) of every event; `truth`: what the wearer did; `engine` after the walk."""

    told: list[tuple[float, int, int, int]]
    truth: object
    engine: object

    def of(self, *kinds):
        """The events of these kinds."""
        return [each for each in self.told if each[1] in kinds]

    def cues(self, *faults):
        """Times of the cues about these faults; of all without."""
        return [t_s for t_s, _, fault, _ in self.of(events.CUE) if not faults or fault in faults]

    def faults(self):
        """The faults that were cued."""
        return {fault for _, _, fault, _ in self.of(events.CUE)}

    def segments(self):
        """Names of the session's segments."""
        return [life.STATE_NAMES[state] for _, _, state, _ in self.of(events.SEGMENT)]

    @property
    def minutes(self):
        """Length of the walk."""
        return len(self.truth.lean_deg) / RATE_HZ / 60


@cache
def walked(name, mount="waist", seed=1):
    """Counts [n, 6] of a walk of the cast, and its truth."""
    walk = model(name, mount, seed=seed)
    _kind, accel_range_g, gyro_range_dps = _ENGINES[mount]
    values = np.hstack([walk.frames.accel_mps2, walk.frames.gyro_radps])
    return to_counts(values, accel_range_g, gyro_range_dps)[0].tolist(), walk.truth


def felt(name, mount="waist", seed=1, **changes):
    """The walk `name` with a clip that was calibrated hanging straight."""
    counts, truth = walked(name, mount, seed)
    kind, accel_range_g, gyro_range_dps = _ENGINES[mount]
    mounting = Mounting([round(16384 * value) for value in np.asarray(MOUNTINGS[mount]).flat])
    engine = kind(Settings(changes), mounting, accel_range_g, gyro_range_dps)
    told = []
    for row in counts:
        if engine.push(row):
            _take(engine, told)
    engine.finish()
    _take(engine, told)
    return Felt(told, truth, engine)


def _take(engine, told):
    queue = engine.events
    while queue.take():
        told.append((queue.index / RATE_HZ, queue.kind, queue.value_a, queue.value_b))
