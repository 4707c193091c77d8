"""What must not lose a walk: power cuts, killed hosts, full flash, a sick IMU, corrupt files."""

import json
import os
import signal
import subprocess
import time

import pytest
from clip import MPREMOTE, RETROWALK, is_felt

from retrogait import patterns
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, Segment

pytestmark = pytest.mark.slow


def record(worn, seed, seconds=None):
    """One complete session of the model; `seconds` of life at most."""
    walked = model("steady", mount="waist", seed=seed)
    end_s = min(walked.frames.duration_s - 1.0, seconds or 1e9)
    worn.device.play(walked.frames, press_at_s=[1.0, end_s])
    worn.wait_state("recording")
    worn.wait_state("idle")


def test_host_killed_in_mid_sync_and_device_killed_in_mid_walk(worn):
    """Issue 2, show 6: the sessions are all there afterwards."""
    record(worn, 1)
    record(worn, 2, seconds=30)
    sync = subprocess.Popen([*RETROWALK, "sync", "--port", worn.port], env=worn.env(), stderr=subprocess.DEVNULL)
    deadline_s = time.monotonic() + 20
    while not list(worn.archive.rglob("*.part")) and not list(worn.archive.rglob("*.rwl")):
        assert time.monotonic() < deadline_s, "the sync never began to write"
        time.sleep(0.005)
    sync.send_signal(signal.SIGKILL)
    sync.wait()
    worn.device.reset()
    worn.wait_state("idle")
    walked = model("steady", mount="waist", seed=3)
    worn.device.play(walked.frames, press_at_s=[1.0])
    began_us = worn.device.now_us
    worn.wait_state("recording")
    assert worn.device.wait_until(lambda: worn.device.now_us > began_us + 25e6, timeout_s=30)
    worn.device.power_cut()
    walked_s = (worn.device.now_us - began_us) / 1e6 - 1.4
    worn.device.start()
    worn.wait_state("idle")
    sessions = worn.sync()
    assert [session["state"] for session in sessions] == ["complete", "complete", "recovered"]
    assert sessions[0]["duration_s"] > 50
    assert sessions[2]["duration_s"] >= walked_s - 6, "more than one flush interval was lost"
    assert not list(worn.archive.rglob("*.part"))


FILL = """
import os
f=open('/filler','wb')
b=bytes(4096)
while os.statvfs('/')[3] > {blocks}:
 f.write(b)
 f.flush()
f.close()
"""


FILL_TO_THE_BRIM = """
n=0
try:
 while 1:
  f=open('/brim%d'%n,'wb')
  f.write(bytes(1500))
  f.close()
  n+=1
except OSError:
 pass
"""


def fill_flash(worn, blocks_left):
    """Leave so many blocks of 4 kB free on the device."""
    mpremote(worn, "exec", FILL.format(blocks=blocks_left))
    worn.device.reset()
    worn.wait_state("idle")


@pytest.mark.long
def test_a_full_flash_refuses_by_touch_and_keeps_what_it_has(worn):
    record(worn, 1, seconds=20)
    fill_flash(worn, 4)
    mpremote(worn, "exec", FILL_TO_THE_BRIM)
    worn.device.reset()
    worn.wait_state("idle")
    before = len(worn.pulses())
    worn.device.press()
    assert worn.device.wait_until(lambda: len(worn.pulses()) > before, timeout_s=20)
    assert worn.pulses()[-1][1] == pytest.approx(500, abs=30)
    assert worn.status().faults["flash_full"] >= 1
    (session,) = worn.sync()
    assert session["state"] == "complete"


@pytest.mark.long
def test_a_nearly_full_flash_drops_raw_samples_but_never_steps(worn):
    fill_flash(worn, 38)
    # Packed it takes 35 kB a minute, and a good 40 kB are left for it.
    walked = walk((Segment(5.0), Segment(110.0, BACKWARD, 0.55, 90.0), Segment(3.0)), seed=8)
    worn.device.play(walked.frames, press_at_s=[1.0, 115.0])
    worn.wait_state("recording")
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["state"] == "complete"
    assert session["missing_s"] > 10, "the list of walks must say so too"
    assert session["step_count"] > 60
    # The raw samples had no room: the replay says so, the steps the device found are kept.
    assert worn.analyze()["quality"]["missing_s"] > 10


