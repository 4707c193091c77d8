"""The wearer's small tracks answer a calibration, however the clip is tipped."""

import numpy as np
import pytest

from retrogait.calibration import FAILED, PASSED, Calibration
from retrowalk.recordings.recording import to_counts
from retrowalk.virtual import tracks
from retrowalk.wearer.cast import model
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.frames import Frames

RANGES = {"waist": (8, 500), "ankle": (16, 2000)}


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize("clip", [Clip(), Clip(pitch_deg=20.0), Clip(roll_deg=-30.0), Clip(roll_deg=180.0)])
def test_standing_and_the_movement_calibrate_a_tipped_clip(mount, clip):
    """The mounting found puts the stance's up to up; about the vertical no stance can tell."""
    stance = tracks.stance_of(model("stand", mount, 1, clip).frames)
    still = Frames(tracks.standing(stance).values[: 5 * 104])
    track = Frames.concatenate([still, tracks.movement(stance, mount), still])
    counts, _ = to_counts(np.hstack([track.accel_mps2, track.gyro_radps]), *RANGES[mount])
    calibration = Calibration(mount, *RANGES[mount])
    for sample in counts.tolist():
        if calibration.push(sample) in (PASSED, FAILED):
            break
    assert (calibration.phase, calibration.reason) == (PASSED, "")
    assert calibration.mounting is not None
    found = np.array(calibration.mounting.as_list()).reshape(3, 3) / 16384
    up = found @ stance[:3] / np.linalg.norm(stance[:3])
    assert up == pytest.approx([0, 0, 1], abs=0.02)
    if clip == Clip():
        assert found == pytest.approx(clip.mounting(mount), abs=0.06)


def test_a_model_that_wears_the_clip_otherwise_is_calibrated_straight():
    """`retrowalk virtual`: the stance of a scenario's wearer is that of a straight clip, whatever the walk's is."""
    from retrowalk.cli import build_parser
    from retrowalk.virtual import verb

    for mount in ("waist", "ankle"):
        args = build_parser("virtual").parse_args(["--walk", "model:upside_down", "--mount", mount])
        frames, stance = verb._walk(args)
        assert frames is not None and stance is not None
        straight = tracks.default_stance(mount)[:3]
        assert stance[:3] @ straight > 0.99e12
        assert frames.values[:200, :3].mean(axis=0) @ straight < -0.99e12
