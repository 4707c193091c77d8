"""Step length, distance and speed: made pelvis paths, gaps, missed steps, calibration; recorded walks."""

import csv
import math

import numpy as np
import pytest

from retrogait.ankle_distance import AnkleDistance
from retrogait.distance import Distance
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.events import BACKWARD, FORWARD
from retrogait.history import KEPT, History
from retrogait.mounting import Mounting
from retrogait.settings import Settings, SettingsError
from retrowalk.recordings.recording import load_recording, resample_to_counts, time_reversed

STEP = 56
NEURA_SHANK = {"L": "y,z,x", "R": "-y,-z,x"}


def walk(rise_m, n_steps, changes=None, way=FORWARD, history=None, interval=STEP, offset_mg=0):
    """A pelvis that goes up and down by `rise_m` once a step; the Distance after `n_steps`, each told at once."""
    history = history or History(4000)
    distance = Distance(Settings(changes), history)
    omega = 2 * math.pi * 104 / interval
    peak_mg = rise_m / 2 * omega**2 / 9.80665 * 1000
    total = 0
    for index in range(interval * n_steps + 8):
        total += round(peak_mg * math.cos(2 * math.pi * index / interval)) + offset_mg
        if index % 4 == 3:
            history.push(index, total // 4)
            total = 0
        if index >= interval and index % interval == 4:
            ordinal = index // interval
            distance.push(index - 4, interval if ordinal > 1 else 0, interval if ordinal > 5 else 0, way)
    return distance


def pendulum_m(rise_m, height_m):
    leg = 0.53 * height_m
    return 0.9 * 2 * math.sqrt(2 * leg * rise_m - rise_m**2) + 0.16 * leg


@pytest.mark.parametrize("rise_m", [0.005, 0.015, 0.03, 0.06])
@pytest.mark.parametrize("height_cm", [150, 170, 195])
def test_the_pendulum_to_two_percent(rise_m, height_cm):
    distance = walk(rise_m, 20, {"height_cm": height_cm})
    # Four samples to a tick take a twentieth off the sharpest path.
    assert distance.step_mm / 1000 == pytest.approx(pendulum_m(rise_m, height_cm / 100), rel=0.025)


def test_an_error_of_gravity_does_not_drift():
    assert walk(0.03, 20, offset_mg=40).step_mm == pytest.approx(walk(0.03, 20).step_mm, abs=2)


def test_total_and_speed():
    distance = walk(0.03, 20)
    assert distance.known and distance.steps == 20
    assert distance.total_mm == 20 * distance.step_mm
    assert distance.speed_mmps == pytest.approx(distance.step_mm * 104 / STEP, rel=0.01)
    assert distance.backward_mm == 0


def test_under_ten_steps_nothing_is_known():
    assert not walk(0.03, 9).known
    assert walk(0.03, 10).known


def test_each_direction_has_its_own_calibration():
    plain = walk(0.03, 12)
    assert walk(0.03, 12, {"step_forward_permille": 1100}).step_mm == pytest.approx(1.1 * plain.step_mm, abs=1)
    assert walk(0.03, 12, {"step_backward_permille": 1100}).step_mm == plain.step_mm
    backward = walk(0.03, 12, {"step_backward_permille": 900}, BACKWARD)
    assert backward.step_mm == pytest.approx(0.9 * plain.step_mm, abs=1)
    assert backward.backward_mm == backward.total_mm


@pytest.mark.parametrize(
    ("changes", "way", "percent"),
    [
        ({}, FORWARD, 20),
        ({"height_cm": 172}, FORWARD, 15),
        ({"height_cm": 172}, BACKWARD, 20),
        ({"step_forward_permille": 1040}, FORWARD, 8),
        ({"height_cm": 172, "step_forward_permille": 1040}, BACKWARD, 20),
        ({"step_backward_permille": 960}, BACKWARD, 8),
    ],
)
def test_uncertainty(changes, way, percent):
    assert walk(0.03, 12, changes, way).uncertainty_percent == percent


def test_twice_the_usual_time_is_two_steps_and_no_rhythm_is_no_speed():
    history = History(4000)
    for index in range(3, 4000, 4):
        history.push(index, 100 if index // 28 % 2 else -100)
    distance = Distance(Settings(), history)
    for at in range(3400, 3400 + 5 * STEP, STEP):
        distance.push(at, STEP, STEP, FORWARD)
    before, length, walked = distance.total_mm, distance.step_mm, distance.walked_samples
    distance.push(3800, 2 * STEP, STEP, FORWARD)
    assert distance.total_mm - before == 2 * distance.step_mm
    assert distance.walked_samples == walked + 2 * STEP
    distance.push(3900, STEP * 3 // 2, STEP, FORWARD)
    assert distance.walked_samples == walked + 2 * STEP
    assert length > 0


def test_a_step_over_a_gap_is_as_long_as_the_one_before():
    history = History(4000)
    distance = walk(0.03, 12, history=history)
    length, total = distance.step_mm, distance.total_mm
    end = STEP * 12 + 100
    history.restart(end)
    distance.push(end + 10, STEP, STEP, FORWARD)
    assert (distance.step_mm, distance.total_mm) == (length, total + length)


def test_history_knows_what_it_holds():
    history = History(4000)
    for index in range(3, 4 * 300, 4):
        history.push(index, -9000)
    assert history.holds(300 - KEPT, 300)
    assert not history.holds(299 - KEPT, 300)
    assert not history.holds(290, 301)
    assert history.ring[10] == -4000
    history.restart(1210)
    assert not history.holds(299, 300)
    history.push(1215, 8)
    assert history.holds(303, 304)


def test_a_height_is_unknown_or_a_persons():
    assert Settings({"height_cm": 0}).height_cm == 0
    with pytest.raises(SettingsError, match="height_cm"):
        Settings({"height_cm": 30})


def test_the_shank_swings_as_a_pendulum():
    history = History(30000)
    distance = AnkleDistance(Settings({"height_cm": 174}), history)
    # 80 degrees from end to end in strides of 120 samples, and a gyro bias of 3 degrees per second.
    peak_ddps = 400 * 2 * math.pi * 104 / 120
    for index in range(3, 1000, 4):
        history.push(index, round(peak_ddps * math.cos(2 * math.pi * (index - 1.5) / 120)) + 30)
    for at in range(240, 960, 60):
        distance.push(at, 60, 60, FORWARD)
    assert distance.known
    assert distance.step_mm == pytest.approx(0.53 * 1740 * math.radians(80) * 1.07 / 2, rel=0.02)
    assert distance.uncertainty_percent == 25


@pytest.mark.parametrize("side", ["L", "R"])
def test_recorded_shank(recorded_set, side):
    folder = recorded_set("neura_sparse_sample")
    engine = AnkleEngine(Settings({"height_cm": 174}), Mounting.from_axes(NEURA_SHANK[side]), 16, 2000)
    for segment in resample_to_counts(load_recording(folder / "dev" / f"S02_walk1_{side}_LowLeg.csv.gz"), 16, 2000)[0]:
        for sample in segment.values.tolist():
            engine.push(sample)
    engine.finish()
    # 7.7 m of pelvis path in all, a turn and the parts outside the first and last contact included.
    assert 5.5 <= engine.distance.total_mm / 1000 <= 9.5


@pytest.fixture(scope="module")
def trials(recorded_set):
    folder = recorded_set("ipol_gait_lowerback_feet")
    with (folder / "trials.csv").open(newline="") as lines:
        table = {row["trial"]: row for row in csv.DictReader(lines)}
    return folder, [table[name] for name in ("S01_T3", "S03_T2", "S05_T4", "S09_T2", "S11_T5", "S13_T5", "S17_T4")]


def speed_and_stumbles(folder, trial, backward=False):
    """Found speed over true speed (20 m over the trial's time), found metres, stumbles."""
    recording = load_recording(folder / "dev" / f"{trial['trial']}_lb.csv.gz")
    if backward:
        recording = time_reversed(recording)
    settings = Settings({"height_cm": round(float(trial["height_cm"]))})
    engine = WaistEngine(settings, Mounting.from_axes("-z,y,x"), 8, 500)
    for segment in resample_to_counts(recording, 8, 500)[0]:
        if segment.first_index > engine.index:
            engine.skip(segment.first_index - engine.index)
        for sample in segment.values.tolist():
            engine.push(sample)
    engine.finish()
    true_mps = 20 / (float(trial["trial_end_s"]) - float(trial["trial_start_s"]))
    return engine.distance.speed_mmps / 1000 / true_mps, engine.distance.total_mm / 1000, engine.stumble.count


def test_recorded_walks(trials):
    folder, rows = trials
    found = np.array([speed_and_stumbles(folder, row) for row in rows])
    assert np.median(np.abs(found[:, 0] - 1)) <= 0.07
    assert np.abs(found[:, 0] - 1).max() <= 0.20
    assert np.abs(found[:, 1] / 20 - 1).max() <= 0.20
    assert found[:, 2].sum() == 0


def test_time_reversed_walks_are_as_fast(trials):
    folder, rows = trials
    ratios = [speed_and_stumbles(folder, row, True)[0] / speed_and_stumbles(folder, row)[0] for row in rows[:4]]
    assert np.median(np.abs(np.array(ratios) - 1)) <= 0.05
