"""What people and parts do wrong: each is answered by touch and in the log, never by a stuck or endless buzz."""

import pytest
from clip import is_felt

from retrogait import patterns
from retrowalk.virtual import tracks
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model
from retrowalk.wearer.frames import Frames

pytestmark = pytest.mark.slow


def test_a_button_held_for_a_minute_does_nothing_when_idle_and_is_one_pain_stop_in_a_walk(worn):
    before_us = worn.device.now_us
    worn.device.hold_button(True)
    worn.settle(60)
    worn.device.hold_button(False)
    worn.settle(1)
    assert worn.felt(before_us) == []
    assert worn.status().state == "idle"
    worn.device.play(model("steady", mount="waist", seed=1).frames, press_at_s=[1.0])
    worn.wait_state("recording")
    worn.settle(10)
    before_us = worn.device.now_us
    worn.device.hold_button(True)
    worn.settle(60)
    worn.device.hold_button(False)
    worn.settle(2)
    assert len(worn.felt(before_us)) == 2 and is_felt(patterns.PAIN, worn.felt(before_us))
    assert worn.status().state == "idle"
    worn.sync()
    assert worn.end()["reason"] == "pain"
    assert [event[0] for event in worn.logged()].count("pain") == 1


@pytest.mark.parametrize(
    "at_s", [15.05, *(pytest.param(each, marks=pytest.mark.long) for each in (14.9, 15.0, 15.1, 15.2, 15.3))]
)
def test_a_press_in_the_middle_of_a_flush_ends_the_walk(worn, at_s):
    """Flushes come every five seconds; whatever their phase, no press is lost."""
    worn.device.play(model("steady", mount="waist", seed=2).frames, press_at_s=[1.0, 1.0 + at_s])
    worn.wait_state("recording")
    worn.wait_state("idle", timeout_s=20)
    (session,) = worn.sync()
    assert session["state"] == "complete"
    assert worn.end()["reason"] == "button"
    assert at_s - 2 <= session["duration_s"] <= at_s + 3


def test_an_absent_motor_is_counted_and_the_walk_is_recorded(coached):
    coached.device.fault("motor_absent")
    coached.device.play(model("demo", mount="waist", seed=1).frames, press_at_s=[1.0, 70.0])
    coached.wait_state("recording")
    before_us = coached.device.now_us
    coached.wait_state("idle")
    (session,) = coached.sync()
    assert session["state"] == "complete"
    assert coached.felt(before_us) == []
    assert coached.end()["faults"]["motor_absent"] >= 2
    assert "cue" in [event[0] for event in coached.logged()]


def test_a_calibration_while_walking_fails_and_says_why_also_after_a_reset(clip):
    clip.device.play(model("steady", mount="waist", seed=4).frames)
    clip.settle(6)
    before_us = clip.device.now_us
    clip.retrowalk("calibrate", "waist", expect=1)
    assert "you moved while it measured" in clip.said[-1]
    assert clip.device.wait_until(lambda: is_felt(patterns.FAILED, clip.felt(before_us)))
    clip.device.reset()
    status = clip.wait_state("idle")
    assert (status.calibration_ok, status.calibration_reason) == (False, "not_still")
    assert not status.calibrated


def spoilt(change):
    """A clip whose standing wearer's track is changed."""
    values = tracks.standing(tracks.default_stance("waist"), 1).values.copy()
    change(values)
    return Frames(values)


def drift(values):
    """The gyro turns by 5 deg/s about one axis while it is at rest."""
    values[:, 4] += round(5 / 125e-6)


def knock(values):
    """Once a second, something beyond the range of the accelerometer."""
    values[::104, 0] = 20000000


@pytest.mark.parametrize(("change", "reason"), [(drift, "gyro_off"), (knock, "out_of_range")])
def test_a_sensor_that_cannot_be_trusted_is_refused_by_the_calibration(tmp_path, clip_class, change, reason):
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=25, idle=spoilt(change)) as device:
        clip = clip_class(device, tmp_path / "archive")
        clip.wait_state("idle")
        clip.retrowalk("calibrate", "waist", expect=1)
        status = clip.status()
        assert (status.calibration_ok, status.calibration_reason) == (False, reason)
        assert device.wait_until(lambda: is_felt(patterns.FAILED, clip.felt()))


MORE_IMPOSSIBLE = (
    {"cue_strength_percent": 1000},
    {"no_such_setting": 1},
    {"stage": 9},
    "settings",
    {"cue_rest_ms": "often"},
)


@pytest.mark.parametrize(
    "settings",
    [
        {"lean_cue_cdeg": 400, "lean_clear_cdeg": 900},
        [1, 2, 3],
        *(pytest.param(each, marks=pytest.mark.long) for each in MORE_IMPOSSIBLE),
    ],
)
def test_impossible_settings_are_told_and_the_defaults_hold(worn, settings):
    before_us = worn.device.now_us
    worn.put_settings(settings)
    assert worn.status().faults == {"settings_unreadable": 1}
    assert worn.device.wait_until(lambda: is_felt(patterns.FAILED, worn.felt(before_us)))
    worn.command("start")
    worn.settle(3)
    worn.command("stop")
    worn.sync()
    assert worn.header()["faults"] == {"settings_unreadable": 1}
    assert worn.header()["settings"]["lean_cue_cdeg"] == 800


@pytest.mark.parametrize(
    "text",
    [
        {"format": 1, "sessions": "many"},
        *(pytest.param(each, marks=pytest.mark.long) for each in ({"format": 2}, [], {"format": 1, "level": True})),
    ],
)
def test_progress_that_cannot_be_read_counts_as_none(worn, text):
    worn.put_json("progress.json", text)
    status = worn.status()
    assert status.faults == {"progress_unreadable": 1}
    assert status.coaching == "familiarisation"
