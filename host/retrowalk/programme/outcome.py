"""One session judged by the criteria of the stage it was walked in: passed, failed, or it does not count; with reasons.

Too little exercise, a log with holes or an unknown figure does not count either way; only a missed quality or a stumble
fails. Called by the ladder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retrogait.stages import ASSISTED, UNASSISTED
from retrowalk.programme.criteria import AT_LEAST, CRITERIA, Criterion, Numbers
from retrowalk.programme.figure_cache import Entry
from retrowalk.programme.figures import Figures

PASSED = "passed"
FAILED = "failed"
DOES_NOT_COUNT = "does not count"

MOST_MISSING_PERCENT = 10.0
LEAST_KNOWN_PERCENT = 50.0
LEAST_WALKED_S = 30.0
"""From stage 3 on a session with less walking than this fails nobody."""

_UNKNOWN = {
    "lean_percent": "the lean is not known: it is measured at the waist only",
    "upright_percent": "the tilt is not known: it is measured at the waist only",
    "backward_percent": "the direction of the steps is not known",
    "step_time_cv_percent": "fewer than 20 even strides backward: too few to tell how even they are",
    "cues_per_min": "nobody walked backward",
}
_TO_COUNT_WALKS = {
    ASSISTED: ("assisted_walk_m", None),
    UNASSISTED: ("unassisted_walk_m", "unassisted_walk_s"),
}


@dataclass(frozen=True)
class Outcome:
    """A judged session. `verdict`: PASSED, FAILED or DOES_NOT_COUNT; `pain`: the score, None if none was given."""

    entry: Entry
    verdict: str
    reasons: list[str]
    pain: int | None = None

    @property
    def stage(self) -> int | None:
        """The stage the session was walked in."""
        return self.entry.figures.stage if self.entry.figures else None

    @property
    def asks_pain(self) -> bool:
        """True if it ended at pain and nobody has said how strong."""
        return bool(self.entry.figures and self.entry.figures.pain_stop and self.pain is None)

    def as_json(self) -> dict[str, Any]:
        """One row of `plan history --json`."""
        day = self.entry.day
        return {
            "session": self.entry.reference, "utc_s": self.entry.utc_s, "day": None if day is None else day.isoformat(),
            "stage": self.stage, "verdict": self.verdict, "reasons": self.reasons, "pain": self.pain,
            "figures": self.entry.figures.as_json() if self.entry.figures else None,
        }  # fmt: skip


def judge(entry: Entry, numbers: Numbers, pain: int | None = None, same_day: Sequence[Figures] = ()) -> Outcome:
    """Judge a session. same_day: the earlier sessions of its day and stage, whose amounts are added to its own."""
    figures = entry.figures
    if figures is None:
        return Outcome(entry, DOES_NOT_COUNT, [entry.trouble], pain)
    unfit = _unfit(figures)
    if figures.stumbles or figures.falls:
        return Outcome(entry, FAILED, [_mishaps(figures), *unfit], pain)
    if unfit:
        return Outcome(entry, DOES_NOT_COUNT, unfit, pain)
    assert figures.stage is not None  # noqa: S101 _unfit has told
    missed: list[str] = []
    unknown: list[str] = []
    too_little: list[str] = []
    for each in CRITERIA[figures.stage]:
        value = _value(each, figures, numbers, same_day)
        if value is None:
            unknown.append(_UNKNOWN.get(each.figure, f"{each.what}: not known"))
        elif not _holds(each, value, numbers):
            (too_little if each.is_amount else missed).append(_told(each, value, numbers))
    if missed:
        return Outcome(entry, FAILED, [*missed, *too_little, *unknown], pain)
    if too_little or unknown:
        return Outcome(entry, DOES_NOT_COUNT, [*too_little, *unknown], pain)
    return Outcome(entry, PASSED, [f"all that stage {figures.stage} asks for"], pain)


def quality_holds(figures: Figures, numbers: Numbers) -> bool:
    """True if a session misses no quality of its stage: then its amounts may be added to those of its day."""
    if _unfit(figures) or figures.stumbles or figures.falls or figures.stage is None:
        return False
    values = [(each, _value(each, figures, numbers, ())) for each in CRITERIA[figures.stage] if not each.is_amount]
    return all(value is not None and _holds(each, value, numbers) for each, value in values)


def _unfit(figures: Figures) -> list[str]:
    """Why a session can neither pass nor fail."""
    reasons: list[str] = []
    if figures.stage is None:
        reasons.append("its log does not say which stage it was walked in")
    if figures.pain_stop:
        reasons.append("it was stopped for pain")
    if figures.damaged:
        reasons.append("its log is damaged")
    if figures.missing_percent > MOST_MISSING_PERCENT:
        reasons.append(f"{figures.missing_percent:.0f} % of its motion is missing")
    if figures.stage == ASSISTED and (figures.known_percent or 0.0) < LEAST_KNOWN_PERCENT:
        reasons.append("the direction of most steps is not known" if figures.steps else "no steps were found")
    if (figures.stage or 0) >= UNASSISTED and figures.walked_s < LEAST_WALKED_S:
        reasons.append(f"only {figures.walked_s:.0f} s of walking backward: too little to judge")
    return reasons


def _mishaps(figures: Figures) -> str:
    parts = [
        f"{n} {word}{'s' if n > 1 else ''}"
        for n, word in ((figures.stumbles, "stumble"), (figures.falls, "possible fall"))
        if n
    ]
    return " and ".join(parts)


def _value(each: Criterion, figures: Figures, numbers: Numbers, same_day: Sequence[Figures]) -> float | None:
    value = _own_value(each.figure, figures, numbers)
    if value is None or not each.over_day:
        return value
    return value + sum(_own_value(each.figure, other, numbers) or 0 for other in same_day)


def _own_value(figure: str, figures: Figures, numbers: Numbers) -> float | None:
    if figure == "taps":
        return figures.steps
    if figure == "walks":
        metres, seconds = _TO_COUNT_WALKS[figures.stage or UNASSISTED]
        return figures.long_walks(numbers[metres], numbers[seconds] if seconds else None)
    return getattr(figures, figure)


def _holds(each: Criterion, value: float, numbers: Numbers) -> bool:
    number = numbers[each.number]
    return value >= number if each.sense == AT_LEAST else value <= number


def _told(each: Criterion, value: float, numbers: Numbers) -> str:
    return f"{value:.4g} {each.what}, {each.sense} {numbers[each.number]:g} asked for"
