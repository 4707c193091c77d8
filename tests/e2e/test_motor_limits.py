"""The motor never runs longer than 2 s at once nor more than 30 % of any minute, whatever the software believes.

Measured at the simulated motor, over everything it did. The guard itself is tested with random calls in
tests/drivers/cases/motor_guard.py; the chip's self-ending pulses in tests/drivers/cases/haptics.py.
"""

import time

import pytest
from clip import is_felt

from retrogait import patterns
from retrowalk.contact.link import Link
from retrowalk.errors import BusyError
from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow
MINUTE_S = 60.0
MOST_SHARE = 0.30
LONGEST_MS = 2000
# Two runs with less silence between them are one: the motor would not even have stopped.
LEAST_GAP_S = 0.03


def check_limits(worn):
    """Every run, and every minute that ends with a run (the worst minutes do)."""
    runs = [(start_s, start_s + length_ms / 1000) for start_s, length_ms in worn.pulses()]
    joined = []
    for start_s, end_s in runs:
        if joined and start_s - joined[-1][1] < LEAST_GAP_S:
            joined[-1] = (joined[-1][0], end_s)
        else:
            joined.append((start_s, end_s))
    assert max(end_s - start_s for start_s, end_s in joined) * 1000 <= LONGEST_MS
    shares = [
        sum(max(0.0, min(b, end_s) - max(a, end_s - MINUTE_S)) for a, b in joined) / MINUTE_S for _, end_s in joined
    ]
    assert max(shares) <= MOST_SHARE
    return max(shares)


HANGS = """
f=open('/a/app/haptics.py','a')
f.write('''


def hang(self, length_ms, percent):
    import time
    self._motor.pulse(length_ms, percent)
    time.sleep(30)


Haptics._on = hang
''')
f.close()
"""


def test_an_app_that_hangs_in_a_pulse_leaves_a_motor_that_falls_silent(worn):
    worn.mpremote("exec", HANGS)
    worn.device.reset()
    worn.wait_state("idle")
    before = len(worn.device.motor)
    worn.device.press()
    began = worn.device.wait_motor(after=before)
    assert began
    worn.settle(5)
    (length_ms,) = worn.felt(began[0] - 1)
    assert length_ms <= 1100, "the app hung, and so did the motor"
    assert length_ms >= 700, "the app did not hang"


NAGS = """
f=open('/a/app/walk.py','a')
f.write('''


def nag(self, sample, push=Walk.push):
    push(self, sample)
    if self.engine.index % 5 == 0:
        self._haptics.play_next((1000, 60, 1000, 60, 1000))


Walk.push = nag
''')
f.close()
"""


def test_an_app_gone_mad_cannot_buzz_more_than_its_share(worn):
    """Twenty patterns a second, each of three seconds, for two minutes; and a reset in the middle."""
    worn.mpremote("exec", NAGS)
    worn.device.reset()
    worn.wait_state("idle")
    worn.command("start")
    worn.settle(80)
    share = check_limits(worn)
    assert share > 0.15, "the trial must press against the limit"
    faults = worn.status().faults
    assert faults["buzz_refused"] > 10
    worn.device.reset()
    worn.wait_state("idle")
    worn.command("start")
    worn.settle(70)
    assert check_limits(worn) > 0.15


def test_a_button_abused_for_minutes_in_a_coached_walk_never_makes_it_buzz_on(coached):
    worn, device = coached, coached.device
    walked = model("demo", mount="waist", seed=3)
    device.play(walked.frames, press_at_s=[1.0 + 0.1 * n for n in range(600)])
    worn.settle(62)
    device.hold_button(True)
    worn.settle(60)
    device.hold_button(False)
    worn.settle(65)
    check_limits(worn)
    assert device.motor[-1][1] == 0
    worn.wait_state("idle", timeout_s=30)
    assert "crash" not in worn.status().faults


def test_the_felt_test_plays_at_the_strength_asked_for_and_only_when_idle(worn):
    levels = []
    for percent in (20, 60, 100):
        before = len(worn.device.motor)
        worn.command(f"feel {percent}")
        began = worn.device.wait_motor(after=before)
        assert began
        levels.append(began[1])
        worn.settle(1)
    assert levels == pytest.approx([25, 76, 127], abs=1)
    for bad in ("feel", "feel 5", "feel 101", "feel strong"):
        with pytest.raises(BusyError, match="10 to 100"):
            worn.command(bad)
    worn.command("start")
    with pytest.raises(BusyError, match="recorded"):
        worn.command("feel 50")


def test_the_set_strength_drives_the_motor(worn):
    worn.put_settings({"cue_strength_percent": 40})
    before = len(worn.device.motor)
    worn.command("start")
    began = worn.device.wait_motor(after=before)
    assert began and began[1] == pytest.approx(51, abs=1)


def test_a_flash_that_is_busy_does_not_lengthen_what_is_felt(clip):
    """A contact leaves a note for the flash (an anchor), which is written in the next half second: after the buzz."""
    device = clip.device
    device.set_speed(2)
    with Link(clip.port) as link:
        for delay_s in (0.0, 0.06, 0.12, 0.18, 0.24):
            n_changes, n_pulses = len(device.motor), len(clip.pulses())
            n_written = device.flash_counters()["operations"]
            device.stall_flash(0.05, times=9)
            link.set_time()
            time.sleep(delay_s)
            link.command("hello")
            assert device.wait_until(lambda n=n_changes: len(device.motor) >= n + 6)
            felt = [length_ms for _, length_ms in clip.pulses()[n_pulses:]]
            assert is_felt(patterns.HELLO, felt), felt
            clip.settle(1)
            assert device.flash_counters()["operations"] > n_written, "it was written in the end"
