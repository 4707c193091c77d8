"""AnkleGait on made pitch rates: count, contact times, direction, turns, pauses, gaps, cost-free push."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from retrogait.ankle import AnkleGait
from retrogait.ankle_direction import AnkleDirection
from retrogait.events import BACKWARD, FORWARD, STATE, STEP, STILL, TURN, UNKNOWN, EventQueue

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
SWING_S = 0.42


def still(seconds):
    """Standing: (gx, gy, gz) in ddps with a little noise."""
    return [((i * 7) % 5 - 2, (i * 11) % 7 - 3, (i * 5) % 5 - 2) for i in range(int(seconds * 104))]


def stride(seconds, peak_dps, axis=1, yaw_dps=0):
    """One stride of a shank: a half-sine swing, then the slow roll back in stance that closes the angle."""
    samples = []
    n, swing = round(seconds * 104), round(SWING_S * 104)
    back = -peak_dps * swing / (n - swing)
    for i in range(n):
        part = i / swing if i < swing else (i - swing) / (n - swing)
        rates = [0, 0, yaw_dps * 10]
        rates[axis] += round(10 * (peak_dps if i < swing else back) * math.sin(math.pi * part))
        samples.append(tuple(rates))
    return samples


def walk(gait, events, samples, index=0):
    """Push all samples and return the events as (kind, index, value_a, value_b)."""
    found = []
    for rates in samples:
        gait.push(index, 0, 0, 1000, *rates)
        index += 1
        while events.take():
            found.append((events.kind, events.index, events.value_a, events.value_b))
    return found


def run(samples):
    """(gait, events found, steps found) of a fresh gait."""
    events = EventQueue()
    gait = AnkleGait(events)
    found = walk(gait, events, samples)
    return gait, found, [event for event in found if event[0] == STEP]


@pytest.mark.parametrize(
    ("peak_dps", "direction"), [(-300, FORWARD), (300, BACKWARD), (-120, FORWARD), (120, BACKWARD)]
)
def test_every_stride_is_two_steps_in_the_right_direction(peak_dps, direction):
    gait, _, steps = run(still(2) + stride(1.2, peak_dps) * 12 + still(5))
    assert [step[2] for step in steps] == [direction] * 23
    assert gait.step_count == 23
    contacts = [step[1] for step in steps[:1] + steps[2::2]]
    for i, contact in enumerate(contacts):
        assert contact == pytest.approx((2 + SWING_S + 0.03) * 104 + 125 * i, abs=4)
    assert {step[3] for step in steps[3:]} <= {62, 63}
    halfway = [step[1] for step in steps[1::2]]
    assert all(abs(2 * mid - a - b) <= 2 for mid, a, b in zip(halfway, contacts, contacts[1:], strict=False))


def test_cadence_and_states_of_a_walk():
    events = EventQueue()
    gait = AnkleGait(events)
    found = walk(gait, events, still(2) + stride(1.5, 250) * 8)
    assert gait.cadence_dspm == pytest.approx(800, abs=5)
    assert gait.state == BACKWARD
    found += walk(gait, events, still(6), 2 * 104 + 8 * 156)
    assert (gait.cadence_dspm, gait.state) == (0, STILL)
    states = [event[2] for event in found if event[0] == STATE]
    assert states == [UNKNOWN, BACKWARD, STILL]
    began = next(event[1] for event in found if event[0] == STATE and event[2] == BACKWARD)
    assert began / 104 == pytest.approx(2 + SWING_S + 0.03, abs=0.04), "repaid to the first contact"


@pytest.mark.parametrize("steps_per_minute", [20, 30, 47])
@pytest.mark.parametrize("peak_dps", [-110, 110])
def test_slow_walkers_count(steps_per_minute, peak_dps):
    seconds = 120 / steps_per_minute
    gait, _, steps = run(still(3) + stride(seconds, peak_dps) * 10 + still(10))
    assert gait.step_count == 19
    wanted = BACKWARD if peak_dps > 0 else FORWARD
    assert all(step[2] == wanted for step in steps[1:])
    assert steps[0][2] in (UNKNOWN, wanted)


def test_a_first_stride_is_told_within_the_hold_even_alone():
    events = EventQueue()
    gait = AnkleGait(events)
    samples = still(1) + stride(0.6, 200) + still(8)
    found = walk(gait, events, samples)
    assert [(event[2], event[3]) for event in found if event[0] == STEP] == [(UNKNOWN, 0)]


def test_side_steps_are_steps_of_unknown_direction():
    gait, _, steps = run(still(2) + stride(1.4, 200, axis=0) * 10 + still(8))
    assert gait.step_count == 19
    assert {step[2] for step in steps} == {UNKNOWN}


def test_the_turnabout_is_never_told_wrong():
    gait, _, steps = run(still(2) + stride(1.2, -250) * 6 + stride(1.2, 250) * 6 + still(8))
    border = (2 + 6 * 1.2) * 104
    assert gait.step_count == 23
    assert all(step[2] in (UNKNOWN, FORWARD) for step in steps if step[1] < border)
    assert all(step[2] in (UNKNOWN, BACKWARD) for step in steps if step[1] > border + 40)
    assert [step[2] for step in steps].count(UNKNOWN) <= 2


def test_one_contrary_stride_among_others_is_unknown():
    _, _, steps = run(still(2) + stride(1.2, 250) * 5 + stride(1.2, -250) + stride(1.2, 250) * 5 + still(8))
    assert [step[2] for step in steps].count(BACKWARD) == 19
    assert [step[2] for step in steps].count(UNKNOWN) == 2


def test_stillness_and_shaking_give_no_steps():
    assert run(still(30))[0].step_count == 0
    shaking = [(0, round(1000 * math.sin(i / 104 * 2 * math.pi * 5)), 0) for i in range(30 * 104)]
    gait, _, steps = run(still(2) + shaking + still(4))
    assert gait.step_count <= 1, "only its beginning may look like a stride"
    assert all(step[2] == UNKNOWN for step in steps)


def test_a_turn_is_told_with_its_angle():
    ahead = stride(1.1, -250) * 5
    _, found, _ = run(still(2) + ahead + stride(1.1, -250, yaw_dps=82) * 2 + ahead + still(6))
    turns = [event for event in found if event[0] == TURN]
    assert len(turns) == 1
    assert turns[0][3] == pytest.approx(180, abs=15)
    assert turns[0][1] / 104 == pytest.approx(2 + 5 * 1.1, abs=1.2)


def test_a_short_gap_changes_nothing():
    samples = still(2) + stride(1.2, 250) * 10 + still(6)
    events = EventQueue()
    gait = AnkleGait(events)
    found = walk(gait, events, samples[:700])
    gait.skip(6)
    gait.skip(6)
    found += walk(gait, events, samples[712:], 712)
    whole = run(samples)[2]
    steps = [event for event in found if event[0] == STEP]
    assert [step[2] for step in steps] == [step[2] for step in whole]
    assert all(abs(a[1] - b[1]) <= 3 for a, b in zip(steps, whole, strict=True))


def test_a_long_gap_invents_nothing():
    events = EventQueue()
    gait = AnkleGait(events)
    samples = still(2) + stride(1.2, 250) * 5
    found = walk(gait, events, samples)
    gait.skip(520)
    assert (gait.state, gait.cadence_dspm) == (UNKNOWN, 0)
    found += walk(gait, events, stride(1.2, 250) * 5 + still(6), len(samples) + 520)
    inside = [event for event in found if event[0] == STEP and 0 < event[1] - len(samples) < 520]
    assert inside == []
    assert 16 <= gait.step_count <= 18


def test_absurd_input_is_survived():
    full = 34641
    streams = [[(full, full, full)] * 3000, [(-full, full, -full), (full, -full, full)] * 1500]
    streams.append([(0, full if i // 60 % 2 else -full, 0) for i in range(6000)])
    for samples in streams:
        gait = run(samples)[0]
        assert 0 <= gait.step_count < len(samples) // 40


def test_push_allocates_nothing_on_micropython():
    program = """
