"""The written criteria of the programme: what a session must show in each stage, and every number that decides.

These numbers are proposals of this project, not findings: no trial has tested them. A profile may change each one
(`retrowalk plan pin NAME=VALUE`). docs/explanation/programme.md is checked against these tables.
"""

from collections.abc import Mapping
from typing import NamedTuple

from retrogait.stages import ADVANCED, ASSISTED, FORM, STATIC, UNASSISTED
from retrowalk.console import clean
from retrowalk.errors import UsageError

AT_LEAST = "at least"
AT_MOST = "at most"


class Number(NamedTuple):
    """One number: its default, what may be set, its unit and what it is."""

    default: float
    lowest: float
    highest: float
    unit: str
    what: str


NUMBERS = {
    "static_taps": Number(40, 4, 400, "taps", "stage 1: taps on one day; 2 x 10 with each leg"),
    "static_upright_percent": Number(90, 50, 100, "%", "stage 1: time with the trunk inside the lean limit"),
    "assisted_walks": Number(3, 1, 20, "walks", "stage 2: walks on one day that are long enough"),
    "assisted_walk_m": Number(5, 1, 100, "m", "stage 2: how long is long enough"),
    "assisted_backward_percent": Number(90, 50, 100, "%", "stage 2: steps of known direction that go backward"),
    "assisted_stop_s": Number(2, 0.5, 60, "s", "stage 2: the longest stop inside a walk"),
    "unassisted_walks": Number(3, 1, 20, "walks", "stage 3: walks on one day that are long enough"),
    "unassisted_walk_m": Number(20, 1, 500, "m", "stage 3: long enough is this far,"),
    "unassisted_walk_s": Number(30, 5, 600, "s", "stage 3: or this long"),
    "unassisted_lean_percent": Number(80, 50, 100, "%", "stage 3: walking time inside the lean limit"),
    "unassisted_cv_percent": Number(12, 2, 50, "%", "stage 3: variation of step time over at least 20 strides"),
    "form_walk_s": Number(180, 30, 3600, "s", "stage 4: walking backward in one session"),
    "form_lean_percent": Number(90, 50, 100, "%", "stage 4: walking time inside the lean limit"),
    "form_cv_percent": Number(8, 2, 50, "%", "stage 4: variation of step time over at least 20 strides"),
    "form_cues_per_min": Number(1, 0, 20, "cues/min", "stage 4: cues a minute, given and withheld"),
    "advanced_walk_s": Number(180, 30, 3600, "s", "stage 5: walking backward in one session"),
    "advanced_lean_percent": Number(80, 50, 100, "%", "stage 5: walking time inside the lean limit"),
    "advanced_cv_percent": Number(12, 2, 50, "%", "stage 5: variation of step time over at least 20 strides"),
    "pass_days": Number(2, 1, 10, "days", "different days on which a stage must be passed"),
    "pass_hours_apart": Number(8, 0, 48, "h", "least time between two such days' sessions: a night's rest"),
    "failed_in_a_row": Number(2, 1, 10, "sessions", "failed sessions in a row that ask for a step back"),
    "pain_step_back": Number(5, 1, 10, "of 10", "pain score from which a step back is proposed"),
    "break_days": Number(21, 7, 120, "days", "a longer break means a gentle restart, and passes before it are stale"),
    "week_sessions_least": Number(2, 1, 7, "days", "days with a session in a week, at least"),
    "week_sessions_most": Number(3, 1, 7, "days", "days with a session in a week, at most"),
    "session_least_min": Number(5, 1, 60, "min", "a session's length, at least"),
    "session_most_min": Number(15, 2, 120, "min", "a session's length, at most"),
    "time_step_percent": Number(15, 10, 20, "%", "stage 5: more time, a week"),
    "speed_step_mps": Number(0.05, 0.01, 0.05, "m/s", "stage 5: more speed, a week"),
    "grade_step_percent": Number(1, 0.5, 2, "% grade", "stage 5: more incline, a week"),
    "speed_most_mps": Number(0.8, 0.3, 1.5, "m/s", "stage 5: the plan proposes no more speed than this"),
    "grade_most_percent": Number(5, 0, 15, "% grade", "stage 5: the plan proposes no more incline than this"),
    "step_days": Number(7, 7, 60, "days", "stage 5: least time from one step of the variable to the next"),
}


