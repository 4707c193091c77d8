"""Slow walkers, made by the walking model: 25 to 47 steps a minute at 0.2 to 0.4 m/s, through the waist engine."""

import numpy as np
import pytest

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import Recording, resample_to_counts
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
@pytest.mark.parametrize(("cadence_spm", "speed_mps"), [(25, 0.2), (36, 0.3), (47, 0.4)])
def test_the_count_of_a_slow_walk_is_within_five_percent(cadence_spm, speed_mps, direction):
    script = (Segment(4.0), Segment(60.0, direction, speed_mps, cadence_spm), Segment(4.0))
    made = walk(script, seed=cadence_spm)
    frames = made.frames
    t_s = np.arange(len(frames)) / RATE_HZ
    recording = Recording(t_s, frames.accel_mps2, frames.gyro_radps, float(RATE_HZ))
    engine = WaistEngine(Settings(), Mounting.from_axes("-z,y,x"), 8, 500)
    for segment in resample_to_counts(recording, 8, 500)[0]:
        for sample in segment.values.tolist():
            engine.push(sample)
    engine.finish()
    # One step more or less at the ends of so few is allowed.
    assert abs(engine.gait.step_count - made.truth.step_count) <= max(1, 0.05 * made.truth.step_count)