import sys, micropython
sys.path.insert(0, %r)
from retrogait.ankle import AnkleGait
from retrogait.ankle_direction import AnkleDirection
from retrogait.events import EventQueue
events = EventQueue()
gait = AnkleGait(events)
def walk():
    for i in range(6000):
        part = i %% 130
        gy = part * (46 - part) * 5 if part < 46 else -300
        if i == 2000:
            gait.skip(5)
        elif i == 4000:
            gait.skip(200)
        gait.push(i, 0, 0, 1000, gy >> 2, gy, 100)
        while events.take():
            pass
micropython.heap_lock()
walk()
micropython.heap_unlock()
print("steps", gait.step_count)
"""
    micropython = Path(sys.executable).parent / "micropython"
    if not micropython.exists():
        pytest.skip(f"no MicroPython: {micropython} is absent")
    done = subprocess.run(
        [str(micropython), "-c", program % str(FIRMWARE)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 80


def test_a_direction_is_not_carried_through_a_pause_and_a_reversal():
    _, _, steps = run(still(3) + stride(1.2, -250) * 5 + still(1) + stride(1.2, 200) * 5 + still(10))
    border = (3 + 5 * 1.2 + 0.5) * 104
    assert {step[2] for step in steps if step[1] < border} == {FORWARD}
    assert {step[2] for step in steps if step[1] > border} <= {UNKNOWN, BACKWARD}
    assert [step[2] for step in steps].count(BACKWARD) >= 7


@pytest.mark.parametrize(
    ("swings_dps", "told"),
    [
        ("30 20 90 90 10", "BBBBB"),
        ("-30 90 -90 -90", "??FF"),
        ("-90 -90 30 90 90", "FF?BB"),
        ("90 90 -90 90 0 90", "BB?BBB"),
        ("10 10 10 90 10 10 10 10 90", "????????"),
        ("90 0 0", "???"),
    ],
)
def test_who_waits_for_whom(swings_dps, told):
    """Weak strides take their neighbours' direction unless they differ; two that agree decide."""
    direction, found = AnkleDirection(), ""
    for at, swing in enumerate(swings_dps.split()):
        direction.push(at, 0, 10 * int(swing))
        while direction.take():
            found += "?BF"[direction.stride_direction]
    direction.settle()
    while direction.take():
        found += "?BF"[direction.stride_direction]
    assert found.startswith(told)


def test_a_leg_that_lies_does_not_step():
    events = EventQueue()
    gait = AnkleGait(events)
    for index, rates in enumerate(still(4) + stride(1.2, -250) * 8):
        gait.push(index, 900, 0, 400, *rates)
    assert gait.step_count == 0
