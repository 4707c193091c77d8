"""The course of a session for JSON: its segments, its goal, trials, a clip that had moved, and cues that were withheld.

Beside the events of the contract, for whoever asks how a session went rather than how the walking was. Times are on the
walk's own axis. Called by analyze.
"""

from typing import Any

from retrogait import events, life
from retrogait.course import GOAL_METRES, GOAL_SECONDS, GOAL_STEPS
from retrogait.trials import BEGINS, ENDS
from retrowalk.walk.replay import Event
from retrowalk.walk.walk_source import Walk
from retrowalk.walk.walk_summary import fault_name

_KINDS = (events.SEGMENT, events.GOAL, events.WITHHELD, events.TRIAL, events.CLIP_MOVED)
_GOALS = {GOAL_STEPS: "steps", GOAL_METRES: "metres", GOAL_SECONDS: "seconds"}
_TRIALS = {BEGINS: "begins", ENDS: "ends"}


def course_of(walk: Walk) -> list[dict[str, Any]]:
    """[{"t_s", "kind", ...}] in order of time."""
    return [
        {"t_s": round(float(walk.time_s(each.index)), 4), "kind": events.KIND_NAMES[each.kind], **_details(each)}
        for each in walk.trace.of_kind(*_KINDS)
    ]


def _details(event: Event) -> dict[str, Any]:
    if event.kind == events.SEGMENT:
        known = 0 <= event.value_a < len(life.STATE_NAMES)
        return {"segment": life.STATE_NAMES[event.value_a] if known else "unknown"}
    if event.kind == events.GOAL:
        return {"goal": _GOALS.get(event.value_a, "unknown")}
    if event.kind == events.WITHHELD:
        return {"fault": fault_name(event.value_a), "length_ms": event.value_b}
    if event.kind == events.TRIAL:
        return {"trial": event.value_b, "what": _TRIALS.get(event.value_a, "void")}
    return {"off_deg": event.value_a}
