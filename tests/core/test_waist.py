"""The gait at the waist on made walks: counts, times, direction, turns, states, gaps, and what must not count."""

import numpy as np
import pytest
from waist_signals_made import CONTACT_TO_BUMP_S, STAND_S, Ticks, Told, walk

from retrogait import RATE_HZ
from retrogait.events import (
    BACKWARD,
    FORWARD,
    STATE,
    STEP,
    STILL,
    TURN,
    TURNING,
    UNKNOWN,
    EventQueue,
)
from retrogait.waist import WaistGait


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("cadence", "bump"), [(25, 90), (30, 90), (50, 120), (80, 200), (110, 250), (150, 350)])
def test_every_step_is_counted_once_at_its_contact(cadence, bump, sign):
    signal, contacts_s = walk(20, cadence, bump, sign)
    told = Told(signal)
    assert told.step_count == 20
    assert np.abs(told.step_s - contacts_s).max() < 0.05


@pytest.mark.parametrize(("sign", "way"), [(1, FORWARD), (-1, BACKWARD)])
def test_direction_is_told_with_the_steps_and_the_state(sign, way):
    told = Told(walk(20, 100, sign=sign)[0])
    ways = [row[2] for row in told.of(STEP)]
    assert ways == [way] * 20
    states = told.of(STATE)
    assert [row[2] for row in states] == [STILL, UNKNOWN, way, STILL]
    # Told late, the direction holds from the first step on; and it ends with the last.
    contacts_s = walk(20, 100)[1]
    assert states[2][0] / RATE_HZ == pytest.approx(contacts_s[0], abs=0.15)
    assert states[3][0] / RATE_HZ == pytest.approx(contacts_s[-1], abs=0.15)


def test_time_reversal_turns_the_direction_round():
    signal, _ = walk(20, 100)
    signal[:, 2] *= -1
    assert {row[2] for row in Told(signal[::-1]).of(STEP)} == {BACKWARD}


def test_vertical_force_alone_has_no_direction():
    signal, contacts_s = walk(20, 100)
    signal[:, 1] = 0
    told = Told(signal)
    assert told.step_count == len(contacts_s)
    assert {row[2] for row in told.of(STEP)} == {UNKNOWN}


def test_intervals_and_cadence():
    told = Told(walk(30, 96)[0])
    intervals = [row[3] for row in told.of(STEP)]
    assert intervals[0] == 0
    assert np.abs(np.array(intervals[1:]) - 65).max() <= 2
    walking = [cadence for cadence in told.cadences if cadence]
    assert np.median(walking) == pytest.approx(960, abs=5)
    # The first steps come before the direction is known and the braking counts.
    assert max(walking) == pytest.approx(960, abs=35)
    assert told.cadences[-1] == 0


def test_steps_come_in_order_and_in_time():
    signal, _ = walk(20, 100)
    queue = EventQueue()
    ticks = Ticks(WaistGait(queue))
    seen = []
    for index, row in enumerate(np.rint(signal).astype(int).tolist()):
        ticks.push(row)
        while queue.take():
            if queue.kind == STEP:
                seen.append((queue.index, index - queue.index))
    assert [i for i, _ in seen] == sorted(i for i, _ in seen)
    # The first four wait for the bout to be certain, the others a second and the filters.
    assert max(late for _, late in seen[:4]) < 3 * RATE_HZ
    assert max(late for _, late in seen[4:]) < 1.5 * RATE_HZ


@pytest.mark.parametrize("n_bumps", [1, 2, 3])
def test_a_few_bumps_while_standing_are_no_steps(n_bumps):
    told = Told(walk(n_bumps, 80, bump_mg=300)[0])
    assert told.step_count == 0
    assert told.states[-1] == STILL


def test_bumps_without_rhythm_are_no_steps():
    signal = np.zeros((60 * RATE_HZ, 3))
    for at_s in (5, 5.5, 7.8, 8.3, 14, 20, 20.6, 23, 31, 33.4, 33.9, 45):
        part = walk(1, 100, bump_mg=200)[0][int(STAND_S * RATE_HZ) : int((STAND_S + 0.6) * RATE_HZ)]
        signal[int(at_s * RATE_HZ) : int(at_s * RATE_HZ) + len(part)] += part
    assert Told(signal).step_count == 0


