"""Finds steps, direction, lean, turns and cues in a recording or a synced walk, by replaying the device's own core.

The numbers are those the device found, or would have found. --json prints the object of docs/reference/analyze-json.md;
without it a summary for people is printed.
"""

import argparse
import json
from typing import Any

import numpy as np

from retrogait import RATE_HZ, events
from retrowalk.console import emit, say
from retrowalk.errors import DamagedError
from retrowalk.walk.course_told import course_of
from retrowalk.walk.pace import pace_quality
from retrowalk.walk.replay import EVERY, Event
from retrowalk.walk.sky import up_for_json
from retrowalk.walk.walk_source import Walk, add_input_arguments, load_walk
from retrowalk.walk.walk_summary import FEWEST_STEPS, Summary, fault_name, state_name
from retrowalk.walk.walk_text import summary_lines

FORMAT = 1
EPILOG = """\
examples:
  retrowalk analyze walk.csv.gz --mount waist --axes=-z,y,x --json
  retrowalk analyze last
  retrowalk analyze board.csv --mount none --json

A recording has the columns t_s,ax,ay,az,gx,gy,gz: seconds, m/s^2 with gravity, rad/s. Distance and speed
are estimates: `quality` says how sure they are, or why they are null."""

_REPORTED = (
    events.CUE, events.GOOD_AGAIN, events.TURN, events.STUMBLE, events.FALL, events.PAUSE, events.RESUME, events.MARK,
    events.PAIN, events.GAP,
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `retrowalk analyze`."""
    add_input_arguments(parser, "FILE")
    parser.add_argument("--with", dest="extra", choices=("attitude",), help="add the vector to the sky to the JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the summary")


def run(args: argparse.Namespace) -> int:
    """Print what was found; exit code 5, after printing, if parts of a session are damaged."""
    walk = load_walk(args, with_up=args.extra == "attitude")
    if args.height_m is not None:
        walk.quality["height_m"] = args.height_m
    if args.json:
        emit(json.dumps(contract(walk), allow_nan=False))
    else:
        for line in summary_lines(walk):
            emit(line)
    return report_damage(walk)


def report_damage(walk: Walk) -> int:
    """Tell on stderr what a damaged session lacks; returns the exit code (0, or 5)."""
    if not walk.damage:
        return 0
    error = DamagedError(
        f"Parts of this session are damaged: {walk.damage}. What is shown rests on all that could be read.",
        "`retrowalk sync` copies the session again, if the device still has it.",
    )
    say(str(error))
    return error.exit_code


def contract(walk: Walk) -> dict[str, Any]:
    """The object of the contract (format 1). Times are on the file's own axis."""
    summary = Summary(walk)
    cadence_spm = summary.cadence_spm
    notes = walk.quality["notes"]
    if cadence_spm is None and walk.mount != "none":
        notes = [*notes, f"cadence: not enough steps (under {FEWEST_STEPS})"]
    found: dict[str, Any] = {
        "format": FORMAT,
        "mount": walk.mount,
        "duration_s": _rounded(walk.duration_s),
        "steps": [{"t_s": _rounded(each.t_s), "direction": each.direction} for each in summary.steps],
        "step_count": len(summary.steps),
        "cadence_spm": None if cadence_spm is None else round(cadence_spm, 1),
        "segments": [
            {
                "start_s": _rounded(walk.time_s(span.start)),
                "end_s": _rounded(walk.time_s(span.end)),
                "state": state_name(span.state),
            }
            for span in walk.trace.states()
        ],
    }
    if walk.mount == "waist":
        found["lean"] = {
            "rate_hz": RATE_HZ / EVERY,
            "t0_s": _rounded(walk.t0_s),
            "forward_deg": _numbers(walk.trace.lean_deg),
            "side_deg": _numbers(walk.trace.side_deg),
        }
    if walk.up is not None:
        found["attitude"] = {"rate_hz": RATE_HZ, "t0_s": _rounded(walk.t0_s), "up": up_for_json(walk.up)}
    pace = walk.trace.pace
    found["distance_m"] = None if pace.distance_m is None else round(pace.distance_m, 2)
    found["speed_mps"] = None if pace.speed_mps is None else round(pace.speed_mps, 3)
    found["events"] = [_event(walk, each) for each in walk.trace.of_kind(*_REPORTED)]
    found["course"] = course_of(walk)
    found["quality"] = {**walk.quality, "notes": notes, **pace_quality(pace, walk.settings)}
    return found


def _event(walk: Walk, event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {"t_s": _rounded(walk.time_s(event.index)), "kind": events.KIND_NAMES[event.kind]}
    if event.kind in (events.CUE, events.GOOD_AGAIN):
        told["fault"] = fault_name(event.value_a)
        told["length_ms"] = event.value_b
    elif event.kind in (events.TURN, events.GAP):
        told["end_s"] = _rounded(walk.time_s(event.index + event.value_a))
    if event.kind == events.TURN:
        told["angle_deg"] = event.value_b
    elif event.kind == events.PAUSE and 0 < event.value_a < len(events.PAUSE_REASONS):
        told["reason"] = events.PAUSE_REASONS[event.value_a]
    return told


def _rounded(seconds: float) -> float:
    return round(float(seconds), 4)


def _numbers(values: np.ndarray) -> list[float | None]:
    """Degrees for JSON: null where there were no samples."""
    return [round(value, 2) if np.isfinite(value) else None for value in values.tolist()]
