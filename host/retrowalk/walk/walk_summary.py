"""The figures of one walk that people ask for, computed once for JSON, table, picture and text.

Input: a `retrowalk.walk.walk_source.Walk`. Units in names. Called by analyze and plot.
"""

from typing import NamedTuple

import numpy as np

from retrogait import RATE_HZ, events
from retrowalk.walk.walk_source import Walk

FEWEST_STEPS = 10
"""Under this many steps no cadence is given: too few to be a number (design/gait.md)."""

_STEP_DIRECTIONS = {events.BACKWARD: "backward", events.FORWARD: "forward"}


class Step(NamedTuple):
    """Initial contact `t_s`, `direction` (backward, forward or unknown), `interval_s` to the step before or None."""

    t_s: float
    direction: str
    interval_s: float | None


class Summary:
    """Steps and totals of `walk`. `share_backward`: of the steps whose direction is known, None if there are none."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.steps = [
            Step(
                walk.time_s(each.index),
                _STEP_DIRECTIONS.get(each.value_a, "unknown"),
                each.value_b / RATE_HZ if each.value_b > 0 else None,
            )
            for each in walk.trace.of_kind(events.STEP)
        ]
        self.n_backward = sum(each.direction == "backward" for each in self.steps)
        self.n_forward = sum(each.direction == "forward" for each in self.steps)
        self.n_unknown = len(self.steps) - self.n_backward - self.n_forward
        known = self.n_backward + self.n_forward
        self.share_backward = self.n_backward / known if known else None
        self.cues = walk.trace.of_kind(events.CUE)

    @property
    def cadence_spm(self) -> float | None:
        """Mean steps a minute while walking (pauses not counted); None under ten steps."""
        intervals = [each.interval_s for each in self.steps if each.interval_s is not None]
        if len(self.steps) < FEWEST_STEPS or not intervals:
            return None
        return 60 * len(intervals) / sum(intervals)

    def cues_by_fault(self) -> dict[str, int]:
        """{fault name: how many cues}, most frequent first."""
        names = [fault_name(each.value_a) for each in self.cues]
        return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}

    def seconds_by_state(self) -> dict[str, float]:
        """{state name: seconds}, only those that occur."""
        totals: dict[str, float] = {}
        for span in self.walk.trace.states():
            name = state_name(span.state)
            totals[name] = totals.get(name, 0.0) + (span.end - span.start) / RATE_HZ
        return totals

    def lean_range(self) -> tuple[float, float, float] | None:
        """5th, 50th and 95th percentile of the forward lean in degrees while walking; None at the ankle or unknown."""
        if self.walk.mount != "waist":
            return None
        trace = self.walk.trace
        walking = trace.lean_deg[np.isfinite(trace.cadence_spm) & np.isfinite(trace.lean_deg)]
        if not len(walking):
            return None
        low, middle, high = np.percentile(walking, [5, 50, 95])
        return float(low), float(middle), float(high)


def fault_name(code: int) -> str:
    """Name of a fault by the contract; codes from a newer core get a number."""
    return events.FAULT_NAMES[code] if 0 < code < len(events.FAULT_NAMES) else f"fault_{code}"


def state_name(code: int) -> str:
    """Name of a state by the contract; unknown codes are unknown."""
    return events.STATE_NAMES[code] if 0 <= code < len(events.STATE_NAMES) else "unknown"
