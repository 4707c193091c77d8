"""The timed walking tests on the virtual device: a trial lasts from the felt start to the moment of the press."""

import pytest
from clip import is_felt

from retrogait import patterns
from retrogait.trials import BEGINS, ENDS
from retrowalk.errors import BusyError
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow
RATE_HZ = 104
MOST_ERROR_S = 0.1
LONG_PULSE_MS = 300


def test_three_trials_are_timed_to_a_tenth_of_a_second(worn):
    device = worn.device
    walked = model("steady", mount="waist", seed=1)
    device.play(walked.frames)
    before_us = device.now_us
    worn.command("test back3")
    assert worn.status().segment == "test_ready"
    worn.settle(2)
    true_s = []
    for wait_s in (4.0, 6.5, 9.25):
        device.press(ms=150)
        n_before = len(starts(worn, before_us))
        assert device.wait_until(lambda n=n_before: len(starts(worn, before_us)) > n, timeout_s=20)
        start_s = starts(worn, before_us)[-1]
        press_us = round(start_s * 1e6 + wait_s * 1e6)
        # Held for a while: the time is that of going down, not of letting go.
        device.press(ms=400, at_us=press_us)
        true_s.append(wait_s)
        worn.settle(wait_s + 2)
    worn.wait_state("idle", timeout_s=20)
    worn.sync()
    trials = [event for event in worn.logged() if event[0] == "trial"]
    begun = [index for _, index, what, _ in trials if what == BEGINS]
    ended = [index for _, index, what, _ in trials if what == ENDS]
    assert len(begun) == len(ended) == 3
    measured_s = [(b - a) / RATE_HZ for a, b in zip(begun, ended, strict=True)]
    errors_s = [round(a - b, 3) for a, b in zip(measured_s, true_s, strict=True)]
    assert max(abs(error_s) for error_s in errors_s) <= MOST_ERROR_S, errors_s
    assert worn.header()["test"] == "back3"
    assert worn.end()["reason"] == "goal"


def test_a_countdown_taken_back_sends_nobody_off(worn):
    worn.command("test back3")
    worn.settle(2)
    before_us = worn.device.now_us
    worn.device.press(ms=150)
    worn.settle(1)
    worn.device.press(ms=150)
    worn.settle(5)
    felt = worn.felt(before_us)
    assert starts(worn, before_us) == [], felt
    assert is_felt(patterns.TRIAL_READY, felt[-2:]), felt
    assert worn.status().segment == "test_ready"
    worn.device.press(ms=150)
    assert worn.device.wait_until(lambda: len(starts(worn, before_us)) == 1, timeout_s=20)
    worn.command("stop")


def starts(worn, since_us):
    """When a countdown's long pulse began, in seconds."""
    return [
        start_s
        for start_s, length_ms in worn.pulses()
        if start_s * 1e6 > since_us and abs(length_ms - LONG_PULSE_MS) < 25
    ]


def test_what_is_refused(clip):
    with pytest.raises(BusyError, match="how it sits"):
        clip.command("test back3")
    clip.calibrate()
    with pytest.raises(BusyError, match="does not know this walking test"):
        clip.command("test moonwalk")
    with pytest.raises(BusyError, match="does not know this walking test"):
        clip.command("test")
    clip.command("test forward10")
    with pytest.raises(BusyError, match="recorded"):
        clip.command("test back10")
    clip.command("stop")


def test_a_long_press_ends_a_test_for_pain(worn):
    worn.command("test back10")
    worn.settle(2)
    worn.device.press(ms=1500)
    worn.wait_state("idle")
    worn.sync()
    assert worn.end()["reason"] == "pain"