@pytest.mark.parametrize(("noise_mg", "tremor_mg"), [(0, 0), (8, 0), (8, 12)])
def test_stillness_has_no_steps_and_no_turns(noise_mg, tremor_mg):
    rng = np.random.default_rng(1)
    t = np.arange(60 * RATE_HZ) / RATE_HZ
    signal = rng.normal(0, 1, (len(t), 3)) * [noise_mg, noise_mg, 10]
    signal[:, :2] += tremor_mg * np.sin(2 * np.pi * 9 * t)[:, None]
    told = Told(signal)
    assert [row[1:3] for row in told.rows] == [(STATE, STILL)]


def test_motor_vibration_is_no_step():
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    signal = np.zeros((len(t), 3))
    signal[:, 0] = 400 * np.sin(2 * np.pi * 40 * t) * (t % 4 < 0.2)
    assert Told(signal).step_count == 0


def with_quiet_bump(signal, at_s):
    """The signal with one bump of 56 mg more, its middle at `at_s`."""
    out = signal.copy()
    quiet = walk(1, 100, bump_mg=28)[0][int(STAND_S * RATE_HZ) : int((STAND_S + 0.6) * RATE_HZ)]
    start = int((at_s - 0.3) * RATE_HZ)
    out[start : start + len(quiet)] += quiet
    return out


@pytest.mark.parametrize(("before_first_s", "steps"), [(0.45, 12), (0.62, 13), (0.7, 13), (1.1, 12)])
def test_a_weak_bump_before_the_walk_is_a_weight_shift_or_a_cautious_step_by_its_time(before_first_s, steps):
    # A swing before the first contact: the push off both feet. A step before it: a first step.
    signal, contacts_s = walk(12, 100, bump_mg=300)
    assert Told(with_quiet_bump(signal, contacts_s[0] + CONTACT_TO_BUMP_S - before_first_s)).step_count == steps


def test_a_faint_last_step_counts():
    signal, contacts_s = walk(12, 100, bump_mg=300)
    told = Told(with_quiet_bump(signal, contacts_s[-1] + CONTACT_TO_BUMP_S + 0.6))
    assert told.step_count == 13
    assert told.step_s[-1] == pytest.approx(contacts_s[-1] + 0.6, abs=0.08)


def test_a_late_bump_is_a_step_only_when_another_follows():
    signal, contacts_s = walk(12, 100, bump_mg=300)
    lone_s = contacts_s[-1] + CONTACT_TO_BUMP_S + 1.1
    strong = walk(1, 100, bump_mg=150)[0][int(STAND_S * RATE_HZ) : int((STAND_S + 0.6) * RATE_HZ)]
    for n_bumps, steps in ((1, 12), (2, 14)):
        late = np.vstack([signal, np.zeros((2 * RATE_HZ, 3))])
        for k in range(n_bumps):
            start = int((lone_s - 0.3 + 0.6 * k) * RATE_HZ)
            late[start : start + len(strong)] += strong
        assert Told(late).step_count == steps


def test_the_faint_steps_of_a_turn_count_and_the_same_bumps_straight_on_do_not():
    signal, contacts_s = walk(20, 100, bump_mg=250)
    weak = (contacts_s > 9) & (contacts_s < 11)
    near = np.abs(np.arange(len(signal))[:, None] / RATE_HZ - contacts_s[weak][None, :] - CONTACT_TO_BUMP_S) < 0.3
    signal[near.any(axis=1), :2] *= 0.12
    straight = Told(signal).step_count
    signal[int(8.5 * RATE_HZ) : int(11 * RATE_HZ), 2] += 720
    turning = Told(signal)
    assert turning.step_count == 20
    assert straight < 20
    assert np.abs(turning.step_s - contacts_s).max() < 0.1


def test_two_bumps_a_step_of_a_slow_walk_are_one():
    signal, contacts_s = walk(20, 36, bump_mg=110)
    for contact_s in contacts_s:
        signal = with_quiet_bump(signal, contact_s + CONTACT_TO_BUMP_S + 0.83)
    told = Told(signal)
    assert 20 <= told.step_count <= 21


