"""The main job end to end: a walk moves the simulated IMU, the firmware counts, buzzes and logs, the host verifies."""

import subprocess

import pytest
from clip import MPREMOTE

from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow


def walk(worn, walked, press_at_s, timeout_s=100):
    """Play a walk with button presses at `press_at_s`, and wait until the session has ended."""
    worn.device.play(walked.frames, press_at_s=press_at_s)
    worn.wait_state("recording")
    return worn.wait_state("idle", timeout_s)


def test_a_walk_of_the_model_comes_home_verified(coached):
    worn = coached
    walked = model("demo", mount="waist", seed=1)
    end_s = walked.frames.duration_s
    walk(worn, walked, [1.0, end_s - 1.0])
    (session,) = worn.sync()
    assert session["state"] == "complete"
    result = worn.analyze()
    true_steps = len(walked.truth.step_times_s)
    assert abs(result["step_count"] - true_steps) <= 0.1 * true_steps
    backward = sum(step["direction"] == "backward" for step in result["steps"])
    truly_backward = sum(direction == "backward" for direction in walked.truth.step_directions)
    assert abs(backward - truly_backward) <= 0.15 * truly_backward
    assert session["step_count"] == result["step_count"], "the device and the replay count the same"
    faults = [event["fault"] for event in result["events"] if event["kind"] == "cue"]
    assert "lean_forward" in faults
    assert "too_fast" in faults
    # What the log says was cued is what the wearer felt: each cue within 150 ms, with its length.
    pulses = worn.pulses()
    for event in result["events"]:
        if event["kind"] == "cue":
            assert any(abs(length_ms - event["length_ms"]) <= 20 for _, length_ms in pulses), event
    gaps_s = [b[0] - a[0] for a, b in zip(cue_times(result), cue_times(result)[1:], strict=False)]
    assert all(gap_s >= 3.99 for gap_s in gaps_s)


def cue_times(result):
    return [(event["t_s"],) for event in result["events"] if event["kind"] == "cue"]


def test_upright_and_steady_walking_is_never_buzzed(coached):
    worn = coached
    walked = model("steady", mount="waist", seed=2)
    before = len(worn.pulses())
    walk(worn, walked, [1.0, walked.frames.duration_s - 1.0])
    assert worn.device.wait_until(lambda: worn.device.now_us > worn.device.motor[-1][0] + 1e6)
    started_and_ended = [length_ms for _, length_ms in worn.pulses()[before:]]
    assert len(started_and_ended) == 6, f"only countdown (4 pulses) and end (2) may be felt: {started_and_ended}"


def test_short_press_without_calibration_is_refused_by_touch(clip):
    clip.device.press()
    assert clip.device.wait_until(lambda: len(clip.pulses()) == 1, timeout_s=10)
    assert clip.pulses()[0][1] == pytest.approx(500, abs=30)
    assert clip.status().state == "idle"


def test_long_press_is_the_pain_stop(worn):
    walked = model("steady", mount="waist", seed=3)
    worn.device.play(walked.frames, press_at_s=[1.0])
    worn.wait_state("recording")
    worn.device.press(ms=1500)
    worn.wait_state("idle")
    worn.sync()
    result = worn.analyze()
    assert [event["kind"] for event in result["events"] if event["kind"] == "pain"] == ["pain"]
    assert worn.pulses()[-1][1] == pytest.approx(500, abs=30)


def test_double_press_marks(worn):
    """A flash stall of over 150 ms in the middle of it makes it a short press (a known weakness): then once more."""
    walked = model("steady", mount="waist", seed=4)
    for _ in range(3):
        worn.device.play(walked.frames, press_at_s=[1.0])
        worn.wait_state("recording")
        worn.device.double_press()
        worn.device.wait_until(lambda: False, timeout_s=0.2)
        if worn.status().state == "recording":
            break
    worn.command("stop")
    worn.wait_state("idle")
    worn.sync()
    assert sum(event["kind"] == "mark" for event in worn.analyze()["events"]) == 1


def test_nothing_disturbs_a_walk(worn):
    """Ctrl-C, a terminal's typing, mpremote and our own verbs: the session goes on, and says so politely."""
    walked = model("steady", mount="waist", seed=5)
    worn.device.play(walked.frames, press_at_s=[1.0])
    number = worn.wait_state("recording").session
    worn.retrowalk("sync", expect=4)
    assert "recording" in worn.said[-1]
    worn.retrowalk("flash", "--yes", expect=4)
    plain = subprocess.run(["timeout", "4", MPREMOTE, "connect", worn.port, "fs", "ls"], capture_output=True)
    assert plain.returncode != 0
    with open(worn.port, "wb", buffering=0) as port:  # noqa: PTH123 a port, not a file
        port.write(b"\x03\x03\r\x01import os\r\x04\x02\xff\x00")
    status = worn.wait_state("recording")
    assert status.session == number
    worn.command("stop")
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["state"] == "complete"
