"""The same core on CPython, on 64-bit MicroPython and on the 32-bit build: bit for bit, without a byte allocated.

Ten recorded trials (where they are), the walking model and absurd streams. The unit of comparison is a hash of
everything the core says, every 500 samples, and the full list of events.
"""

import interpreters
import numpy as np
import pytest
import trace_core

from retrowalk.recordings.recording import load_recording, resample_to_counts, time_reversed
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow

RECORDED = [
    ("ipol_gait_lowerback_feet/dev/S01_T1_lb.csv.gz", "waist", "-z,y,x", False),
    ("ipol_gait_lowerback_feet/dev/S05_T2_lb.csv.gz", "waist", "-z,y,x", True),
    ("ipol_gait_lowerback_feet/dev/S09_T3_lb.csv.gz", "waist", "-z,y,x", False),
    ("ipol_gait_lowerback_feet/dev/S13_T5_lb.csv.gz", "waist", "-z,y,x", True),
    ("ipol_gait_lowerback_feet/dev/S17_T3_lb.csv.gz", "waist", "-z,y,x", False),
    ("mobilised_lab_lowerback/dev/HA001_Test11_Trial1.csv.gz", "waist", "z,-y,x", False),
    ("mobilised_lab_lowerback/dev/HA001_Test5_Trial2.csv.gz", "waist", "z,-y,x", True),
    ("neura_sparse_sample/dev/S02_walk1_Pelvis.csv.gz", "waist", "z,y,-x", False),
    ("ipol_gait_lowerback_feet/dev/S01_T1_rf.csv.gz", "ankle", "x,y,z", False),
    ("ipol_gait_lowerback_feet/dev/S07_T1_lf.csv.gz", "ankle", "x,y,z", True),
    ("neura_sparse_sample/dev/S02_walk1_L_LowLeg.csv.gz", "ankle", "x,y,z", False),
    ("broad_orientation/dev/15_undisturbed_fast_translation_A.csv.gz", "waist", "x,y,z", False),
]
RANGES = {"waist": (8, 500), "ankle": (16, 2000)}


def recorded_trials(folder):
    trials = {}
    for path, mount, axes, backward in RECORDED:
        recording = load_recording(folder / path)
        if backward:
            recording = time_reversed(recording)
        segments, _n_clipped = resample_to_counts(recording, *RANGES[mount])
        trials[path.split("/")[-1]] = (mount, axes, np.concatenate([segment.values for segment in segments]))
    return trials


def made_trials():
    rng = np.random.default_rng(1)
    extreme = np.tile(np.int16([32767, -32768, 32767, -32768, 32767, -32768]), (1500, 1))
    flips = rng.choice(np.int16([-32768, 32767]), (3000, 6))
    trials = {
        "extreme": ("waist", "x,y,z", extreme),
        "flips_waist": ("waist", "-z,y,x", flips),
        "flips_ankle": ("ankle", "x,y,z", flips),
        "slow_flips": ("waist", "x,y,z", np.repeat(flips[:150], 20, axis=0)),
        "noise": ("waist", "x,y,z", rng.integers(-32768, 32768, (3000, 6)).astype(np.int16)),
        "zero": ("waist", "x,y,z", np.zeros((1500, 6), np.int16)),
    }
    for mount in ("waist", "ankle"):
        walk = model("demo", mount=mount, seed=3)
        axes = "-z,y,x" if mount == "waist" else "x,y,z"
        trials[f"model_{mount}"] = (mount, axes, counts_of(walk.frames, *RANGES[mount]))
    return trials


def counts_of(frames, accel_range_g, gyro_range_dps):
    """What the IMU makes of a wearer's frames (int16 [n, 6])."""
    per_count = np.array([{8: 244, 16: 488}[accel_range_g]] * 3 + [{500: 140, 2000: 560}[gyro_range_dps]] * 3)
    return np.clip((frames.values + per_count // 2) // per_count, -32768, 32767).astype(np.int16)


def test_made_and_absurd_streams(tmp_path):
    here = interpreters.prove(tmp_path, made_trials(), trace_core, 50)
    assert len(here["model_waist"][1]) > 4 * 50, "the model's walk gives no events: the comparison would be empty"


def test_recorded_walks(tmp_path, recorded):
    here = interpreters.prove(tmp_path, recorded_trials(recorded), trace_core, 50)
    assert len(here) >= 10
    assert all(len(here[name][1]) > 4 * 8 for name in here if "_lb" in name)
