"""How much the accuracy hangs on each constant of the core: each is changed by 20 % either way, one at a time.

    .venv/bin/python benchmarks/sensitivity.py [--share 0.2] [--module waist_steps]

Measured on one trial of each of five subjects, forward and time-reversed (a proxy), through `retrowalk analyze`. Prints
the change of each part's main figures and writes them into docs/reference/accuracy.md and sensitivity.json.
"""

import argparse
import json
import multiprocessing
import sys

import numpy as np
from accuracy import constants, ours, recordings, report
from accuracy.scoring import Direction, aligned_deg, cadence_error_spm, f1, inclination_deg, rms, step_figures, within

DATA_FILE = report.PAGE.with_name("sensitivity.json")
_CLIFF = 0.05
# Every other subject: the run stays under five minutes, and the others are not needed to see a cliff.
_SUBJECTS = ("S01", "S05", "S09", "S13", "S17")
_NO_CLIFF = ("%", "deg", "spm", "last step")  # errors; and five last steps are too few to judge by


def main() -> int:
    """Measure every variant, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", type=float, default=0.2, help="by how much (default 0.2)")
    parser.add_argument("--module", help="only this module of retrogait")
    args = parser.parse_args()
    if not recordings.DATA.is_dir():
        sys.stderr.write(f"no recordings: {recordings.DATA} is absent, so nothing was measured\n")
        return 1
    names = [args.module] if args.module else constants.modules()
    bases = [(module, None, 0, 0) for module in {part_of(name): name for name in names}.values()]
    # A fresh process each: a changed module must be imported before the rest of the core.
    with multiprocessing.get_context("fork").Pool(ours.PROCESSES, maxtasksperchild=1) as pool:
        constants_of = pool.map(constants.parameters, names, chunksize=1)
        variants = [
            (module, name, value, constants.moved(value, share))
            for module, found in zip(names, constants_of, strict=True)
            for name, value in found
            for share in (-args.share, args.share)
        ]
        found = pool.map(figures_of, bases + variants, chunksize=1)
    base = {part_of(module): figures for (module, *_), figures in zip(bases, found, strict=False)}
    rows = list(zip(variants, found[len(bases) :], strict=True))
    lines = report.markdown(table(base, rows))
    sys.stdout.write("\n".join(lines) + "\n")
    if not args.module:
        summary = (
            f"Measured {report.today()} on {report.machine()}, revision {report.revision()}, share {args.share:g}."
        )
        report.write_page("sensitivity", ["", summary, "", *lines, ""])
        write_json(base, rows, args.share)
    return 0


def part_of(module: str) -> str:
    """Which figures tell about a module."""
    if module.startswith("ankle"):
        return "ankle"
    return "attitude" if module.startswith(("attitude", "rest")) else "waist"


def figures_of(variant) -> dict[str, float] | str:
    """The part's figures with one constant changed; the error where the core cannot run so."""
    module, name, _, value = variant
    if name:
        try:
            constants.load_with(module, name, value)
        except (ValueError, IndexError, ZeroDivisionError) as error:
            return type(error).__name__
    measure = {"waist": waist, "ankle": ankle, "attitude": attitude}[part_of(module)]
    try:
        return measure()
    except (ValueError, IndexError, ZeroDivisionError, OverflowError) as error:
        return type(error).__name__


