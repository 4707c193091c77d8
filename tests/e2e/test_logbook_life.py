"""The logbook on the whole virtual device: a full flash, a power cut, and what time a walk was."""

import json
import time

import pytest

from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow

FILL = """
import os
f=open('/filler','wb')
while 1:
 v=os.statvfs('/')
 if v[0]*v[3]<{}*1024:
  break
 f.write(bytes(4096))
 f.flush()
f.close()
"""


def walk_with(clip, seconds, seed=1):
    """One session of so many seconds; returns when it began and ended, us of the virtual clock."""
    walked = model("steady", mount="waist", seed=seed)
    clip.device.play(walked.frames, press_at_s=[1.0, 1.0 + seconds])
    clip.wait_state("recording")
    began_us = clip.device.now_us
    clip.wait_state("idle")
    return began_us


def records(clip):
    return {path: path.read_bytes() for path in sorted(clip.archive.rglob("*.rwl"))}


def test_a_full_flash_thins_what_is_verified_and_the_archive_keeps_the_rest(worn, tmp_path):
    """With 160 kB left: synced walks lose their raw samples on the device only, the next walk keeps all of its own."""
    for seed in (1, 2):
        walk_with(worn, 30, seed)
    assert [each["samples"] for each in worn.sync()] == ["all", "all"]
    full = records(worn)
    worn.wait_state("idle")
    walk_with(worn, 20, 3)
    worn.mpremote("exec", FILL.format(160))
    worn.device.reset()
    worn.wait_state("idle")
    worn.settle(25)
    rows = worn.sync()
    assert [each["thinned_on_device"] for each in rows] == [True, True, False]
    # With less than the goal for the others they go too, the oldest first: the third came thinned.
    assert [each["samples"] for each in rows] == ["all", "all", "thinned"]
    assert all(path.read_bytes() == data for path, data in full.items())
    assert rows[2]["step_count"] > 15 and rows[2]["state"] == "complete"
    told = worn.analyze("s00003")
    assert told["step_count"] == rows[2]["step_count"] and told["quality"]["samples"] == "thinned"
    worn.retrowalk("verify", port=False)
    worn.retrowalk("plot", "s00003", "--out", tmp_path / "thinned.png", port=False)
    assert "raw samples out to make room" in (tmp_path / "thinned.txt").read_text()


def test_a_walk_cut_by_the_battery_is_closed_at_the_next_start(worn):
    device = worn.device
    walked = model("steady", mount="waist", seed=4)
    device.play(walked.frames, press_at_s=[1.0])
    worn.wait_state("recording")
    began_us = device.now_us
    assert device.wait_until(lambda: device.now_us > began_us + 24e6, timeout_s=30)
    device.power_cut()
    device.start()
    worn.wait_state("idle")
    (session,) = worn.sync()
    steps = sum(1 for kind, *_ in worn.logged() if kind == "step")
    assert session["state"] == "recovered" and session["damage"] == []
    end = worn.end()
    assert (end["reason"], end["recovered"]) == ("power_lost", True)
    assert end["step_count"] == session["step_count"] == steps > 10
    assert session["duration_s"] > 15
    assert "recovered" in worn.retrowalk("sessions", port=False)
    assert any("power was cut" in note for note in worn.analyze()["quality"]["notes"])


def test_ticks_that_wrap_in_mid_walk_and_an_imu_that_runs_fast(clip_class, tmp_path):
    """ticks_ms wraps about the middle of the walk, the IMU is 0.8 % fast: the times of the session are right."""
    with VirtualDevice(
        tmp_path / "flash.bin", link=tmp_path / "port", speed=25, imu_clock_ppm=8000, wrap_after_ms=90_000
    ) as device:
        clip = clip_class(device, tmp_path / "archive")
        clip.wait_state("idle")
        clip.calibrate()
        walked = model("steady", mount="waist", seed=5)
        device.play(walked.frames, press_at_s=[1.0])
        clip.wait_state("recording")
        began_us = device.now_us
        assert began_us < 85e6, "the calibration took longer than thought: set wrap_after_ms higher"
        assert device.wait_until(lambda: device.now_us > 110e6, timeout_s=60)
        device.press()
        clip.wait_state("idle")
        (session,) = clip.sync()
        rate = session["clock"]["imu_rate"]
        assert abs(rate["ppm"] - 8000) <= rate["plus_minus_ppm"] < 3000
        end = clip.end()
        assert end["n_samples"] == pytest.approx(end["elapsed_ms"] / 1000 * 104 * 1.008, abs=104)
        assert session["missing_s"] == 0 and session["state"] == "complete"
        assert session["clock"]["utc_s"] == pytest.approx(time.time(), abs=600)


def test_a_walk_before_the_clock_was_ever_set_gets_its_date_at_the_sync(clip):
    # Neither of these two sets the clock.
    clip.command("calibrate waist")
    assert clip.comes_to(lambda status: status.calibrated, timeout_s=30)
    began_us = walk_with(clip, 15)
    device_s = (clip.device.now_us - began_us) / 1e6
    (session,) = clip.sync()
    assert session["header"].get("utc_s") is None and session["clock"]["utc_s"] is None
    (row,) = json.loads(clip.retrowalk("sessions", "--json", port=False))
    assert row["utc_s"] == pytest.approx(time.time() - device_s, abs=40)
