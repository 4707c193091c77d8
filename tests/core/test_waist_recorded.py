"""The waist gait on a few recorded walks (../shared/data; skipped, loudly, where that is absent).

The full table is made by benchmarks/waist_accuracy.py; this holds a short form of it.
"""

import csv

import numpy as np
import pytest

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.events import BACKWARD, FORWARD, STEP, TURN
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import load_recording, resample_to_counts, time_reversed

TRIALS = ("S01_T3", "S05_T4", "S09_T2", "S13_T5", "S17_T4")


@pytest.fixture(scope="module")
def ipol(recorded_set):
    return recorded_set("ipol_gait_lowerback_feet")


def replay(recording, mounting=None):
    """Rows (index, kind, value_a, value_b) of a whole recording."""
    engine = WaistEngine(Settings(), mounting or Mounting.from_axes("-z,y,x"), 8, 500)
    out = []

    def drain():
        while engine.events.take():
            event = engine.events
            out.append((event.index, event.kind, event.value_a, event.value_b))

    for segment in resample_to_counts(recording, 8, 500)[0]:
        if segment.first_index > engine.index:
            engine.skip(segment.first_index - engine.index)
        for sample in segment.values.tolist():
            engine.push(sample)
            drain()
    engine.finish()
    drain()
    return out


def truth(folder, trial, column):
    with (folder / "gait_events.csv").open(newline="") as lines:
        return np.array(
            [float(r[column]) for r in csv.DictReader(lines) if r["trial"] == trial and r["in_trial"] == "True"]
        )


def f1(found_s, true_s, tolerance_s=0.1):
    """One-to-one matches; each true contact takes the nearest free detection."""
    free = list(found_s)
    hits = 0
    for contact in np.sort(true_s):
        near = [s for s in free if abs(s - contact) <= tolerance_s]
        if near:
            free.remove(min(near, key=lambda s: abs(s - contact)))
            hits += 1
    return 2 * hits / (len(found_s) + len(true_s))


@pytest.mark.parametrize(
    ("backward", "column", "way", "least_f1"),
    [(False, "heel_strike_s", FORWARD, 0.955), (True, "toe_off_s", BACKWARD, 0.94)],
)
def test_contacts_and_direction(ipol, backward, column, way, least_f1):
    scores, ways, offsets = [], [], []
    for trial in TRIALS:
        recording = load_recording(ipol / "dev" / f"{trial}_lb.csv.gz")
        first, last = recording.t_s[0], recording.t_s[-1]
        contacts = truth(ipol, trial, column)
        contacts = last - contacts if backward else contacts - first
        steps = [row for row in replay(time_reversed(recording) if backward else recording) if row[1] == STEP]
        found = np.sort([row[0] for row in steps]) / RATE_HZ
        scores.append(f1(found, contacts))
        ways += [row[2] for row in steps]
        apart = found[:, None] - contacts[None, :]
        nearest = np.take_along_axis(apart, np.abs(apart).argmin(axis=1)[:, None], 1)[:, 0]
        offsets += nearest[np.abs(nearest) < 0.25].tolist()
    assert np.mean(scores) >= least_f1, scores
    assert abs(np.median(offsets)) <= 0.02
    decided = np.array([w for w in ways if w])
    assert len(decided) >= 0.95 * len(ways)
    assert np.mean(decided == way) >= 0.995


def test_the_turn_is_half_a_circle(ipol):
    for trial in TRIALS:
        recording = load_recording(ipol / "dev" / f"{trial}_lb.csv.gz")
        angles = [abs(row[3]) for row in replay(recording) if row[1] == TURN]
        assert min(abs(angle - 180) for angle in angles) <= 15, (trial, angles)


def test_standing_before_the_walk_has_no_steps(ipol):
    for trial in TRIALS:
        recording = load_recording(ipol / "dev" / f"{trial}_lb.csv.gz")
        first_toe_off = truth(ipol, trial, "toe_off_s").min() - recording.t_s[0]
        steps = [row[0] / RATE_HZ for row in replay(recording) if row[1] == STEP]
        assert min(steps) > first_toe_off - 0.2, trial


def test_the_steps_of_the_turns_are_found(ipol):
    found = true = 0
    with (ipol / "trials.csv").open(newline="") as lines:
        turns = {
            row["trial"]: (float(row["uturn_start_s"]), float(row["uturn_end_s"])) for row in csv.DictReader(lines)
        }
    for trial in TRIALS:
        recording = load_recording(ipol / "dev" / f"{trial}_lb.csv.gz")
        steps = np.array([row[0] for row in replay(recording) if row[1] == STEP]) / RATE_HZ + recording.t_s[0]
        contacts = truth(ipol, trial, "heel_strike_s")
        start, end = turns[trial]
        for contact in contacts[(contacts >= start) & (contacts <= end)]:
            true += 1
            found += np.abs(steps - contact).min() <= 0.25
    assert found >= 0.85 * true, (found, true)


def test_daily_life_is_found_but_for_a_few_steps(recorded_set):
    folder = recorded_set("mobilised_lab_lowerback")
    recording = load_recording(folder / "dev" / "HA001_Test11_Trial1.csv.gz")
    with (folder / "gait_events.csv").open(newline="") as lines:
        contacts = np.array(
            [
                float(row["t_s"])
                for row in csv.DictReader(lines)
                if row["trial"] == "HA001_Test11_Trial1" and (row["system"], row["event"]) == ("INDIP", "IC")
            ]
        )
    rows = replay(recording, Mounting.from_axes("z,-y,x"))
    steps = np.array(sorted(row[0] for row in rows if row[1] == STEP)) / RATE_HZ
    near = np.abs(steps[:, None] - contacts[None, :]) <= 0.25
    assert near.any(axis=0).mean() >= 0.9
    assert f1(steps, contacts, 0.25) >= 0.72


@pytest.mark.parametrize("trial", ["A_Pixel_backpocket_1", "B_Samsung_neckpouch_1"])
def test_a_phone_in_a_pocket_without_gyro_and_without_a_forward_counts(recorded_set, trial):
    folder = recorded_set("oxford_stepcounter_pocket")
    recording = load_recording(folder / "dev" / f"{trial}.csv.gz")
    with (folder / "trials.csv").open(newline="") as lines:
        true = next(int(row["true_steps"]) for row in csv.DictReader(lines) if row["trial"] == trial)
    up = np.rint(100 * recording.accel_mps2.mean(axis=0)).astype(int).tolist()
    steps = [row for row in replay(recording, Mounting.from_axes("x,y,z").with_neutral(*up)) if row[1] == STEP]
    assert len(steps) == pytest.approx(true, rel=0.06)