def waist() -> dict[str, float]:
    """One ipol trial of each of five subjects."""
    trials = [t for t in recordings.ipol() if t.subject in _SUBJECTS and t.name.endswith("_T3_lb")]
    back = [trial.reversed() for trial in trials]
    found = [ours.analyze_trial(trial) for trial in trials]
    ways = [[ours.steps_of(each) for each in found], [ours.steps_of(ours.analyze_trial(trial)) for trial in back]]
    speeds = [each["speed_mps"] for each in found]
    errors = [100 * abs(v / t.speed_mps - 1) for v, t in zip(speeds, trials, strict=True) if v is not None]
    speed = float(np.median(errors)) if errors else 0.0
    forward = step_figures(trials, [t for t, _ in ways[0]])
    direction = Direction()
    for each, steps, want in ((trials, ways[0], 1), (back, ways[1], -1)):
        for trial, told in zip(each, steps, strict=True):
            direction.add_spans(trial, told, want)
    return {
        "F1 0.1 s": forward["f1_0.1"],
        "F1 0.1 s reversed": step_figures(back, [t for t, _ in ways[1]])["f1_0.1"],
        "count error %": forward["count_median"],
        "last step": forward["recall_last_0.25"],
        "direction": direction.right / direction.judged,
        "cadence spm": cadence_error_spm(trials, [t for t, _ in ways[0]]),
        "turn deg": float(np.median([ours.turn_error_deg(*each) for each in zip(trials, found, strict=True)])),
        "speed %": speed,
    }


def ankle() -> dict[str, float]:
    """One foot of one ipol trial of each of five subjects."""
    trials = [t for t in recordings.ipol_feet() if t.subject in _SUBJECTS and t.name.endswith("_T1_lf")]
    found: dict[str, float] = {}
    direction = Direction()
    for name, each, want in (("", trials, 1), (" reversed", [trial.reversed() for trial in trials], -1)):
        pairs = []
        for trial in each:
            t_s, directions = ours.own_strides(ours.analyze_trial(trial))
            inside = within(t_s, trial)
            pairs.append((t_s[inside], trial.contacts_s))
            direction.add_steps(directions[inside], want)
        found[f"F1 0.25 s{name}"] = f1(pairs, 0.25)
    return found | {"direction": direction.right / direction.judged}


def attitude() -> dict[str, float]:
    """Two boards and the pelvis; without --with attitude, what the waist makes of it."""
    from accuracy.measure import attitude_of

    path, t_s, up = recordings.neura_pelvis()
    found = attitude_of(path)
    if found is None:
        return waist()
    boards = [(attitude_of(board), at_s, truth) for board, at_s, truth in recordings.broad()[:2]]
    return {
        "broad deg": float(np.mean([rms(inclination_deg(*each, at_s, truth)) for each, at_s, truth in boards])),
        "neura deg": rms(aligned_deg(*found, t_s, up, 2.0)),
    }


def table(base, rows) -> list[list[str]]:
    """A row for each constant and way: what changed of each figure."""
    out = [["module", "constant", "from", "to", "change of the main figures", "largest loss"]]
    for part, figures in base.items():
        if isinstance(figures, dict):
            out.append([part, "(as it is)", "", "", ", ".join(f"{k} {v:.3f}" for k, v in figures.items()), ""])
    for (module, name, value, new), figures in rows:
        before = base[part_of(module)]
        if isinstance(figures, str) or isinstance(before, str):
            out.append([module, f"`{name}`", str(value), str(new), f"cannot run so: {figures}", "tied"])
            continue
        changed = [
            f"{key} {figures[key] - before[key]:+.3f}" for key in figures if abs(figures[key] - before[key]) > 5e-4
        ]
        out.append([module, f"`{name}`", str(value), str(new), ", ".join(changed) or "none", worst(before, figures)])
    return out


def worst(before, after) -> str:
    """The largest loss of F1, recall or direction (attitude: by how much the error grew); a cliff is marked."""
    loss = max((before[key] - after[key] for key in after if not key.endswith(_NO_CLIFF)), default=0.0)
    if "broad deg" in after:
        loss = max(after[key] / before[key] - 1 for key in after)
    return f"{max(0.0, loss):.3f}" + (" CLIFF" if loss > _CLIFF else "")


def write_json(base, rows, share) -> None:
    """For machines."""
    found = [
        {"module": module, "constant": name, "from": value, "to": new, "figures": figures}
        for (module, name, value, new), figures in rows
    ]
    head = {"format": 1, "date": report.today(), "machine": report.machine(), "revision": report.revision()}
    DATA_FILE.write_text(json.dumps({**head, "share": share, "base": base, "variants": found}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
