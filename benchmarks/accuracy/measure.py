"""All figures of the table: ours through `retrowalk analyze`, the peers' through peer_runner, scored alike.

`measure()` returns them by the keys of accuracy.goals. Called by benchmarks/accuracy.py.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from accuracy import modelled, ours, recordings, tables
from accuracy.peers import Peers
from accuracy.scoring import (
    Direction,
    aligned_deg,
    cadence_error_spm,
    f1,
    inclination_deg,
    rms,
    step_figures,
    within,
)

_NEURA_FROM_S = 2.0


@dataclass
class Measured:
    """`ours` and `peers`: {key: value or None}; tables: rows of text and numbers for the report."""

    ours: dict = field(default_factory=dict)
    peers: dict = field(default_factory=dict)
    subjects: list = field(default_factory=list)
    negatives: list = field(default_factory=list)
    slow: list = field(default_factory=list)
    peers_installed: bool = False


class Batch:
    """Named lists of trials, analysed together; `steps(name)` and `strides(name)` by trial."""

    def __init__(self, sets):
        self.sets = sets
        found = iter(ours.analyze_all([trial for trials in sets.values() for trial in trials]))
        self.found = {name: [next(found) for _ in trials] for name, trials in sets.items()}

    def steps(self, name):
        """[(times, directions)]."""
        return [ours.steps_of(each) for each in self.found[name]]

    def times(self, name):
        """[times]."""
        return [t_s for t_s, _ in self.steps(name)]

    def strides(self, name):
        """[(times, directions)] of the leg that wears the sensor, inside the annotated part."""
        trials = self.sets[name]
        both = [ours.own_strides(each) for each in self.found[name]]
        return [(t[within(t, trial)], d[within(t, trial)]) for trial, (t, d) in zip(trials, both, strict=True)]


def measure() -> Measured:
    """Everything; about two minutes on two cores, a minute more for the peers the first time."""
    result = Measured()
    waist, feet, oxford = recordings.ipol(), recordings.ipol_feet(), recordings.oxford()
    daily, gaitmap = recordings.mobilised(), recordings.gaitmap_feet()
    peers = Peers(_peer_jobs(waist, daily, feet, gaitmap))
    result.peers_installed = peers.installed
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = tables.synthetic_trials(folder)
        firsts = [trial for trial in waist if trial.name.split("_")[1] == "T3"]
        shanks = [trial for trial in recordings.neura_legs() if "LowLeg" in trial.name]
        batch = Batch(
            {
                "ipol": waist,
                "ipol_reversed": [trial.reversed() for trial in waist],
                "mobilised": daily,
                "oxford": oxford,
                "ipol_feet": feet,
                "gaitmap_feet": gaitmap,
                "neura_shank": shanks,
                "ipol_feet_reversed": [trial.reversed() for trial in feet],
                "gaitmap_feet_reversed": [trial.reversed() for trial in gaitmap],
                "neura_shank_reversed": [trial.reversed() for trial in shanks],
                "slow": modelled.slow_trials(folder),
                "backward": modelled.backward_trials(folder),
                "stretched": [trial.stretched(times) for times in tables.STRETCHES for trial in firsts],
                "stand": modelled.standing_trials(folder),
                "synthetic": made,
            }
        )
    _steps(batch, result.ours)
    _directions(batch, result.ours)
    _attitude(result.ours)
    _speed(batch, result.ours)
    result.slow = tables.slow(batch, result.ours)
    result.negatives = tables.negatives(batch, result.ours)
    result.subjects = tables.subjects(batch)
    _peer_figures(peers, batch.sets, result.peers)
    return result


def _steps(batch, figures):
    trials = batch.sets["ipol"]
    for name in ("ipol", "ipol_reversed", "oxford"):
        figures |= _keyed(name, step_figures(batch.sets[name], batch.times(name)))
    every = [np.sort(np.concatenate([trial.contacts_s, trial.others_s])) for trial in trials]
    figures["ipol.f1_0.1_all"] = f1(list(zip(batch.times("ipol"), every, strict=True)), 0.1)
    figures["ipol.turn_deg"] = float(
        np.median([ours.turn_error_deg(*each) for each in zip(trials, batch.found["ipol"], strict=True)])
    )
    figures["ipol.cadence"] = cadence_error_spm(trials, batch.times("ipol"))
    figures |= _mobilised(batch.sets["mobilised"], batch.times("mobilised"))
    for name in ("ipol_feet", "gaitmap_feet", "ipol_feet_reversed", "gaitmap_feet_reversed", "neura_shank"):
        figures |= _keyed(name, _stride_figures(batch.sets[name], [t for t, _ in batch.strides(name)]))
    every = [np.sort(np.concatenate([trial.contacts_s, trial.others_s])) for trial in batch.sets["ipol_feet"]]
    whole = [ours.own_strides(found)[0] for found in batch.found["ipol_feet"]]
    figures["ipol_feet_whole.f1_0.25"] = f1(list(zip(whole, every, strict=True)), 0.25)


def _keyed(name, figures):
    return {f"{name}.{key}": value for key, value in figures.items()}


def _stride_figures(trials, founds):
    pairs = [(found[within(found, trial)], trial.contacts_s) for trial, found in zip(trials, founds, strict=True)]
    return {"f1_0.1": f1(pairs, 0.1), "f1_0.25": f1(pairs, 0.25)}


def _mobilised(trials, founds):
    """Three rules of truth: INDIP over the whole recording; either system; INDIP inside its own bouts only."""
    unions = recordings.mobilised("union")
    optical = {trial.name: trial.contacts_s for trial in recordings.mobilised("Stereophoto")}
    figures = _keyed("mobilised", step_figures(trials, founds))
    figures["mobilised_union.f1_0.25"] = f1([(f, t.contacts_s) for f, t in zip(founds, unions, strict=True)], 0.25)
    inside = [
        found[np.any([(found >= start - 0.25) & (found <= end + 0.25) for start, end in trial.walking_s], axis=0)]
        for trial, found in zip(trials, founds, strict=True)
    ]
    figures["mobilised_bouts.f1_0.25"] = f1([(f, t.contacts_s) for f, t in zip(inside, trials, strict=True)], 0.25)
    figures["mobilised.agree"] = f1([(optical[t.name], t.contacts_s) for t in trials if t.name in optical], 0.25)
    return figures


def _directions(batch, figures):
    for name, want in (("ipol", 1), ("ipol_reversed", -1)):
        straight, turn = Direction(), Direction()
        for trial, steps in zip(batch.sets[name], batch.steps(name), strict=True):
            straight.add_spans(trial, steps, want)
            turn.add_turn(trial, steps, want)
        figures |= straight.figures(f"{name}.direction_straight") | turn.figures(f"{name}.direction_turn")
    daily = Direction()
    for trial, steps in zip(batch.sets["mobilised"], batch.steps("mobilised"), strict=True):
        daily.add_spans(trial, steps, 1)
    figures |= daily.figures("mobilised.direction")
    for name in ("ipol_feet", "gaitmap_feet", "neura_shank"):
        for suffix, want in (("", 1), ("_reversed", -1)):
            strides = Direction()
            for _, directions in batch.strides(name + suffix):
                strides.add_steps(directions, want)
            figures |= strides.figures(f"{name}{suffix}.direction")
    for mount in ("waist", "ankle"):
        score = Direction()
        for trial, (_, directions) in zip(batch.sets["backward"], batch.steps("backward"), strict=True):
            if trial.mount == mount:
                score.add_steps(directions, -1)
        figures |= score.figures(f"model_{mount}.direction")


def attitude_of(path, *options):
    """(t_s, up [n, 3]) of `--mount none --with attitude`, or None if this version has no such option."""
    found = ours.analyze(path, "--mount", "none", "--with", "attitude", *options)
    if found is None or not found.get("attitude"):
        return None
    told = found["attitude"]
    up = np.array([[np.nan] * 3 if each is None else each for each in told["up"]], dtype=float)
    t_s = told["t0_s"] + np.arange(len(up)) / told["rate_hz"]
    known = np.isfinite(up).all(axis=1)
    return t_s[known], up[known]


def _attitude(figures):
    boards = [(attitude_of(path), t_s, up) for path, t_s, up in recordings.broad()]
    if all(found for found, _, _ in boards):
        errors = [rms(inclination_deg(*found, t_s, up)) for found, t_s, up in boards]
        figures |= {"broad.mean": float(np.mean(errors)), "broad.worst": max(errors)}
    path, t_s, up = recordings.neura_pelvis()
    found = attitude_of(path)
    if found:
        figures["neura.lean"] = rms(aligned_deg(*found, t_s, up, _NEURA_FROM_S))


def _speed(batch, figures):
    """Speed against 20 m over the trial's time; calibrated: times what the subject's first trial says."""
    by_subject = {}
    for trial, found in zip(batch.sets["ipol"], batch.found["ipol"], strict=True):
        if found["speed_mps"] is not None:
            by_subject.setdefault(trial.subject, []).append(found["speed_mps"] / trial.speed_mps)
    if not by_subject:
        return
    plain = np.concatenate([np.array(ratios) for ratios in by_subject.values()])
    calibrated = np.concatenate([np.array(ratios[1:]) / ratios[0] for ratios in by_subject.values()])
    figures["ipol.speed"] = 100 * float(np.median(abs(plain - 1)))
    figures["ipol.speed_calibrated"] = 100 * float(np.median(abs(calibrated - 1)))


def _peer_jobs(waist, daily, feet, gaitmap):
    jobs = [("mobgap", t.path, t.axes, change) for t in waist for change in ("", "reversed")]
    jobs += [("mobgap", t.path, t.axes, "") for t in daily]
    jobs += [("skdh", t.path, t.axes, "") for t in waist + daily]
    jobs += [("gaitmap", t.path, t.axes, "") for t in feet + gaitmap]
    still = [path for path, _, _ in recordings.broad()] + [recordings.neura_pelvis()[0]]
    return jobs + [(peer, path, None, "") for peer in ("vqf", "imufusion") for path in still]


def _peer_figures(peers, sets, figures):
    """{(peer, key): value} of what the installed peers find, with the scores above."""

    def add(peer, name, score, change=""):
        found = [peers.found(peer, trial.path, trial.axes, change) for trial in sets[name]]
        if all(each is not None for each in found):
            trials = sets[f"{name}_{change}" if change else name]
            figures.update({(peer, key): value for key, value in score(trials, found).items()})

    for peer in ("mobgap", "skdh"):
        add(peer, "ipol", lambda *each: _keyed("ipol", step_figures(*each)))
        add(peer, "ipol", lambda *each: {"ipol.cadence": cadence_error_spm(*each)})
        add(peer, "ipol", lambda *each: _keyed("ipol_reversed", step_figures(*each)), "reversed")
        add(peer, "mobilised", _mobilised)
    for name in ("ipol_feet", "gaitmap_feet"):
        add("gaitmap", name, lambda *each, name=name: _keyed(name, _stride_figures(*each)))
    for peer in ("vqf", "imufusion"):
        _peer_attitude(peers, peer, figures)


def _peer_attitude(peers, peer, figures):
    boards = [(peers.found(peer, path, None), t_s, up) for path, t_s, up in recordings.broad()]
    if all(found is not None for found, _, _ in boards):
        errors = [rms(inclination_deg(f[:, 0], f[:, 1:], t_s, up)) for f, t_s, up in boards]
        figures.update({(peer, "broad.mean"): float(np.mean(errors)), (peer, "broad.worst"): max(errors)})
    path, t_s, up = recordings.neura_pelvis()
    if (found := peers.found(peer, path, None)) is not None:
        figures[peer, "neura.lean"] = rms(aligned_deg(found[:, 0], found[:, 1:], t_s, up, _NEURA_FROM_S))