class Criterion(NamedTuple):
    """What `figure` (retrowalk.programme.figures) must be. `number`: a name of NUMBERS; `what`: said to people.

    An amount that is missing means that the session was too little to judge; a quality that is missed fails it.
    `over_day`: the amounts of the day's sessions in this stage are added up.
    """

    figure: str
    sense: str
    number: str
    what: str
    is_amount: bool = False
    over_day: bool = False


CRITERIA = {
    STATIC: (
        Criterion("taps", AT_LEAST, "static_taps", "taps", is_amount=True, over_day=True),
        Criterion("upright_percent", AT_LEAST, "static_upright_percent", "% of the time upright"),
    ),
    ASSISTED: (
        Criterion("walks", AT_LEAST, "assisted_walks", "walks that are long enough", is_amount=True, over_day=True),
        Criterion("backward_percent", AT_LEAST, "assisted_backward_percent", "% of the steps backward"),
        Criterion("longest_stop_s", AT_MOST, "assisted_stop_s", "s the longest stop inside a walk"),
    ),
    UNASSISTED: (
        Criterion("walks", AT_LEAST, "unassisted_walks", "walks that are long enough", is_amount=True, over_day=True),
        Criterion("lean_percent", AT_LEAST, "unassisted_lean_percent", "% of the walking inside the lean limit"),
        Criterion("step_time_cv_percent", AT_MOST, "unassisted_cv_percent", "% variation of step time"),
    ),
    FORM: (
        Criterion("walked_s", AT_LEAST, "form_walk_s", "s walked backward", is_amount=True),
        Criterion("lean_percent", AT_LEAST, "form_lean_percent", "% of the walking inside the lean limit"),
        Criterion("step_time_cv_percent", AT_MOST, "form_cv_percent", "% variation of step time"),
        Criterion("cues_per_min", AT_MOST, "form_cues_per_min", "cues a minute, given and withheld"),
    ),
    ADVANCED: (
        Criterion("walked_s", AT_LEAST, "advanced_walk_s", "s walked backward", is_amount=True),
        Criterion("lean_percent", AT_LEAST, "advanced_lean_percent", "% of the walking inside the lean limit"),
        Criterion("step_time_cv_percent", AT_MOST, "advanced_cv_percent", "% variation of step time"),
    ),
}


class Numbers:
    """The numbers of one person: the defaults, over them what was pinned. `value["form_walk_s"]` and the like."""

    def __init__(self, pinned: Mapping[str, float] | None = None) -> None:
        self.value = {name: number.default for name, number in NUMBERS.items()}
        for name, value in (pinned or {}).items():
            self.value[name] = checked(name, value)
        for low, high in (("week_sessions_least", "week_sessions_most"), ("session_least_min", "session_most_min")):
            if self.value[low] > self.value[high]:
                raise UsageError(f"{low} must not be above {high}.", "set both, like the one and the other.")

    def __getitem__(self, name: str) -> float:
        return self.value[name]


def checked(name: str, value: object) -> float:
    """A number that may be set as `name`. Raises UsageError."""
    number = NUMBERS.get(name)
    if number is None:
        raise UsageError(
            f"The programme has no number called {clean(name)}.", "docs/explanation/programme.md has them."
        )
    if not isinstance(value, int | float) or isinstance(value, bool) or not number.lowest <= value <= number.highest:
        raise UsageError(
            f"{name} must be from {number.lowest:g} to {number.highest:g} {number.unit}, not {clean(value, 30)}.",
            f"the default is {number.default:g}.",
        )
    return float(value)
