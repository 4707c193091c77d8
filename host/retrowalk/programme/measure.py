"""Measures one synced session for the programme: the log says what was felt and done, the replay how it was walked.

Steps, states, lean, distance and evenness come from the replay by today's core; cues, segments, stumbles, falls and
the pain stop from the log, as the wearer met them. The exercise is what lies in its SEGMENT; a log without segments
(from before there were any) is exercise from end to end. Called by figure_cache.
"""

import argparse

import numpy as np

from retrogait import RATE_HZ, events, life
from retrogait.median import Median
from retrogait.variability import Variability
from retrowalk.archive.archive import StoredSession
from retrowalk.programme.figures import Figures
from retrowalk.programme.stage_words import is_stage
from retrowalk.session_files.contents import DAMAGED
from retrowalk.session_files.session_log import SessionLog, load_session
from retrowalk.walk.replay import EVERY, Event, Span, Trace
from retrowalk.walk.walk_source import Walk, add_input_arguments, load_walk

_SMOOTH_POINTS = 7
"""Half a second of the curves, as the coach smooths the lean before it judges."""

_USUAL_OF = 8
_USUAL_FEWEST = 4
"""The running median of step intervals, as in retrogait.tally."""

Ranges = list[tuple[int, int]]


def measure(session: StoredSession, height_cm: int) -> Figures:
    """The figures of a session. height_cm: for the distance, 0 if unknown. Raises DamagedError and FailedError."""
    walk = replayed(session, height_cm)
    log = load_session(session.files())
    trace = walk.trace
    exercise = exercise_ranges(log.events, trace.n_samples)
    rest = walk.settings["pause_after_ms"] * RATE_HZ // 1000
    bouts, stops = bouts_of(trace.states(), exercise, rest)
    every_step = trace.of_kind(events.STEP)
    steps = [each for each in every_step if _inside(each.index, exercise)]
    backward = [each for each in steps if each.value_a == events.BACKWARD]
    known = sum(each.value_a in (events.BACKWARD, events.FORWARD) for each in steps)
    metres_a_step = None if trace.pace.distance_m is None else trace.pace.distance_m / len(every_step)
    walks = [_walk_of(bout, backward, metres_a_step) for bout in bouts]
    lean, upright = _inside_limit(walk, [span for bout in bouts for span in bout], exercise)
    walked_s = sum(seconds for seconds, _ in walks)
    walked_m = sum(metres or 0.0 for _, metres in walks) if metres_a_step is not None else None
    felt = [each for each in log.events if _inside(each.index, exercise)]
    end = log.contents.end or {}
    reason = end.get("reason")
    return Figures(
        stage=_stage(log),
        mount=walk.mount,
        duration_s=round(walk.duration_s, 1),
        exercise_s=round(sum(last - first for first, last in exercise) / RATE_HZ, 1),
        steps=len(steps),
        known_percent=_percent(known, len(steps)),
        backward_percent=_percent(len(backward), known),
        longest_stop_s=round(max(stops, default=0) / RATE_HZ, 1),
        walks=[list(each) for each in walks],
        walked_s=round(walked_s, 1),
        walked_m=None if walked_m is None else round(walked_m, 1),
        lean_percent=lean,
        upright_percent=upright,
        step_time_cv_percent=_evenness(steps, trace),
        cues=sum(each.kind == events.CUE for each in felt),
        withheld=sum(each.kind == events.WITHHELD for each in felt),
        stumbles=sum(each.kind == events.STUMBLE for each in log.events),
        falls=sum(each.kind == events.FALL for each in log.events),
        pain_stop=reason == "pain" or any(each.kind == events.PAIN for each in log.events),
        end_reason=reason if isinstance(reason, str) else None,
        missing_percent=round(100 * sum(n for _, n in trace.gaps) / max(1, trace.n_samples), 1),
        damaged=log.contents.state == DAMAGED,
    )


def replayed(session: StoredSession, height_cm: int) -> Walk:
    """The session as today's core understands it. Raises DamagedError."""
    parser = argparse.ArgumentParser()
    add_input_arguments(parser, "SESSION")
    height = [f"--height-m={height_cm / 100}"] if height_cm else []
    return load_walk(parser.parse_args([*height, str(session.path)]))


