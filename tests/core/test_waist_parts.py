"""The parts of the waist gait one by one: step signal, direction feature, turns, cadence."""

import ast
from pathlib import Path

import numpy as np
import pytest

from retrogait import waist_signal
from retrogait.cadence import Cadence
from retrogait.events import BACKWARD, FORWARD, UNKNOWN
from retrogait.turns import Turns
from retrogait.waist_direction import WaistDirection
from retrogait.waist_signal import BACKWARD_WEIGHT, DELAY, FORWARD_WEIGHT, MG, TICK, StepSignal
from retrogait.waist_steps import WaistSteps

TICKS_HZ = 26


def test_the_step_signal_keeps_a_constant_and_delays_by_what_it_says():
    signal = StepSignal()
    levels = []
    for tick in range(200):
        # A bump whose middle is sample 400: four equal samples a tick, so tick 99 and tick 100 lie around it.
        signal.push(4 * 100 + (4000 if tick in (99, 100) else 0), 0, 0)
        levels.append(signal.level)
    assert levels[50] == levels[-1] == 100 * MG
    above = np.array(levels) - 100 * MG
    # Middle of the bump: between the last sample of tick 99 (399) and the first of tick 100.
    centre = np.sum(above * (np.arange(200) * TICK + TICK - 1)) / np.sum(above)
    assert centre - 399.5 == pytest.approx(DELAY, abs=0.6)


def test_the_braking_term_adds_the_fall_of_the_fore_aft_force_with_the_sign_of_the_weight():
    heights = {}
    for weight in (-8, 0, 8):
        signal = StepSignal()
        levels = []
        for tick in range(60):
            signal.push(0, 400 if tick < 30 else -400, weight)
            levels.append(signal.level)
        heights[weight] = max(levels, key=abs)
    assert heights[8] > 0
    assert heights[-8] == pytest.approx(-heights[8], abs=2)
    assert heights[0] == 0