@pytest.mark.parametrize(("degrees", "seconds"), [(90, 1.5), (-90, 1.0), (180, 2.0), (-360, 4.0), (60, 2.0)])
def test_a_turn_has_start_end_and_angle(degrees, seconds):
    signal, _ = walk(30, 100)
    start, n = 10 * RATE_HZ, int(seconds * RATE_HZ)
    signal[start : start + n, 2] += degrees * 10 / seconds
    told = Told(signal)
    (turn,) = told.of(TURN)
    assert turn[3] == pytest.approx(degrees, abs=0.08 * abs(degrees) + 3)
    assert turn[0] / RATE_HZ == pytest.approx(10, abs=0.6)
    assert (turn[0] + turn[2]) / RATE_HZ == pytest.approx(10 + seconds, abs=0.6)
    assert TURNING in told.states[start : start + n + RATE_HZ]
    assert told.step_count == 30


@pytest.mark.parametrize(("degrees", "seconds"), [(30, 1.5), (60, 12)])
def test_small_and_slow_turns_are_not_told(degrees, seconds):
    signal = np.zeros((30 * RATE_HZ, 3))
    signal[500 : 500 + int(seconds * RATE_HZ), 2] = degrees * 10 / seconds
    assert Told(signal).of(TURN) == []


def test_a_gyro_bias_is_no_turn():
    signal = np.zeros((300 * RATE_HZ, 3))
    signal[:, 2] = 60
    assert Told(signal).of(TURN) == []


def test_a_short_gap_leaves_the_walk_going_and_times_true():
    signal, contacts_s = walk(20, 100)
    hole = (8 * RATE_HZ, 8 * RATE_HZ + 20)
    told = Told(np.delete(signal, slice(*hole), axis=0), [(hole[0], 20)])
    assert 19 <= told.step_count <= 20
    nearest = np.abs(told.step_s[:, None] - contacts_s[None, :]).min(axis=1)
    assert np.quantile(nearest, 0.9) < 0.05


@pytest.mark.parametrize("lost", [13, 26, 40, 52])
def test_lost_packets_of_up_to_half_a_second_cost_no_step_and_make_none(lost):
    signal, contacts_s = walk(20, 60)
    starts = [int(contact_s * RATE_HZ) + 45 for contact_s in contacts_s[2:-2:3]]
    kept = np.ones(len(signal), dtype=bool)
    for start in starts:
        kept[start : start + lost] = False
    told = Told(signal[kept], [(start, lost) for start in starts])
    assert told.step_count == 20
    assert np.abs(told.step_s - contacts_s).max() < 0.1


def test_no_step_is_made_of_a_gap_between_two_levels():
    signal = np.zeros((20 * RATE_HZ, 3))
    gaps = range(5 * RATE_HZ, 15 * RATE_HZ, 60)
    kept = np.ones(len(signal), dtype=bool)
    for k, start in enumerate(gaps):
        signal[start:, 0] = 30 * (k % 2)
        kept[start : start + 40] = False
    assert Told(signal[kept], [(start, 40) for start in gaps]).step_count == 0


def test_a_long_gap_ends_the_walk_and_invents_nothing():
    signal, contacts_s = walk(30, 100)
    hole = (10 * RATE_HZ, 15 * RATE_HZ)
    told = Told(np.delete(signal, slice(*hole), axis=0), [(hole[0], hole[1] - hole[0])])
    assert not np.any((told.step_s > 10.0) & (told.step_s < 14.9))
    n_seen = np.count_nonzero((contacts_s < 10) | (contacts_s > 15))
    assert n_seen - 3 <= told.step_count <= n_seen


def test_nothing_leaks_from_one_object_to_the_next():
    signal, _ = walk(15, 90)
    assert Told(signal).rows == Told(signal).rows


@pytest.mark.parametrize("kind", ["square", "noise", "constant", "ramp"])
def test_absurd_input_ends_in_no_exception_and_few_events(kind):
    n = 20 * RATE_HZ
    t = np.arange(n)
    rng = np.random.default_rng(2)
    wave = {
        "square": np.where(t // 26 % 2, 15000, -15000),
        "noise": rng.integers(-15000, 15000, n),
        "constant": np.full(n, 15000),
        "ramp": (t * 37) % 30000 - 15000,
    }[kind]
    told = Told(np.stack([wave, -wave, wave], axis=1))
    assert told.dropped == 0
    # No more than 3.5 steps a second, whatever comes.
    assert told.step_count <= 3.5 * 20
    assert len(told.rows) <= 200
