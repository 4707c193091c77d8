"""What a session of a walking test shows: its trials, their mean, and the step-length constant of a 10-metre walk.

Times are from the countdown's long pulse to the press of the button, told to 0.1 s. Steps are those found between.
Called by the verb, and by tests.
"""

from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import numpy as np

from retrogait import RATE_HZ, events
from retrogait.trials import BEGINS, ENDS
from retrowalk.walk.replay import EVERY
from retrowalk.walk.walk_source import Walk
from retrowalk.walktest.kinds import Kind

# Steps are told up to a second and a half after their contact: by then the distance of a trial is complete.
_SETTLED = 3 * RATE_HZ
_FACTOR_LIMITS = (400, 2500)
_FEWEST_STEPS = 6
_LEAST_SHARE = 0.8


@dataclass(frozen=True)
class Trial:
    """One trial that counts. `share_way`: of its steps with a direction, those in the way asked for; None without any.

    `estimated_m`: what the clip took the course for.
    """

    number: int
    start_s: float
    time_s: float
    steps: int
    share_way: float | None
    estimated_m: float


@dataclass(frozen=True)
class Result:
    """All of a test. `doubts`: why it should not be compared with others."""

    kind: Kind
    trials: tuple[Trial, ...]
    n_void: int
    factor_permille: int | None
    doubts: tuple[str, ...]

    @property
    def mean_s(self) -> float | None:
        """Mean time of the trials."""
        return mean(trial.time_s for trial in self.trials) if self.trials else None

    @property
    def speed_mps(self) -> float | None:
        """The course over the mean time."""
        return self.kind.distance_m / self.mean_s if self.mean_s else None


def result_of(walk: Walk, kind: Kind) -> Result:
    """The result in a replayed session of this kind of test."""
    told = walk.trace.of_kind(events.TRIAL)
    begun = {each.value_b: each.index for each in told if each.value_a == BEGINS}
    trials = tuple(
        _trial(walk, kind, each.value_b, begun[each.value_b], each.index)
        for each in told
        if each.value_a == ENDS and each.value_b in begun
    )
    n_void = sum(each.value_a not in (BEGINS, ENDS) for each in told)
    return Result(kind, trials, n_void, _factor(walk, kind, trials), tuple(_doubts(kind, trials)))


def _trial(walk: Walk, kind: Kind, number: int, start: int, end: int) -> Trial:
    steps = [each for each in walk.trace.of_kind(events.STEP) if start <= each.index <= end]
    known = [each.value_a for each in steps if each.value_a != events.UNKNOWN]
    share = known.count(kind.way) / len(known) if known else None
    estimated_m = _walked_m(walk, end + _SETTLED) - _walked_m(walk, start)
    return Trial(number, walk.time_s(start), round((end - start) / RATE_HZ, 1), len(steps), share, estimated_m)


def _walked_m(walk: Walk, index: int) -> float:
    """Distance told up to a sample; gaps stand for what was before them."""
    told = walk.trace.walked_m[: index // EVERY + 1]
    known = told[np.isfinite(told)]
    return float(known[-1]) if len(known) else 0.0


def _factor(walk: Walk, kind: Kind, trials: tuple[Trial, ...]) -> int | None:
    """The step-length setting that would have made the estimates right; None where the walk cannot say."""
    if kind.distance_m < 10 or any(trial.steps < _FEWEST_STEPS or trial.estimated_m <= 0 for trial in trials):
        return None
    if not trials or any(trial.share_way is None or trial.share_way < _LEAST_SHARE for trial in trials):
        return None
    name = "step_backward_permille" if kind.way == events.BACKWARD else "step_forward_permille"
    factor = round(walk.settings[name] * kind.distance_m / median(trial.estimated_m for trial in trials))
    return factor if _FACTOR_LIMITS[0] <= factor <= _FACTOR_LIMITS[1] else None


def _doubts(kind: Kind, trials: tuple[Trial, ...]) -> list[str]:
    way = events.STATE_NAMES[kind.way]
    doubts = []
    if len(trials) < 3:
        doubts.append(f"only {len(trials)} of 3 trials count")
    for trial in trials:
        if trial.share_way is not None and trial.share_way < _LEAST_SHARE:
            doubts.append(f"trial {trial.number}: only {100 * trial.share_way:.0f} % of the steps went {way}")
    return doubts


def as_json(result: Result) -> dict[str, Any]:
    """The result for `--json`."""
    return {
        "format": 1,
        "test": result.kind.name,
        "distance_m": result.kind.distance_m,
        "trials": [
            {
                "number": trial.number,
                "start_s": round(trial.start_s, 2),
                "time_s": trial.time_s,
                "speed_mps": round(result.kind.distance_m / trial.time_s, 2) if trial.time_s else None,
                "steps": trial.steps,
                "share_way": None if trial.share_way is None else round(trial.share_way, 3),
            }
            for trial in result.trials
        ],
        "void_trials": result.n_void,
        "mean_s": None if result.mean_s is None else round(result.mean_s, 1),
        "speed_mps": None if result.speed_mps is None else round(result.speed_mps, 2),
        "step_factor_permille": result.factor_permille,
        "doubts": list(result.doubts),
        "studies": [study._asdict() for study in result.kind.studies],
    }
