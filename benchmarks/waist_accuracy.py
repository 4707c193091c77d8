"""How well the core finds steps, direction and turns at the waist, on the recorded walks in ../shared/data.

Every recording goes through `retrogait.engine.WaistEngine`, forward and time-reversed (a stand-in for backward
walking), whole, without a window of walking being given. Prints one table. Run from the checkout:
    .venv/bin/python benchmarks/waist_accuracy.py
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.events import BACKWARD, FORWARD, STEP, TURN
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recording import load_recording, resample_to_counts, time_reversed

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
IPOL = DATA / "ipol_gait_lowerback_feet"
MOBILISED = DATA / "mobilised_lab_lowerback"
ACCEL_RANGE_G = 8
GYRO_RANGE_DPS = 500


@dataclass
class Walk:
    """One recording's truth, in seconds from its first sample: contacts, the U-turn and the stillness before."""

    name: str
    path: Path
    axes: str
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
        t_s = load_recording(path).t_s
        yield Walk(
            trial["trial"],
            path,
            "-z,y,x",
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
            yield Walk(name, path, "z,-y,x", contacts, np.array([]))


def replay(path, axes, backward=False):
    """Step times (s), their directions and the turns (start s, end s, degrees) that the core finds."""
    recording = load_recording(path)
    if backward:
        recording = time_reversed(recording)
    segments, _ = resample_to_counts(recording, ACCEL_RANGE_G, GYRO_RANGE_DPS)
    engine = WaistEngine(Settings(), Mounting.from_axes(axes), ACCEL_RANGE_G, GYRO_RANGE_DPS)
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


def matched(found_s, true_s, tolerance_s):
    """One-to-one matches in order of time: index arrays of found and of true events."""
    pairs, i, j = [], 0, 0
    while i < len(found_s) and j < len(true_s):
        apart = found_s[i] - true_s[j]
        if abs(apart) <= tolerance_s:
            pairs.append((i, j))
        i += apart <= tolerance_s
        j += apart >= -tolerance_s
    return np.array(pairs, dtype=int).reshape(-1, 2).T


class Score:
    """Sums over recordings, and the figures made of them."""

    def __init__(self):
        self.hits = {0.1: 0, 0.25: 0}
        self.n_found = self.n_true = self.n_false_still = 0
        self.still_s = 0.0
        self.offsets_s, self.count_errors, self.directions, self.turn_errors_deg = [], [], [], []
        self.recalled = {"turn": [], "second last": [], "last": []}

    def add(self, walk, backward):
        found, directions, turns = replay(walk.path, walk.axes, backward)
        true = walk.reversed_contacts_s if backward else walk.contacts_s
        self.n_found += len(found)
        self.n_true += len(true)
        for tolerance_s in self.hits:
            i, j = matched(found, true, tolerance_s)
            self.hits[tolerance_s] += len(i)
            if tolerance_s == 0.1:
                hit = np.isin(np.arange(len(true)), j)
        self.offsets_s.extend(found[i] - true[j])
        self.count_errors.append(len(found) / len(true) - 1)
        self.directions.extend(directions)
        if walk.turn_s is None:
            return
        self.recalled["last"].append(hit[-1])
        self.recalled["second last"].append(hit[-2])
        if not backward:
            start, end = walk.turn_s
            self.recalled["turn"].extend(hit[(true >= start) & (true <= end)])
            self.n_false_still += np.count_nonzero(found < walk.still_until_s)
            self.still_s += walk.still_until_s
            best = max((abs(angle) for s, e, angle in turns if s < end and e > start), default=0)
            self.turn_errors_deg.append(abs(best - 180))

    def figures(self, want):
        """[(name, text)] for the table; `want` is the true direction of walking."""
        directions = np.array(self.directions)
        decided = directions[directions != 0]
        errors = 100 * np.array(self.count_errors)
        out = [(f"F1 at {t} s", f"{2 * n / (self.n_found + self.n_true):.3f}") for t, n in self.hits.items()]
        out += [
            ("step count error, median absolute / mean", f"{np.median(abs(errors)):.1f} % / {errors.mean():+.1f} %"),
            (
                "offset, median / spread (sd)",
                f"{1000 * np.median(self.offsets_s):+.0f} / {1000 * np.std(self.offsets_s):.0f} ms",
            ),
            (
                "direction decided / right when decided",
                f"{len(decided) / len(directions):.3f} / {np.mean(decided == want):.4f}",
            ),
        ]
        out += [(f"recall at 0.1 s: {name}", f"{np.mean(hits):.2f}") for name, hits in self.recalled.items() if hits]
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
    for title, walks, backward in (
        ("ipol, forward", ipol, False),
        ("ipol, time-reversed (proxy for backward)", ipol, True),
        ("mobilised, forward", mobilised, False),
    ):
        score = Score()
        for walk in walks:
            score.add(walk, backward)
        print(f"\n{title}: {len(walks)} recordings, {score.n_true} true steps")
        for name, text in score.figures(BACKWARD if backward else FORWARD):
            print(f"  {name:<44}{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
