"""The report's tables of rows: slow walks, what is counted where nobody steps (made-up wear too), and each subject.

Called by accuracy.measure; a batch is its Batch. slow() also adds to `figures` ({key of accuracy.goals: value}).
"""

import numpy as np

from accuracy import recordings, synthetic
from accuracy.scoring import step_figures

STRETCHES = (1.5, 2.0, 2.5)
"""How many times slower the recorded walks are played."""
_SEEDS = (1, 2)


def slow(batch, figures):
    """Rows (what, mount, proxy, true steps, error %)."""
    table, errors = [], {}
    for trial, t_s in zip(batch.sets["slow"], batch.times("slow"), strict=True):
        error = 100 * (len(t_s) / len(trial.contacts_s) - 1)
        errors.setdefault(trial.mount, []).append(abs(error))
        table.append((f"walking model, {trial.name}", trial.mount, len(trial.contacts_s), error))
    for mount, values in errors.items():
        figures[f"slow.model_{mount}"] = max(values)
    every = []
    for times in STRETCHES:
        pairs = [
            (len(t_s), len(trial.contacts_s))
            for trial, t_s in zip(batch.sets["stretched"], batch.times("stretched"), strict=True)
            if trial.change == f"x{times}"
        ]
        each = [100 * (found / true - 1) for found, true in pairs]
        every += [abs(error) for error in each]
        truth = sum(true for _, true in pairs)
        table.append((f"ipol slowed {times} times, median of ten subjects", "waist", truth, float(np.median(each))))
    figures["slow.stretched"] = float(np.median(every))
    return table


def synthetic_trials(folder):
    none = np.array([])
    trials = []
    for mount, makers in (("waist", synthetic.WAIST), ("ankle", synthetic.ANKLE)):
        for name, make in makers.items():
            for seed in _SEEDS:
                path = folder / f"{name.replace(' ', '_')}_{mount}_{seed}.csv"
                minutes = synthetic.write(make, seed, path)
                trials.append(recordings.Trial(name, "", path, mount, "x,y,z", 0.0, 60 * minutes, none, none, none))
    return trials


def negatives(batch, figures):
    """Rows (what, kind, mount, minutes, false steps a minute)."""
    trials = batch.sets["ipol"]
    minutes = sum(trial.still_s - trial.first_s for trial in trials) / 60
    table = [("standing before the walk (ipol)", "recorded", "waist", minutes, figures["ipol.still_false"])]
    rows = {}
    for name, kind in (("stand", "walking model"), ("synthetic", "SYNTHETIC")):
        for trial, t_s in zip(batch.sets[name], batch.times(name), strict=True):
            key = ("standing" if name == "stand" else trial.name, kind, trial.mount)
            so_far = rows.get(key, (0.0, 0))
            rows[key] = (so_far[0] + (trial.last_s - trial.first_s) / 60, so_far[1] + len(t_s))
    return table + [(*key, minutes, false / minutes) for key, (minutes, false) in rows.items()]


def subjects(batch):
    """Rows (set, subject, trials, F1 at 0.1 s, F1 at 0.25 s, median absolute and mean count error in %)."""
    table = []
    for name in ("ipol", "ipol_reversed", "mobilised", "oxford"):
        trials, times = batch.sets[name], batch.times(name)
        for subject in dict.fromkeys(trial.subject for trial in trials):
            mine = [i for i, trial in enumerate(trials) if trial.subject == subject]
            figures = step_figures([trials[i] for i in mine], [times[i] for i in mine])
            keys = ("f1_0.1", "f1_0.25", "count_median", "count_mean")
            table.append((name, subject, len(mine), *(figures[key] for key in keys)))
    return table
