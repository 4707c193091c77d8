"""A session's life on the virtual device: countdown, goal, stillness, a clip that moved, battery, first sessions."""

import json

import numpy as np
import pytest
from clip import is_felt

from retrogait import patterns
from retrowalk.errors import BusyError
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow


def walk(worn, name, seed, press_at_s=(1.0,)):
    walked = model(name, mount="waist", seed=seed)
    worn.device.play(walked.frames, press_at_s=list(press_at_s))
    worn.wait_state("recording")
    return walked


def segments(worn):
    return [event[2] for event in worn.logged() if event[0] == "segment"]


def test_the_first_session_is_without_cues_and_the_second_is_coached(worn):
    for number, coaching in ((1, "familiarisation"), (2, "full")):
        walk(worn, "demo", 1, (1.0, 75.0))
        assert worn.status().coaching == coaching
        worn.wait_state("idle")
        worn.sync()
        header = worn.header()
        assert header["coaching"] == coaching
        assert header["settings"]["cue_share_percent"] == (0 if number == 1 else 100)
        assert header["settings"]["lean_alarm_cdeg"] == (4500 if number == 1 else 1500)
        kinds = [event[0] for event in worn.logged()]
        assert ("cue" in kinds) == (number == 2)
        assert ("withheld" in kinds) == (number == 1)
        assert len([kind for kind in kinds if kind in ("cue", "withheld")]) >= 2
    assert worn.end()["reason"] == "button"


def test_the_countdown_is_in_the_recording_and_the_goal_ends_it(worn):
    worn.put_settings({"goal_steps": 20})
    before_us = worn.device.now_us
    walk(worn, "steady", 2)
    assert worn.wait_state("recording").segment in ("countdown", "warm_up", "exercise")
    worn.wait_state("idle")
    worn.settle(2)
    felt = worn.felt(before_us)
    assert is_felt(patterns.countdown(3), felt), felt
    assert is_felt(patterns.SUCCESS, felt), felt
    assert is_felt(patterns.STOP, felt[-2:]), felt
    (session,) = worn.sync()
    assert worn.end()["reason"] == "goal"
    assert segments(worn) == [2, 3, 4, 5, 0]
    assert 20 <= session["step_count"] <= 30


@pytest.mark.parametrize(("press_ms", "reason"), [(150, "goal"), (1500, "pain")])
def test_a_press_while_the_goal_is_felt_loses_no_session_and_begins_none(worn, press_ms, reason):
    worn.put_settings({"goal_steps": 20})
    before_us = worn.device.now_us
    walk(worn, "steady", 2)
    assert worn.device.wait_until(lambda: len(worn.felt(before_us)) >= 5, timeout_s=60)
    worn.device.press(ms=press_ms)
    worn.settle(3)
    assert worn.status().state == "idle"
    (session,) = worn.sync()
    assert session["state"] == "complete"
    # A long press may come too late for the session it was meant for: then it has ended well.
    assert worn.end()["reason"] in (reason, "goal")


@pytest.mark.long
def test_success_fades_the_cues_of_the_next_session_and_a_retention_check_has_none(worn):
    worn.put_settings({"goal_steps": 20})
    worn.put_json("progress.json", {"format": 1, "sessions": 23, "level": 1, "successes": 1})
    for coaching, share, level in (("faded", 67, 2), ("retention", 0, 2), ("faded", 33, 3)):
        walk(worn, "steady", 7)
        worn.wait_state("idle")
        worn.sync()
        header = worn.header()
        assert (header["coaching"], header["settings"]["cue_share_percent"]) == (coaching, share)
        stored = json.loads(worn.mpremote("fs", "cat", "/data/progress.json"))
        assert stored["level"] == level
        worn.device.reset()
        worn.wait_state("idle")
    assert stored == {"format": 1, "sessions": 26, "level": 3, "successes": 0}


def test_standing_pauses_then_ends_the_session(worn):
    worn.put_settings({"pause_after_ms": 3000, "end_after_still_s": 10})
    before_us = worn.device.now_us
    walk(worn, "steady", 3)
    worn.wait_state("idle")
    worn.settle(2)
    worn.sync()
    assert worn.end()["reason"] == "still"
    assert segments(worn)[-2:] == [6, 0]
    assert is_felt(patterns.PAUSED, worn.felt(before_us))
    assert is_felt(patterns.STOP, worn.felt(before_us)[-2:])


# The clip's top hangs to the side: a quarter turn of the sensor about the wearer's X.
FALLEN_OVER = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]], float)


def test_a_clip_put_on_differently_is_found_and_asks_for_a_new_calibration(worn):
    before_us = worn.device.now_us
    worn.device.play(model("stand", mount="waist", seed=6).frames.rotated(FALLEN_OVER), press_at_s=[1.0])
    worn.wait_state("recording")
    status = worn.wait_state("idle")
    assert status.clip_moved and not status.calibrated
    worn.settle(2)
    assert is_felt(patterns.FIT_AGAIN, worn.felt(before_us)[-3:]), worn.felt(before_us)
    worn.sync()
    assert worn.end()["reason"] == "clip_moved"
    assert "clip_moved" in [event[0] for event in worn.logged()]
    worn.device.reset()
    worn.wait_state("idle")
    with pytest.raises(BusyError, match="sits otherwise"):
        worn.command("start")
    worn.calibrate()
    worn.command("start")
    worn.command("stop")


def test_a_cell_that_runs_down_warns_once_then_ends_the_session_in_time(worn):
    before_us = worn.device.now_us
    worn.device.set_battery(3500)
    walk(worn, "steady", 4)
    worn.settle(20)
    felt = worn.felt(before_us)
    assert is_felt(patterns.BATTERY_LOW, felt), felt
    assert len(felt) == 4 + 4, "the countdown, and one warning"
    worn.device.set_battery(3380)
    worn.wait_state("idle")
    worn.settle(3)
    assert is_felt(patterns.BATTERY_LOW, worn.felt(before_us)[-4:])
    (session,) = worn.sync()
    assert session["state"] == "complete"
    assert worn.end()["reason"] == "battery_low"
    # Pressed while it boots, the button would mean safe mode.
    worn.wait_state("idle")
    before_us = worn.device.now_us
    worn.device.press()
    assert worn.device.wait_until(lambda: len(worn.felt(before_us)) == 4)
    assert is_felt(patterns.BATTERY_LOW, worn.felt(before_us))
    assert worn.status().state == "idle"


def test_without_a_gauge_nothing_is_guessed(worn):
    worn.device.fault("gauge_absent")
    before_us = worn.device.now_us
    walk(worn, "steady", 5)
    worn.settle(25)
    assert worn.status().state == "recording"
    assert worn.status().battery_mv is None
    assert len(worn.felt(before_us)) == 4
