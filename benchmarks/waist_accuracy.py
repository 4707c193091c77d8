"""How well the core finds steps, direction and turns at the waist, on the recorded walks in ../shared/data.

Every recording goes through `retrogait.engine.WaistEngine`, forward and time-reversed (a stand-in for backward
walking), whole, without a window of walking being given; the phones of oxford without gyro, levelled by their mean
acceleration; and slow walks of the walking model. Prints one table. Run from the checkout:
    .venv/bin/python benchmarks/waist_accuracy.py
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from accuracy.recordings import matched

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.events import BACKWARD, FORWARD, STEP, TURN
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import Recording, load_recording, resample_to_counts, time_reversed
from retrowalk.wearer import script
from retrowalk.wearer.model import walk as model_walk

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
IPOL = DATA / "ipol_gait_lowerback_feet"
MOBILISED = DATA / "mobilised_lab_lowerback"
OXFORD = DATA / "oxford_stepcounter_pocket"
SLOW_SPM_MPS = ((25, 0.20), (30, 0.25), (36, 0.30), (42, 0.35), (47, 0.40))
ACCEL_RANGE_G = 8
GYRO_RANGE_DPS = 500


@dataclass
class Walk:
    """One recording and its truth, in seconds from its first sample: contacts, the U-turn, the stillness before."""

    name: str
    recording: Recording
    mounting: Mounting
    contacts_s: np.ndarray
    reversed_contacts_s: np.ndarray
    turn_s: tuple[float, float] | None = None
    still_until_s: float = 0.0


def rows(path):
    """The rows of a CSV file as dicts."""
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def ipol_walks():
    """The 60 trials of ten subjects; a mirrored toe-off is the contact of the reversed walk."""
    events = rows(IPOL / "gait_events.csv")
    for trial in rows(IPOL / "trials.csv"):
        path = IPOL / "dev" / f"{trial['trial']}_lb.csv.gz"
        if not path.exists():
            continue
        mine = [e for e in events if e["trial"] == trial["trial"] and e["in_trial"] == "True"]
        recording = load_recording(path)
        t_s = recording.t_s
        yield Walk(
            trial["trial"],
            recording,
            Mounting.from_axes("-z,y,x"),
            np.sort([float(e["heel_strike_s"]) - t_s[0] for e in mine]),
            np.sort([t_s[-1] - float(e["toe_off_s"]) for e in mine]),
            (float(trial["uturn_start_s"]) - t_s[0], float(trial["uturn_end_s"]) - t_s[0]),
            float(trial["trial_start_s"]) - t_s[0] - 0.2,
        )


def mobilised_walks():
    """The development trials with contacts from the shoe sensors (INDIP); only walking bouts are annotated."""
    events = [e for e in rows(MOBILISED / "gait_events.csv") if e["system"] == "INDIP" and e["event"] == "IC"]
    for path in sorted((MOBILISED / "dev").glob("*.csv.gz")):
        name = path.name.split(".")[0]
        contacts = np.sort([float(e["t_s"]) for e in events if e["trial"] == name and e["t_s"]])
        if len(contacts):
            yield Walk(name, load_recording(path), Mounting.from_axes("z,-y,x"), contacts, np.array([]))


def oxford_walks():
    """Phones in pockets and a pouch, no gyro, forward unknown: up is the mean acceleration."""
    events = rows(OXFORD / "step_events.csv")
    for path in sorted((OXFORD / "dev").glob("*.csv.gz")):
        name = path.name.split(".")[0]
        recording = load_recording(path)
        contacts = np.sort([float(e["contact_s"]) for e in events if e["trial"] == name]) - recording.t_s[0]
        up = np.rint(100 * recording.accel_mps2.mean(axis=0)).astype(int).tolist()
        yield Walk(name, recording, Mounting.from_axes("x,y,z").with_neutral(*up), contacts, np.array([]))


def slow_walks(direction):
    """90 s each of the walking model at 25 to 47 steps a minute and 0.2 to 0.4 m/s."""
    for cadence_spm, speed_mps in SLOW_SPM_MPS:
        stand, slow = script.Segment(4.0), script.Segment(90.0, direction, speed_mps, cadence_spm)
        made = model_walk((stand, slow, stand), seed=cadence_spm)
        frames = made.frames
        t_s = np.arange(len(frames)) / RATE_HZ
        recording = Recording(t_s, frames.accel_mps2, frames.gyro_radps, float(RATE_HZ))
        mounting = Mounting.from_axes("-z,y,x")
        yield Walk(f"{cadence_spm} steps/min", recording, mounting, made.truth.step_times_s, np.array([]))


def replay(recording, mounting):
    """Step times (s), their directions and the turns (start s, end s, degrees) that the core finds."""
    segments, _ = resample_to_counts(recording, ACCEL_RANGE_G, GYRO_RANGE_DPS)
    engine = WaistEngine(Settings(), mounting, ACCEL_RANGE_G, GYRO_RANGE_DPS)
    steps, turns = [], []

    def drain():
        queue = engine.events
        while queue.take():
            if queue.kind == STEP:
                steps.append((queue.index / RATE_HZ, queue.value_a))
            elif queue.kind == TURN:
                turns.append((queue.index / RATE_HZ, (queue.index + queue.value_a) / RATE_HZ, queue.value_b))

    for segment in segments:
        if segment.first_index > engine.index:
            engine.skip(segment.first_index - engine.index)
        for sample in segment.values.tolist():
            if engine.push(sample):
                drain()
    engine.finish()
    drain()
    steps.sort()
    return np.array([s[0] for s in steps]), np.array([s[1] for s in steps]), turns


class Score:
    """Sums over recordings, and the figures made of them."""

    def __init__(self):
        self.hits = {0.1: 0, 0.25: 0}
        self.n_found = self.n_true = self.n_false_still = 0
        self.still_s = 0.0
        self.offsets_s, self.count_errors, self.directions, self.turn_errors_deg = [], [], [], []
        self.recalled = {f"{name}, {t} s": [] for name in ("turn", "second last", "last") for t in self.hits}

    def add(self, walk, backward):
        recording = time_reversed(walk.recording) if backward else walk.recording
        found, directions, turns = replay(recording, walk.mounting)
        true = walk.reversed_contacts_s if backward else walk.contacts_s
        self.n_found += len(found)
        self.n_true += len(true)
        for tolerance_s in self.hits:
            i, j = matched(found, true, tolerance_s)
            self.hits[tolerance_s] += len(i)
            if walk.turn_s is not None:
                self._recall(np.isin(np.arange(len(true)), j), f", {tolerance_s} s", walk, backward)
        self.offsets_s.extend(found[i] - true[j])
        self.count_errors.append(len(found) / len(true) - 1)
        self.directions.extend(directions)
        if walk.turn_s is None:
            return
        if not backward:
            start, end = walk.turn_s
            self.n_false_still += np.count_nonzero(found < walk.still_until_s)
            self.still_s += walk.still_until_s
            best = max((abs(angle) for s, e, angle in turns if s < end and e > start), default=0)
            self.turn_errors_deg.append(abs(best - 180))

    def _recall(self, hit, key, walk, backward):
        """Note which of the true steps were found: the last two, and those in the U-turn."""
        self.recalled["last" + key].append(hit[-1])
        self.recalled["second last" + key].append(hit[-2])
        if not backward:
            start, end = walk.turn_s
            self.recalled["turn" + key].extend(hit[(walk.contacts_s >= start) & (walk.contacts_s <= end)])

    def figures(self, want):
        """[(name, text)] for the table; `want` is the true direction of walking."""
        directions = np.array(self.directions)
        decided = directions[directions != 0]
        errors = 100 * np.array(self.count_errors)
        out = [(f"F1 at {t} s", f"{2 * n / (self.n_found + self.n_true):.3f}") for t, n in self.hits.items()]
        out += [
            ("step count error, median absolute / mean", f"{np.median(abs(errors)):.1f} % / {errors.mean():+.1f} %"),
            ("step count error, worst", f"{max(errors, key=abs):+.1f} %"),
            (
                "offset, median / spread (sd)",
                f"{1000 * np.median(self.offsets_s):+.0f} / {1000 * np.std(self.offsets_s):.0f} ms",
            ),
            (
                "direction decided / right when decided",
                f"{len(decided) / len(directions):.3f} / {np.mean(decided == want):.4f}",
            ),
        ]
        out += [(f"recall: {name}", f"{np.mean(hits):.2f}") for name, hits in self.recalled.items() if hits]
        if self.still_s:
            out.append(("false steps a minute, standing", f"{60 * self.n_false_still / self.still_s:.2f}"))
            out.append(
                (
                    "U-turn angle error, median / worst",
                    f"{np.median(self.turn_errors_deg):.0f} / {max(self.turn_errors_deg):.0f} deg",
                )
            )
        return out


def main():
    """Score all walks and print the table; 1 if the recordings are absent."""
    if not DATA.is_dir():
        print(f"no recordings: {DATA} is absent", file=sys.stderr)
        return 1
    ipol, mobilised = list(ipol_walks()), list(mobilised_walks())
    for title, walks, backward, want in (
        ("ipol, forward", ipol, False, FORWARD),
        ("ipol, time-reversed (proxy for backward)", ipol, True, BACKWARD),
        ("mobilised, forward", mobilised, False, FORWARD),
        ("oxford, no gyro, forward unknown: its direction means nothing", list(oxford_walks()), False, FORWARD),
        ("walking model, slow, forward", list(slow_walks(script.FORWARD)), False, FORWARD),
        ("walking model, slow, backward", list(slow_walks(script.BACKWARD)), False, BACKWARD),
    ):
        score = Score()
        for walk in walks:
            score.add(walk, backward)
        print(f"\n{title}: {len(walks)} recordings, {score.n_true} true steps")
        for name, text in score.figures(want):
            print(f"  {name:<44}{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
