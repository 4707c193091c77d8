"""Stage 5: one variable at a time grows, by a small step a week. Called by ladder, and by the verb to choose it.

The variables: time, speed and grade (of a belt) in numbers; resistance has none here, so a professional says how much.
"""

from typing import Any, NamedTuple

from retrowalk.errors import UsageError
from retrowalk.programme.moment import DAY_S
from retrowalk.programme.profile import Profile
from retrowalk.settings.speed_unit import MPS_BY_UNIT, parse_speed, speed_words

VARIABLES = ("time", "speed", "grade", "resistance")
_FIRST_BELT_MPH = (0.5, 1.0)


class NextStep(NamedTuple):
    """What would change ({name of the belt's field: value}; empty for nothing) and that in words."""

    change: dict[str, Any]
    words: str


def now_of(profile: Profile) -> dict[str, Any]:
    """Where the variables stand: {"variable", "minutes", "speed_mps" or None without a belt, "grade_percent"}."""
    start = {
        "variable": "time",
        "minutes": profile.numbers["session_least_min"],
        "speed_mps": None,
        "grade_percent": 0.0,
    }
    return {**start, **profile.belt}


def next_step(profile: Profile, now_utc_s: int) -> NextStep:
    """The next step of the chosen variable, or why there is none."""
    numbers, state = profile.numbers, now_of(profile)
    chosen_utc_s = max((each["utc_s"] for each in profile.decisions if each["kind"] == "vary"), default=0)
    if now_utc_s - max(profile.settled_utc_s, chosen_utc_s) < numbers["step_days"] * DAY_S:
        return NextStep({}, f"the next step comes {numbers['step_days']:g} days after the last one")
    variable = state["variable"]
    if variable == "time":
        return _time(state["minutes"], numbers["time_step_percent"], numbers["session_most_min"])
    if variable == "speed":
        return _speed(state["speed_mps"], numbers["speed_step_mps"], numbers["speed_most_mps"])
    if variable == "grade":
        return _grade(state["grade_percent"], numbers["grade_step_percent"], numbers["grade_most_percent"])
    return NextStep({}, "resistance has no number here: a professional says how much more")


def _time(minutes: float, percent: float, most: float) -> NextStep:
    if minutes >= most:
        return NextStep(
            {}, f"{most:g} min is the most of a session: choose another variable with `retrowalk plan vary`"
        )
    longer = min(most, round(minutes * (1 + percent / 100), 1))
    return NextStep({"minutes": longer}, f"time: from {minutes:g} to {longer:g} min a session")


def _speed(speed_mps: float | None, step: float, most: float) -> NextStep:
    if speed_mps is None:
        return NextStep({}, "say the belt's speed first: `retrowalk plan vary speed --belt 0.5mph`")
    if speed_mps >= most:
        return NextStep({}, f"{most:g} m/s is the most this plan proposes: choose another variable")
    faster = min(most, round(speed_mps + step, 3))
    told = f"speed: from {speed_mps:.2f} to {faster:.2f} m/s ({speed_words(faster, True)}), rails in reach"
    return NextStep({"speed_mps": faster}, told)


def _grade(grade: float, step: float, most: float) -> NextStep:
    if grade >= most:
        return NextStep({}, f"{most:g} % is the most this plan proposes: choose another variable")
    steeper = min(most, round(grade + step, 1))
    return NextStep({"grade_percent": steeper}, f"incline: from {grade:g} to {steeper:g} %")


def speed_mps(text: str) -> float:
    """A belt's first speed, like 0.5mph or 0.3m/s. Raises UsageError beyond 0.5 to 1.0 mph."""
    speed = float(parse_speed(text))
    low, high = (mph * float(MPS_BY_UNIT["mph"]) for mph in _FIRST_BELT_MPH)
    if not low - 0.005 <= speed <= high + 0.005:
        raise UsageError(
            f"A belt begins at {_FIRST_BELT_MPH[0]} to {_FIRST_BELT_MPH[1]} mph ({low:.2f} to {high:.2f} m/s), "
            f"not at {speed:.2f} m/s.",
            "start slowly, with rails and a stop clip; the plan proposes the next steps.",
        )
    return round(speed, 3)