def exercise_ranges(logged: list[Event], n_samples: int) -> Ranges:
    """Stretches of samples (first, end) that are exercise."""
    segments = sorted((each for each in logged if each.kind == events.SEGMENT), key=lambda each: each.index)
    if not segments:
        return [(0, n_samples)]
    ends = [each.index for each in segments[1:]] + [n_samples]
    return [
        (each.index, end)
        for each, end in zip(segments, ends, strict=True)
        if each.value_a == life.EXERCISE and end > each.index
    ]


def bouts_of(states: list[Span], exercise: Ranges, rest: int) -> tuple[list[list[Span]], list[int]]:
    """Bouts of walking backward (their backward spans), and the stops inside them, in samples.

    A bout ends at a turn, a forward span, the end of the exercise, or a stand of `rest` samples or more.
    """
    bouts: list[list[Span]] = []
    stops: list[int] = []
    for first, end in exercise:
        inside = [
            Span(max(span.start, first), min(span.end, end), span.state)
            for span in states
            if span.start < end and span.end > first
        ]
        current: list[Span] = []
        between: list[Span] = []
        for span in inside:
            if span.state == events.BACKWARD:
                if current and _joins(between, rest):
                    stops += [each.end - each.start for each in between if each.state == events.STILL]
                else:
                    current = []
                    bouts.append(current)
                current.append(span)
                between = []
            else:
                between.append(span)
    return bouts, stops


def _joins(between: list[Span], rest: int) -> bool:
    """True if what lies between two backward spans is short, and neither a turn nor a walk forward."""
    length = sum(span.end - span.start for span in between)
    return length < rest and all(span.state in (events.STILL, events.UNKNOWN) for span in between)


def _walk_of(bout: list[Span], backward: list[Event], metres_a_step: float | None) -> tuple[float, float | None]:
    """Seconds, and metres by the bout's share of all steps."""
    seconds = sum(span.end - span.start for span in bout) / RATE_HZ
    if metres_a_step is None:
        return round(seconds, 1), None
    first, end = bout[0].start, bout[-1].end
    return round(seconds, 1), round(metres_a_step * sum(first <= each.index < end for each in backward), 1)


def _inside_limit(walk: Walk, walking: list[Span], exercise: Ranges) -> tuple[float | None, float | None]:
    """Percent of the walking, and of all the exercise, with lean and side lean inside the session's limit."""
    if walk.mount != "waist":
        return None, None
    limit_deg = walk.settings["lean_cue_cdeg"] / 100
    lean, side = _smooth(walk.trace.lean_deg), _smooth(walk.trace.side_deg)
    known = np.isfinite(lean) & np.isfinite(side)
    good = known & (np.abs(lean) <= limit_deg) & (np.abs(side) <= limit_deg)
    at = np.arange(len(lean)) * EVERY

    def share(ranges: Ranges) -> float | None:
        chosen = known & np.logical_or.reduce([(at >= first) & (at < end) for first, end in ranges] or [at < 0])
        return _percent(int((good & chosen).sum()), int(chosen.sum()))

    return share([(span.start, span.end) for span in walking]), share(exercise)


def _smooth(values: np.ndarray) -> np.ndarray:
    """Centred running mean; unknown next to what is unknown."""
    if len(values) < _SMOOTH_POINTS:
        return values
    padded = np.pad(values, _SMOOTH_POINTS // 2, mode="edge")
    return np.convolve(padded, np.full(_SMOOTH_POINTS, 1 / _SMOOTH_POINTS), mode="valid")


def _evenness(steps: list[Event], trace: Trace) -> float | None:
    """Variation of step time, backward and outside turns, by the core's own definition; None under 20 strides."""
    turning = [(span.start, span.end) for span in trace.states() if span.state == events.TURNING]
    usual, even = Median(_USUAL_OF), Variability()
    for each in steps:
        if each.value_b == 0 or each.value_a != events.BACKWARD or _inside(each.index, turning):
            usual.clear()
            continue
        even.push(each.value_b, usual.value if usual.count >= _USUAL_FEWEST else 0)
        usual.push(each.value_b)
    return even.cv_permille / 10 if even.cv_permille >= 0 else None


def _inside(index: int, ranges: Ranges) -> bool:
    return any(first <= index < end for first, end in ranges)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _stage(log: SessionLog) -> int | None:
    """The stage it was walked in; None in a log from before there were stages."""
    told = log.header.get("settings")
    stage = told.get("stage") if isinstance(told, dict) else None
    return stage if is_stage(stage) else None
