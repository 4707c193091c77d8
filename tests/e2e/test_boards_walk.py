"""Every IMU walks: a board with each of them is calibrated, records a walk of half a minute, and counts its steps."""

import pytest

from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, Segment

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("board", ["feather_s3", "m5stickc_plus2", "virtual_bmi270"])
def test_a_walk_on_this_board_counts_its_steps(clip_class, tmp_path, board):
    walked = walk((Segment(4.0), Segment(20.0, BACKWARD, 0.5, 90.0), Segment(6.0)), "waist", seed=4)
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=25, board=board) as device:
        worn = clip_class(device, tmp_path / "archive")
        assert worn.wait_state("idle").board == board
        worn.calibrate()
        before = len(worn.pulses())
        device.play(walked.frames, press_at_s=[1.0, walked.frames.duration_s - 0.5])
        worn.wait_state("recording")
        worn.wait_state("idle", 60)
        (session,) = worn.sync()
        result = worn.analyze()
        assert session["state"] == "complete"
        assert abs(result["step_count"] - walked.truth.step_count) <= 1, (result["step_count"], walked.truth.step_count)
        assert session["step_count"] == result["step_count"], "the device and the replay count the same"
        assert worn.status().faults == {}
        assert len(worn.pulses()) > before, "the start was felt"
        assert worn.status().battery_mv == pytest.approx(3900, abs=5)
