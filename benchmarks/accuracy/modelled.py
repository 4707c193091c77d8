"""Walks of the walking model as recordings: slow ones, backward ones, and standing. Proxies, made by rule.

Called by accuracy.measure.
"""

from pathlib import Path

import numpy as np

from accuracy.ours import write_csv
from accuracy.recordings import Trial

AXES = {"waist": "-z,y,x", "ankle": "x,y,z"}
SLOW = ((25, 0.20), (30, 0.25), (36, 0.30), (42, 0.35), (47, 0.40))
_SLOW_WALK_S = 90.0


def walk_trial(folder: Path, name: str, mount: str, script, seed: int) -> Trial:
    """Walk a script of wearer.script.Segment and write it as a recording into `folder`."""
    from retrowalk.wearer.model import walk

    walked = walk(script, mount, seed)
    path = folder / f"{name.replace('/', '-')}_{mount}.csv"
    t_s = np.arange(len(walked.frames)) / 104
    write_csv(path, t_s, walked.frames.accel_mps2, walked.frames.gyro_radps)
    none = np.array([])
    contacts = walked.truth.step_times_s
    return Trial(name, "model", path, mount, AXES[mount], 0.0, float(t_s[-1]), contacts, none, none)


def slow_trials(folder: Path) -> list[Trial]:
    """25 to 47 steps a minute at 0.2 to 0.4 m/s, forward and backward, at waist and ankle."""
    from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

    return [
        walk_trial(
            folder,
            f"{cadence} steps/min {direction}",
            mount,
            [Segment(4.0), Segment(_SLOW_WALK_S, direction, speed, cadence), Segment(4.0)],
            seed=cadence,
        )
        for mount in AXES
        for direction in (FORWARD, BACKWARD)
        for cadence, speed in SLOW
    ]


def backward_trials(folder: Path) -> list[Trial]:
    """Backward at 60, 90 and 105 steps/min, at waist and ankle."""
    from retrowalk.wearer.script import BACKWARD, Segment

    return [
        walk_trial(
            folder,
            f"backward {cadence} steps/min",
            mount,
            [Segment(4.0), Segment(60.0, BACKWARD, speed, cadence), Segment(3.0)],
            seed=cadence,
        )
        for mount in AXES
        for cadence, speed in ((60, 0.4), (90, 0.55), (105, 0.8))
    ]


def standing_trials(folder: Path) -> list[Trial]:
    """The model's `stand`, two minutes, at waist and ankle."""
    from retrowalk.wearer.script import Segment

    return [walk_trial(folder, "stand", mount, [Segment(120.0)], seed=7) for mount in AXES]
