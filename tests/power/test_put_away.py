"""A clip that nobody touches goes to sleep by itself, and comes back by button, motion or cable."""

import pytest
from clip import is_felt
from power_helpers import booted_after, falls_asleep

from retrogait import patterns
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow

DAY_S = 86400.0


def test_ten_minutes_untouched_then_the_button_wakes_it_with_a_tick(on_battery):
    device = on_battery.device
    slept_s = falls_asleep(device)
    assert 600 < slept_s < 640
    device.power.pass_time(3600)
    n_notes, began_us = len(device.notes), device.now_us
    device.press()
    booted_after(device, n_notes)
    device.power.plug(True)
    status = on_battery.wait_state("idle")
    assert on_battery.raw_status()["woke_by"] == "button"
    assert status.faults == {}
    # The press that woke it starts nothing: one tick.
    assert device.wait_until(lambda: is_felt(patterns.RESUMED, on_battery.felt(began_us)))
    assert len(on_battery.felt(began_us)) == 1
    assert device.power.violations == []
    assert device.power.spans_s()["deep"] == pytest.approx(3600, abs=1)


@pytest.mark.long
def test_moved_in_vain_it_sleeps_again_and_the_third_time_only_the_button_wakes_it(on_battery):
    device = on_battery.device
    falls_asleep(device)
    for _ in range(3):
        n_notes, began_s = len(device.notes), device.now_us / 1e6
        device.power.pick_up()
        booted_after(device, n_notes)
        assert 60 < falls_asleep(device) - began_s < 75
    device.power.pick_up()
    assert not device.is_on
    assert device.motor == []
    n_notes = len(device.notes)
    device.press()
    booted_after(device, n_notes)
    assert device.power.violations == []


def test_a_year_in_a_drawer_has_everything_off_after_a_day(on_battery):
    device = on_battery.device
    falls_asleep(device)
    n_notes = len(device.notes)
    device.power.pass_time(DAY_S)
    assert device.wait_note("deepsleep -1", after=n_notes)
    assert device.wait_until(lambda: not device.is_on)
    device.power.pass_time(365 * DAY_S)
    device.power.pick_up()
    assert not device.is_on
    n_notes = len(device.notes)
    device.power.plug(True)
    booted_after(device, n_notes)
    on_battery.wait_state("idle")
    assert on_battery.raw_status()["woke_by"] == "usb"
    spans_s = device.power.spans_s()
    assert spans_s["deep"] == pytest.approx(366 * DAY_S, rel=1e-3)
    # Awake for the ten minutes before, for a moment after the day, and now.
    assert spans_s["awake"] + spans_s["light"] < 660
    assert device.power.violations == []


@pytest.mark.long
def test_a_cable_a_host_and_a_walk_keep_it_awake(worn):
    device = worn.device
    device.set_speed(500)
    device.wait_until(lambda: device.now_us > 700e6, 60)
    assert device.is_on and device.now_us > 700e6
    device.power.plug(False)
    for _ in range(3):
        since_us = device.now_us
        assert device.wait_until(lambda since=since_us: device.now_us > since + 300e6, 60)
        worn.status()
    assert device.is_on
    device.set_speed(50)
    device.play(model("steady", "waist").frames, press_at_s=[0.5])
    assert device.wait_note("started walk")
    assert worn.comes_to(lambda status: status.state == "recording")
    # Nobody walks on: the session ends by itself, and only then the ten minutes begin.
    device.set_speed(500)
    assert device.wait_until(lambda: not device.is_on, 100)
    assert device.power.violations == []


def test_what_cannot_tell_whether_a_cable_is_there_never_dozes_but_is_put_away(board_clip):
    clip = board_clip("feather_s3")
    device = clip.device
    assert clip.raw_status()["dozes"] is False
    device.power.plug(False)
    assert 600 < falls_asleep(device) < 640
    device.power.pick_up()
    assert not device.is_on
    n_notes = len(device.notes)
    device.press()
    booted_after(device, n_notes)
    clip.wait_state("idle")
    assert device.power.spans_s()["light"] == 0
    assert device.power.violations == []


def test_an_empty_cell_ends_the_session_and_the_clip_sleeps_at_once(worn):
    device = worn.device
    device.play(model("steady", "waist").frames, press_at_s=[0.5])
    assert worn.comes_to(lambda status: status.state == "recording", 10)
    device.power.plug(False)
    device.set_battery(3200)
    n_pulses = len(worn.felt())
    assert worn.comes_to(lambda status: status.state == "idle", 20)
    ended_s = device.now_us / 1e6
    assert falls_asleep(device) - ended_s < 60
    assert is_felt(patterns.BATTERY_LOW, worn.felt()[n_pulses:])
    # Motion would wake it for nothing.
    device.power.pick_up()
    assert not device.is_on
    n_notes = len(device.notes)
    device.power.plug(True)
    booted_after(device, n_notes)
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["verified"] and session["state"] == "complete"
    assert device.power.violations == []


def test_the_long_press_that_wakes_it_is_not_the_safe_mode(on_battery):
    device = on_battery.device
    falls_asleep(device)
    n_notes = len(device.notes)
    device.hold_button(True)
    device.press()
    booted_after(device, n_notes)
    device.power.plug(True)
    assert on_battery.wait_state("idle")
    device.hold_button(False)


def test_what_its_button_cannot_wake_is_never_put_away(on_battery, sabotage):
    assert on_battery.raw_status()["sleeps_after_s"] == 600
    sabotage(on_battery, "boards/virtual.py", "BUTTON_WAKES = True", "BUTTON_WAKES = False")
    assert on_battery.raw_status()["sleeps_after_s"] == 0
