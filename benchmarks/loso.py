"""Leave one subject out: each fitted constant chosen on all other subjects of ipol, scored on the one left out.

    .venv/bin/python benchmarks/loso.py [--page]

For every constant and every value of a small grid the trials of each subject are scored once. Then, for each subject,
the value that is best on the others' mean is taken and scored on that subject. "Best on all" is the optimist's figure:
chosen and scored on the same subjects. Forward and time-reversed (a proxy) count alike; one trial of each subject
and way, so that it takes a few minutes. The constants are those that were chosen on these recordings; the threshold
shares and the shares of the step length have each a physical reason, and only their value was chosen.
"""

import argparse
import multiprocessing
import sys

import numpy as np
from accuracy import constants, ours, recordings, report
from accuracy.scoring import f1

GRIDS = (
    ("waist", "CONTACT_TO_BUMP", tuple({0: 7 + d, 1: 8 + d, 2: 5 + d} for d in (-3, -2, -1, 0, 1, 2, 3)), "f1"),
    ("waist_steps", "_LEAST_PERCENT", (12, 16, 20, 24, 28), "f1"),
    ("waist_steps", "_TURNING_PERCENT", (5, 8, 11), "f1"),
    ("waist_steps", "_LATE_PERCENT", (30, 40, 50), "f1"),
    ("waist_signal", "FORWARD_WEIGHT", (8, 10, 12, 14, 16), "f1"),
    ("waist_signal", "BACKWARD_WEIGHT", (2, 4, 6, 8, 10), "f1"),
    ("distance", "_ARC", (820, 860, 900, 940, 980), "speed"),
    ("distance", "_BOTH_FEET", (100, 130, 160, 190, 220), "speed"),
)
_TRIAL = "_T3_lb"


def main() -> int:
    """Score every value, print the table; with --page write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", action="store_true", help="write the table into docs/reference/accuracy.md")
    args = parser.parse_args()
    if not recordings.DATA.is_dir():
        sys.stderr.write(f"no recordings: {recordings.DATA} is absent, so nothing was measured\n")
        return 1
    jobs = [(module, name, value, score) for module, name, values, score in GRIDS for value in values]
    # A fresh process each: a changed module must be imported before the rest of the core.
    with multiprocessing.get_context("fork").Pool(ours.PROCESSES, maxtasksperchild=1) as pool:
        scored = iter(pool.map(scores_of, jobs, chunksize=1))
    rows = [["module", "constant", "grid", "built in", "score", "built in", "best on all", "left out", "chosen"]]
    for module, name, values, score in GRIDS:
        table = np.array([next(scored) for _ in values])
        rows.append(row_of(module, name, values, score, table))
    lines = report.markdown(rows)
    sys.stdout.write("\n".join(lines) + "\n")
    if args.page:
        summary = f"Measured {report.today()} on {report.machine()}, revision {report.revision()}."
        report.write_page("loso", ["", summary, "", *lines, ""])
    return 0


def scores_of(job) -> list[float]:
    """One score for each subject with one constant changed: F1 at 0.1 s, or minus the error of speed in percent."""
    module, name, value, score = job
    constants.load_with(module, name, value)
    trials = [trial for trial in recordings.ipol() if trial.name.endswith(_TRIAL)]
    return [speed_score(trial) if score == "speed" else step_score(trial) for trial in trials]


def step_score(trial) -> float:
    """Mean F1 at 0.1 s of the whole recording, forward and reversed."""
    pairs = [(each, ours.steps_of(ours.analyze_trial(each))[0]) for each in (trial, trial.reversed())]
    return float(np.mean([f1([(t_s, each.contacts_s)], 0.1) for each, t_s in pairs]))


def speed_score(trial) -> float:
    """Minus the absolute error of speed in percent; minus 100 where none was told."""
    found = ours.analyze_trial(trial)["speed_mps"]
    return -100.0 if found is None else -100 * abs(found / trial.speed_mps - 1)


def row_of(module, name, values, score, table) -> list[str]:
    """`table` [values, subjects]: built-in value, best on all subjects, and chosen without the subject."""
    built_in = getattr(__import__(f"retrogait.{module}", fromlist=[name]), name)
    n_subjects = table.shape[1]
    chosen = [int(np.argmax(np.delete(table, subject, axis=1).mean(axis=1))) for subject in range(n_subjects)]
    left_out = float(np.mean([table[choice, subject] for subject, choice in enumerate(chosen)]))
    picked = ", ".join(f"{values[i]} ({chosen.count(i)})" for i in sorted(set(chosen)))
    unit = " %" if score == "speed" else ""
    shown = [table[values.index(built_in)].mean(), table.mean(axis=1).max(), left_out]
    texts = [f"{abs(each):.2f}{unit}" if unit else f"{each:.4f}" for each in shown]
    grid = f"{values[0]} ... {values[-1]}"
    return [module, f"`{name}`", grid, str(built_in), "speed error" if unit else "F1 0.1 s", *texts, picked]


if __name__ == "__main__":
    sys.exit(main())