@pytest.mark.parametrize(
    ("phase_deg", "way", "d_percent"),
    [(0, FORWARD, 100), (180, BACKWARD, -100), (90, UNKNOWN, 0), (40, FORWARD, 77), (-130, BACKWARD, -64)],
)
def test_direction_is_the_correlation_of_force_and_rate_of_vertical(phase_deg, way, d_percent):
    direction = WaistDirection()
    step_hz = 1.6
    angle = 2 * np.pi * step_hz * np.arange(4 * TICKS_HZ) / TICKS_HZ
    vertical = 250 * MG * np.cos(angle)
    forward = -150 * MG * np.sin(angle + np.radians(phase_deg)) + 200 * MG
    for v, f in zip(np.rint(vertical).astype(int).tolist(), np.rint(forward).astype(int).tolist(), strict=True):
        direction.push(v, f, v // 100)
    assert direction.direction == way
    assert direction.d_percent == pytest.approx(d_percent, abs=8)
    assert -BACKWARD_WEIGHT <= direction.weight <= FORWARD_WEIGHT
    assert (direction.weight > 0) == (d_percent > 0)


def test_direction_is_unknown_without_motion_and_lets_a_sign_go_only_when_it_has_faded():
    direction = WaistDirection()
    for _ in range(100):
        direction.push(500, 300, 5)
    assert (direction.direction, direction.d_percent, direction.weight) == (UNKNOWN, 0, 0)


@pytest.mark.parametrize(("rough_mg", "size_mg", "way"), [(0, 250, FORWARD), (800, 250, UNKNOWN), (0, 1500, UNKNOWN)])
def test_a_force_rougher_or_wilder_than_any_walk_has_no_direction(rough_mg, size_mg, way):
    direction = WaistDirection()
    for tick in range(4 * TICKS_HZ):
        angle = 2 * np.pi * 1.6 * tick / TICKS_HZ
        vertical = round(size_mg * MG * np.cos(angle))
        unsmoothed = vertical // 100 + (4 * rough_mg if tick % 2 else 0)
        direction.push(vertical, round(-150 * MG * np.sin(angle)), unsmoothed)
    assert direction.direction == way


def test_the_weight_outlasts_the_direction():
    direction = WaistDirection()
    angle = 2 * np.pi * 1.6 * np.arange(4 * TICKS_HZ) / TICKS_HZ
    for v, f in zip(
        np.rint(1e5 * np.cos(angle)).astype(int).tolist(),
        np.rint(-6e4 * np.sin(angle)).astype(int).tolist(),
        strict=True,
    ):
        direction.push(v, f, v // 100)
    sure = direction.weight
    assert sure >= FORWARD_WEIGHT - 1
    for _ in range(3 * TICKS_HZ):
        direction.push(0, 0, 0)
    assert direction.direction == UNKNOWN
    assert direction.weight > sure // 2


def turned(rate_ddps):
    """The turns told for a rate sampled at 26 Hz: (start, length, degrees)."""
    turns = Turns()
    told = []
    for tick, rate in enumerate(rate_ddps):
        if turns.push(tick * TICK + TICK - 1, 4 * int(rate)):
            told.append((turns.start, turns.length, turns.degrees))
    return told


def test_two_turns_in_opposite_ways_half_a_second_apart_are_told_apart():
    rate = np.zeros(20 * TICKS_HZ)
    rate[130:182] = 900
    rate[195:247] = -900
    (left, right) = turned(rate)
    assert left[2] == pytest.approx(180, abs=20)
    assert right[2] == pytest.approx(-180, abs=20)
    assert left[0] + left[1] <= right[0] + 30


def test_a_constant_bias_is_taken_off_the_angle():
    rate = np.full(200 * TICKS_HZ, 50)
    rate[150 * TICKS_HZ : 152 * TICKS_HZ] += 900
    ((_, _, degrees),) = turned(rate)
    assert degrees == pytest.approx(180, abs=8)


def test_cadence_leaves_out_the_odd_interval():
    cadence = Cadence()
    assert cadence.dspm == 0
    for interval in (60, 64, 60, 64, 150, 60):
        cadence.add(interval)
    assert cadence.interval == 62
    assert cadence.dspm == pytest.approx(62400 / 62, abs=1)
    for _ in range(6):
        cadence.add(52)
    assert cadence.dspm == 1200
    cadence.clear()
    assert (cadence.dspm, cadence.interval) == (0, 0)


def test_a_step_is_handed_out_once_and_a_closed_run_of_bumps_is_forgotten():
    steps = WaistSteps()
    index = 0

    def bump(height_mg, ticks=13):
        nonlocal index
        for tick in range(ticks):
            index += TICK
            steps.push(index, int(height_mg * MG * np.sin(np.pi * tick / ticks) ** 2), 0, False)

    for _ in range(3):
        bump(200)
    assert steps.candidates == 3
    assert not steps.take(index)
    for _ in range(3):
        bump(200)
    assert steps.walking
    steps.close()
    taken = 0
    while steps.take(index):
        taken += 1
    assert taken == 6
    steps.clear()
    assert steps.candidates == 0
    bump(200)
    steps.close()
    assert steps.candidates == 0


def test_levels_stay_far_inside_31_bits_at_the_worst_input():
    signal = StepSignal()
    rng = np.random.default_rng(3)
    worst = 0
    for value in rng.choice([-1 << 20, 1 << 20], 2000).tolist():
        signal.push(value, -value, FORWARD_WEIGHT)
        worst = max(worst, abs(signal.level), abs(signal.crest))
    assert worst < 1 << 24


def test_no_floats_closures_or_format_strings_in_the_waist_code():
    folder = Path(waist_signal.__file__).parent
    for name in (
        "waist",
        "waist_signal",
        "waist_bumps",
        "waist_run",
        "waist_steps",
        "waist_direction",
        "turns",
        "cadence",
    ):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            assert not isinstance(node, ast.JoinedStr | ast.Lambda | ast.ListComp | ast.Div), (name, ast.dump(node))
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), (name, node.value)


def test_bumps_at_random_never_hold_back_more_than_eight_and_no_step_is_told_twice():
    steps = WaistSteps()
    rng = np.random.default_rng(4)
    index = 0
    told = []
    for gap_ticks in rng.choice([1, 12, 28, 60], 400).tolist():
        for tick in range(13 + gap_ticks):
            index += TICK
            height = np.sin(np.pi * tick / 13) ** 2 if tick < 13 else 0
            steps.push(index, int(200 * MG * height), 0, False)
            assert steps.walking or steps.candidates <= 8
            while steps.take(index):
                told.append(steps.bump)
            if steps.over:
                steps.clear()
    assert told == sorted(set(told))
    assert len(told) < 400
