"""Walking speed, distance, twist and stumbles at the waist, on the recorded walks in ../shared/data.

Truth: ipol walks 20 m in each trial, turn included, so speed is 20 m over the trial's time; mobilised has the length of
each stride by shoe sensors. Whole persons are left out when the constant is fitted anew; "calibrated" takes one
constant from one other trial of the same person, all pairs. Run from the checkout:
    .venv/bin/python benchmarks/speed_accuracy.py
"""

import csv
import sys
from itertools import permutations
from pathlib import Path

import numpy as np

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.events import BACKWARD, FORWARD, STEP, STUMBLE
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import load_recording, resample_to_counts, time_reversed

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
IPOL = DATA / "ipol_gait_lowerback_feet"
MOBILISED = DATA / "mobilised_lab_lowerback"
HEIGHT_CM = {"HA001": 159}
PATH_M = 20


def rows(path):
    """The rows of a CSV file as dicts."""
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


class Replay:
    """What the engine says of a recording. `steps`: rows (contact s, length m) where one step was told at a time;
    `n_stumbles`, `n_twists` (begun while walking), `minutes`, and the engine itself.
    """

    def __init__(self, path, axes, height_cm=0, backward=False):
        recording = load_recording(path)
        if backward:
            recording = time_reversed(recording)
        self.engine = WaistEngine(Settings({"height_cm": height_cm}), Mounting.from_axes(axes), 8, 500)
        self.steps = []
        self.n_stumbles = self.n_twists = 0
        for segment in resample_to_counts(recording, 8, 500)[0]:
            if segment.first_index > self.engine.index:
                self.engine.skip(segment.first_index - self.engine.index)
            self._push_all(segment.values.tolist())
        self.engine.finish()
        self._drain()
        self.minutes = self.engine.index / RATE_HZ / 60

    def _push_all(self, samples):
        engine = self.engine
        was_twisted = False
        for sample in samples:
            if engine.push(sample):
                self._drain()
            if engine.twist.active and not was_twisted and engine.gait.state in (BACKWARD, FORWARD):
                self.n_twists += 1
            was_twisted = engine.twist.active

    def _drain(self):
        queue = self.engine.events
        contacts = []
        while queue.take():
            if queue.kind == STEP:
                contacts.append(queue.index / RATE_HZ)
            self.n_stumbles += queue.kind == STUMBLE
        if len(contacts) == 1:
            self.steps.append((contacts[0], self.engine.distance.step_mm / 1000))


def ipol(height_known=True, backward=False):
    """(persons, found speed over true speed, found distance over 20 m, replays) of all trials."""
    persons, speeds, distances, replays = [], [], [], []
    for trial in rows(IPOL / "trials.csv"):
        path = IPOL / "dev" / f"{trial['trial']}_lb.csv.gz"
        if not path.exists():
            continue
        replay = Replay(path, "-z,y,x", round(float(trial["height_cm"])) if height_known else 0, backward)
        true_mps = PATH_M / (float(trial["trial_end_s"]) - float(trial["trial_start_s"]))
        persons.append(int(trial["subject"]))
        speeds.append(replay.engine.distance.speed_mmps / 1000 / true_mps)
        distances.append(replay.engine.distance.total_mm / 1000 / PATH_M)
        replays.append(replay)
    return np.array(persons), np.array(speeds), np.array(distances), replays


def strides():
    """Found over true stride length (m) on mobilised, where both steps of a stride were found within 0.15 s."""
    ratios, errors_m, replays = [], [], []
    truth = [row for row in rows(MOBILISED / "strides.csv") if row["system"] == "INDIP" and row["stride_length_m"]]
    for path in sorted((MOBILISED / "dev").glob("*.csv.gz")):
        name = path.name.split(".")[0]
        replay = Replay(path, "z,-y,x", HEIGHT_CM[name.split("_")[0]])
        replays.append(replay)
        contacts = np.array([contact for contact, _ in replay.steps])
        lengths = np.array([length for _, length in replay.steps])
        for row in truth:
            if row["trial"] != name:
                continue
            inside = (contacts > float(row["ic_start_s"]) + 0.15) & (contacts < float(row["ic_end_s"]) + 0.15)
            if np.count_nonzero(inside) == 2:
                ratios.append(lengths[inside].sum() / float(row["stride_length_m"]))
                errors_m.append(lengths[inside].sum() - float(row["stride_length_m"]))
    return np.array(ratios), np.array(errors_m), replays


def percent(ratios):
    """Median absolute, mean absolute and 90th percentile of the error, and its median."""
    errors = 100 * (np.asarray(ratios) - 1)
    size = np.abs(errors)
    return (
        f"{np.median(size):.1f} % (mean {size.mean():.1f}, 90 % under {np.percentile(size, 90):.1f}, "
        f"bias {np.median(errors):+.1f})"
    )


def left_out(persons, ratios):
    """Each person's ratios with the constant fitted on the others: the median of their medians."""
    fitted = np.empty(len(ratios))
    for person in np.unique(persons):
        others = [np.median(ratios[persons == each]) for each in np.unique(persons) if each != person]
        fitted[persons == person] = ratios[persons == person] / np.median(others)
    return fitted


def calibrated(persons, ratios):
    """Ratio of every trial to every other one of the same person."""
    return [ratios[i] / ratios[j] for i, j in permutations(range(len(ratios)), 2) if persons[i] == persons[j]]


def main():
    """Print the table; 1 if the recordings are absent."""
    if not DATA.is_dir():
        print(f"no recordings: {DATA} is absent", file=sys.stderr)
        return 1
    persons, speeds, distances, replays = ipol()
    _, blind, _, _ = ipol(height_known=False)
    _, mirrored, _, mirrored_replays = ipol(backward=True)
    lengths, errors_m, more = strides()
    replays += mirrored_replays + more
    table = [
        ("ipol speed, height known", percent(speeds)),
        ("- constant fitted on the other persons", percent(left_out(persons, speeds))),
        ("- calibrated on one other trial", percent(calibrated(persons, speeds))),
        ("- height unknown", percent(blind)),
        ("- worst person, median error", f"{worst(persons, speeds):+.0f} %"),
        ("ipol distance of 20 m, height known", percent(distances)),
        ("ipol time-reversed over forward speed (proxy)", percent(mirrored / speeds)),
        (f"mobilised stride length, one person, {len(lengths)} strides", percent(lengths)),
        ("- root mean square", f"{100 * np.sqrt(np.mean(errors_m**2)):.1f} cm"),
        (
            f"stumbles / twists while walking, {sum(each.minutes for each in replays):.0f} min of ordinary walks",
            f"{sum(each.n_stumbles for each in replays)} / {sum(each.n_twists for each in replays)}",
        ),
    ]
    for name, text in table:
        print(f"{name:<58}{text}")
    return 0


def worst(persons, ratios):
    """The largest of the persons' median errors, in percent."""
    errors = [100 * (np.median(ratios[persons == person]) - 1) for person in np.unique(persons)]
    return max(errors, key=abs)


if __name__ == "__main__":
    sys.exit(main())
