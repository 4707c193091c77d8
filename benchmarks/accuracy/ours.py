"""What `retrowalk analyze --json` finds in a trial: the very command a user types, run in this process.

Reversed and stretched trials are written as recordings of their own first, so that all go the same way. Analyses run
on two processes. Called by accuracy.measure and by sensitivity.
"""

import argparse
import contextlib
import io
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

PROCESSES = 2
_GRAVITY_MEAN_S = 2.0


def analyze(path: Path, *options: str) -> dict | None:
    """The contract's object for one recording; None where this version does not know an option."""
    from retrowalk import analyze as verb
    from retrowalk.errors import UsageError

    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            args = parser.parse_args([str(path), "--json", *options])
            with contextlib.redirect_stdout(printed):
                verb.run(args)
    except (SystemExit, UsageError):
        return None
    return json.loads(printed.getvalue())


def analyze_trial(trial) -> dict | None:
    """The contract's object for a Trial, with the wearer's height where it is known."""
    options = ["--mount", trial.mount]
    if trial.axes:
        options.append(f"--axes={trial.axes}")
    if trial.height_m:
        options += ["--height-m", str(trial.height_m)]
    if not trial.change:
        return analyze(trial.path, *options)
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "changed.csv"
        write_changed(trial, changed)
        return analyze(changed, *options)


def analyze_all(trials) -> list[dict | None]:
    """`analyze_trial` of each, in order."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        return list(pool.map(analyze_trial, trials, chunksize=2))


def write_changed(trial, path: Path) -> None:
    """The trial's recording, reversed or stretched, as a CSV file."""
    from retrowalk.recordings.recording import load_recording, time_reversed

    recording = load_recording(trial.path)
    if trial.change == "reversed":
        recording = time_reversed(recording)
    else:
        recording = slowed(recording, float(trial.change.lstrip("x")))
    write_csv(path, recording.t_s, recording.accel_mps2, recording.gyro_rps if recording.has_gyro else None)


def slowed(recording, times: float):
    """The walk as if each movement took `times` as long: rates shrink by `times`, accelerations by its square.

    Gravity stays; it is taken as the mean specific force of the two seconds around, at the recording's own speed.
    """
    width = max(1, round(_GRAVITY_MEAN_S * recording.rate_hz))
    share = np.convolve(np.ones(len(recording.t_s)), np.ones(width), "same")
    gravity = np.stack([np.convolve(a, np.ones(width), "same") / share for a in recording.accel_mps2.T], axis=1)
    t_s = recording.t_s[0] + times * (recording.t_s - recording.t_s[0])
    # As dense as before, but a hole in the recording stays one.
    grid = np.linspace(t_s[0], t_s[-1], round(times * (len(t_s) - 1)) + 1)
    before = np.clip(np.searchsorted(t_s, grid, side="right") - 1, 0, len(t_s) - 2)
    grid = grid[(np.diff(t_s)[before] < 1.5 * times / recording.rate_hz) | np.isin(grid, t_s)]
    accel = gravity + (recording.accel_mps2 - gravity) / times**2
    gyro = recording.gyro_rps / times
    accel, gyro = (np.stack([np.interp(grid, t_s, c) for c in part.T], axis=1) for part in (accel, gyro))
    return replace(recording, t_s=grid, accel_mps2=accel, gyro_rps=gyro)


def write_csv(path: Path, t_s, accel_mps2, gyro_rps=None) -> None:
    """A recording as `load_recording` reads it."""
    columns = [t_s[:, None], accel_mps2] + ([] if gyro_rps is None else [gyro_rps])
    header = "t_s,ax,ay,az" + ("" if gyro_rps is None else ",gx,gy,gz")
    np.savetxt(path, np.hstack(columns), fmt="%.5f", delimiter=",", header=header, comments="")


def steps_of(found: dict) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and directions (1 forward, -1 backward, 0 unknown) of all steps."""
    codes = {"forward": 1, "backward": -1}
    steps = found["steps"]
    return np.array([s["t_s"] for s in steps]), np.array([codes.get(s["direction"], 0) for s in steps], dtype=int)


def turn_error_deg(trial, found: dict) -> float:
    """How far the largest turn told during the trial's U-turn is from 180 degrees."""
    start_s, end_s = trial.turn_s
    turns = [e for e in found["events"] if e["kind"] == "turn" and e["t_s"] < end_s and e["end_s"] > start_s]
    return abs(max((abs(e["angle_deg"]) for e in turns), default=0) - 180)


def own_strides(found: dict) -> tuple[np.ndarray, np.ndarray]:
    """Of a clip at the ankle: the contacts of its own leg. The other's were inferred halfway between two."""
    t_s, directions = steps_of(found)
    own, i = [], 0
    while i < len(t_s):
        halfway = i + 1 < len(t_s) and own and abs(2 * t_s[i] - t_s[own[-1]] - t_s[i + 1]) < 0.03
        i += bool(halfway)
        own.append(i)
        i += 1
    return t_s[own], directions[own]
