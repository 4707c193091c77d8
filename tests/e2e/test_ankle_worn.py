"""The main job with the clip at the ankle: calibration by a few steps forward, then walks of the model come home."""

import pytest
from clip import Clip

from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow


@pytest.fixture
def strapped(tmp_path):
    """A virtual device at the ankle, idle, not calibrated."""
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=25, mount="ankle") as device:
        made = Clip(device, tmp_path / "archive")
        made.wait_state("idle")
        yield made


def test_the_ankle_is_calibrated_by_a_few_steps_and_a_walk_comes_home(strapped):
    device = strapped.device
    strapped.retrowalk("calibrate", "ankle")
    status = strapped.status()
    assert status.calibrated and status.mount == "ankle"
    # One pulse: stand still; two: step forward; three: done.
    assert [round(length_ms, -1) for _, length_ms in strapped.pulses()] == [200, 120, 120, 80, 80, 80]
    stepping_s = next(t_us for t_us, text in device.notes if text == "started bow") / 1e6
    assert strapped.pulses()[2][0] < stepping_s < strapped.pulses()[3][0]
    strapped.put_settings({"first_sessions": 0})
    walked = model("demo", mount="ankle", seed=1)
    device.play(walked.frames, press_at_s=[1.0, walked.frames.duration_s - 1.0])
    strapped.wait_state("recording")
    strapped.wait_state("idle", timeout_s=100)
    (session,) = strapped.sync()
    assert session["state"] == "complete"
    result = strapped.analyze()
    assert result["mount"] == "ankle"
    ways = [step["direction"] for step in result["steps"]]
    assert abs(len(ways) - walked.truth.step_count) <= 0.12 * walked.truth.step_count
    backward = walked.truth.backward_count
    assert abs(ways.count("backward") - backward) <= 0.15 * backward
    assert ways.count("forward") > 0
    assert session["step_count"] == result["step_count"], "the device and the replay count the same"
    assert "too_fast" in [event["fault"] for event in result["events"] if event["kind"] == "cue"]


def test_who_is_asked_for_steps_and_bows_does_not_pass(clip):
    """A clip on the belt that is calibrated for the ankle: refused, with a reason, and not stored."""
    clip.retrowalk("calibrate", "ankle", expect=1)
    status = clip.status()
    assert not status.calibrated and status.calibration_reason == "no_motion"