def mpremote(worn, *words):
    run = subprocess.run([MPREMOTE, "connect", worn.port, *words], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_an_absent_imu_is_told_by_touch_and_by_name(worn):
    worn.device.fault("imu_absent")
    before = len(worn.pulses())
    worn.device.press()
    assert worn.device.wait_until(lambda: len(worn.pulses()) > before, timeout_s=10)
    assert worn.pulses()[-1][1] == pytest.approx(500, abs=30)
    assert worn.status().faults["imu_absent"] == 1


def test_a_bus_that_sticks_in_mid_walk_is_freed_and_the_gap_is_named(worn):
    walked = model("steady", mount="waist", seed=6)
    worn.device.play(walked.frames, press_at_s=[1.0, walked.frames.duration_s - 1])
    worn.wait_state("recording")
    worn.device.fault("bus_stuck")
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["state"] == "complete"
    assert worn.analyze()["step_count"] > 40


def test_a_corrupt_block_is_named_and_the_rest_is_kept(worn):
    record(worn, 7)
    path = "/sessions/s00001/0000.rwl"
    mpremote(worn, "exec", f"f=open('{path}','r+b')\nf.seek(20000)\nf.write(b'XXXX')\nf.close()")
    worn.device.reset()
    worn.wait_state("idle")
    (session,) = worn.sync(expect=5)
    assert session["state"] == "damaged"
    assert session["damage"]
    assert "s00001" in worn.said[-1]
    assert worn.analyze(expect=5)["step_count"] > 40


def test_corrupt_settings_and_mounting_never_stop_the_device(worn):
    mpremote(worn, "exec", "f=open('/data/settings.json','w')\nf.write('{\"lean_cue_cdeg\": \"no\"')\nf.close()")
    mpremote(worn, "exec", "f=open('/data/mounting.json','w')\nf.write('[1,2]')\nf.close()")
    worn.device.reset()
    status = worn.wait_state("idle")
    assert status.faults == {"settings_unreadable": 1, "mounting_unreadable": 1}
    assert not status.calibrated
    # The wearer feels that something is not as it was set.
    assert worn.device.wait_until(lambda: is_felt(patterns.FAILED, worn.felt(worn.device.now_us - 5e6)))


def test_holding_the_button_at_start_gives_the_plain_prompt(worn):
    n_notes = len(worn.device.notes)
    worn.device.hold_button(True)
    worn.device.reset()
    assert worn.device.wait_note("repl", timeout_s=30, after=n_notes)
    worn.device.hold_button(False)
    worn.retrowalk("calibrate", "waist", expect=4)
    assert "safe mode" in worn.said[-1]
    assert "main.py" in mpremote(worn, "fs", "ls")


def test_two_devices_are_listed_and_nothing_is_guessed(worn, tmp_path):
    with VirtualDevice(tmp_path / "other.bin", link=tmp_path / "other", unique_id=b"\x24\x0a\xc4\x00\x00\x02"):
        run = subprocess.run([*RETROWALK, "sync"], capture_output=True, text=True, env=os.environ | {})
        listed = json.loads(worn.retrowalk("devices", "--json", port=False))
    assert run.returncode == 2
    assert "--port" in run.stderr
    assert len(listed) >= 2


def test_a_motor_that_the_bus_has_lost_is_stopped_as_soon_as_it_can_be(worn):
    """The bus dies in the middle of a pulse: the chip ends it by itself; when it can be told again, it works."""
    device = worn.device
    device.set_speed(5)
    before = len(device.motor)
    device.fault("imu_absent")
    device.press()
    assert device.wait_motor(after=before)
    device.fault("bus_dead")
    began_us = device.now_us
    assert device.wait_until(lambda: device.now_us > began_us + 3e6)
    (length_ms,) = worn.felt(began_us - 1e6)[-1:]
    assert length_ms in (749, 750, 751), "the bus died too late for this test to mean anything"
    device.fault("bus_dead", False)
    device.fault("imu_absent", False)
    n_before = len(worn.pulses())
    worn.settle(4)
    device.press()
    assert device.wait_until(lambda: len(worn.pulses()) >= n_before + 4), "the motor does not work again"


def test_doctor_tells_a_stuck_bus_from_an_absent_chip(worn):
    worn.device.fault("bus_dead")
    assert "the bus is stuck" in worn.retrowalk("doctor", expect=1)
    worn.device.fault("bus_dead", False)
    worn.device.fault("imu_absent")
    out = worn.retrowalk("doctor", expect=1)
    assert "motion sensor  LSM6DSOX does not answer" in out
    assert "motor driver   DRV2605L answers" in out


def test_the_tail_of_a_spoilt_line_is_no_command(worn):
    walked = model("steady", mount="waist", seed=9)
    worn.device.play(walked.frames, press_at_s=[1.0])
    worn.wait_state("recording")
    with open(worn.port, "wb", buffering=0) as port:  # noqa: PTH123 a port, not a file
        port.write(b"hello \0rw stop\n" + b"x" * 90 + b"rw stop\n\x03rw stop\n")
    time.sleep(0.5)
    assert worn.status().state == "recording"
    worn.command("stop")


BROKEN_MARK = """
f=open('/a/app/walk.py','a')
f.write('\\n\\ndef broken(self, kind):\\n    raise ValueError(kind)\\n\\n\\nWalk.note = broken\\n')
f.close()
"""


def test_a_crash_at_a_press_is_written_down_and_the_walk_goes_on(worn):
    mpremote(worn, "exec", BROKEN_MARK)
    worn.device.reset()
    worn.wait_state("idle")
    walked = model("steady", mount="waist", seed=10)
    for _ in range(3):
        worn.device.play(walked.frames, press_at_s=[1.0])
        worn.wait_state("recording")
        worn.device.double_press()
        # A flash stall of over 150 ms in the middle of it makes it a short press: then once more.
        if worn.comes_to(lambda status: status.faults == {"crash": 1}):
            break
    assert worn.status().state == "recording"
    worn.command("stop")
    worn.wait_state("idle")
    assert worn.sync()[-1]["state"] == "complete"
    assert "ValueError" in worn.retrowalk("doctor", expect=0)
