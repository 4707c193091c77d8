"""Replays samples through the gait core and collects all it says: the very numbers the device found, or would have.

Time is the sample index, 104 a second from the session's or recording's start. Called by `walk.walk_source` for
recordings and session logs alike; the engine is a retrogait WaistEngine or AnkleEngine.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from retrogait import events
from retrogait.waist import CONTACT_TO_BUMP
from retrowalk.recordings.recording import Segment
from retrowalk.walk.pace import NOT_REPLAYED, Pace, pace_of

EVERY = 8
"""The curves keep every eighth sample: 13 a second."""

_PROGRESS_EVERY = 1040


class Event(NamedTuple):
    """One event of the core or of the log; meaning of the values: retrogait.events."""

    index: int
    kind: int
    value_a: int
    value_b: int


class Span(NamedTuple):
    """Samples start..end (exclusive) in one state (retrogait.events code)."""

    start: int
    end: int
    state: int


@dataclass(frozen=True)
class Trace:
    """What came out. `lean_deg`, `side_deg`, `cadence_spm`, `walked_m` [m]: every eighth sample from index 0, NaN
    where there were no samples, or for cadence no walking. `gaps`: (first index, length). `events` in the order they
    were told. `pace`: distance, speed and evenness at the end.
    """

    n_samples: int
    events: list[Event]
    lean_deg: np.ndarray
    side_deg: np.ndarray
    cadence_spm: np.ndarray
    walked_m: np.ndarray
    gaps: list[tuple[int, int]]
    pace: Pace = NOT_REPLAYED

    @classmethod
    def without_gait(cls, segments: list[Segment]) -> "Trace":
        """Of samples that no gait was looked for in: the gaps between the segments, and nothing else."""
        gaps = [(a.end_index, b.first_index - a.end_index) for a, b in pairwise(segments)]
        told = [Event(first, events.GAP, length, 0) for first, length in gaps]
        n_samples = segments[-1].end_index
        lean, side, cadence, walked = np.full((4, -(-n_samples // EVERY)), np.nan)
        return cls(
            n_samples, told, lean, side, cadence, walked, gaps, Pace(reason="no steps were looked for (--mount none)")
        )

    def of_kind(self, *kinds: int) -> list[Event]:
        """The events of these kinds, by index."""
        return sorted((each for each in self.events if each.kind in kinds), key=lambda each: each.index)

    def states(self) -> list[Span]:
        """The walker's states without hole or overlap from 0 to n_samples; unknown until the first is told.

        The core tells a state when it is sure, with the index at which it began: a later one cuts the one before.
        """
        starts = [(0, events.UNKNOWN)]
        for each in self.events:
            if each.kind == events.STATE:
                at = min(max(each.index, 0), self.n_samples)
                while starts and starts[-1][0] >= at:
                    starts.pop()
                if not starts or starts[-1][1] != each.value_a:
                    starts.append((at, each.value_a))
        if starts[0][0] > 0:
            starts.insert(0, (0, events.UNKNOWN))
        ends = [at for at, _ in starts[1:]] + [self.n_samples]
        return [Span(at, end, state) for (at, state), end in zip(starts, ends, strict=True) if end > at]

    def filled_from(self, logged: list[Event]) -> "Trace":
        """With what the device itself told of the stretches whose samples are missing (full flash, damage)."""
        told = [each for each in logged if any(first <= each.index < first + n for first, n in self.gaps)]
        known = set(self.events)
        return replace(self, events=[*self.events, *(each for each in told if each not in known)])

    def without_forward(self) -> "Trace":
        """What stays true when nobody knows where forward is: steps, turns and pauses; no direction, lean or cue."""
        kept = [
            each._replace(value_a=events.UNKNOWN) if _tells_direction(each) else each
            for each in self.events
            if each.kind not in (events.CUE, events.GOOD_AGAIN)
        ]
        unknown = np.full_like(self.lean_deg, np.nan)
        return replace(self, events=kept, lean_deg=unknown, side_deg=unknown)

    def at_bumps(self) -> "Trace":
        """Steps at the bump of the step signal itself: how long it follows the contact was measured at the belt only.

        A phone in a pocket or pouch is not there. The direction told picks the lead that the core took off.
        """
        moved = [
            each._replace(index=each.index + CONTACT_TO_BUMP[each.value_a]) if each.kind == events.STEP else each
            for each in self.events
        ]
        return replace(self, events=moved)


def _tells_direction(event: Event) -> bool:
    return event.kind in (events.STEP, events.STATE) and event.value_a in (events.BACKWARD, events.FORWARD)


def replay(
    segments: Iterable[Segment], engine: Any, n_samples: int, on_progress: Callable[[int], None] | None = None
) -> Trace:
    """Push every sample of `segments` (int16 counts [n, 6], ordered) into `engine`, with gaps between them, up to
    `n_samples`; on_progress is told of every 10 s of samples done.
    """
    told: list[Event] = []
    gaps: list[tuple[int, int]] = []
    curves = np.full((4, -(-n_samples // EVERY)), np.nan)
    for segment in segments:
        _skip_to(segment.first_index, engine, gaps, told)
        _push_all(segment.values.tolist(), engine, curves, told, on_progress)
    _skip_to(n_samples, engine, gaps, told)
    engine.finish()
    _drain(engine.events, told)
    lean, side, cadence, walked = curves
    return Trace(n_samples, told, lean, side, cadence, walked, gaps, pace_of(engine))


def _skip_to(index: int, engine: Any, gaps: list[tuple[int, int]], told: list[Event]) -> None:
    missing = index - engine.index
    if missing > 0:
        gaps.append((engine.index, missing))
        engine.skip(missing)
        _drain(engine.events, told)


def _push_all(
    rows: list[list[int]], engine: Any, curves: np.ndarray, told: list[Event], on_progress: Callable[[int], None] | None
) -> None:
    gait = engine.gait
    distance = engine.distance
    push = engine.push
    for index, row in enumerate(rows, start=engine.index):
        if push(row):
            _drain(engine.events, told)
        if index % EVERY == 0:
            at = index // EVERY
            cadence_dspm = gait.cadence_dspm
            curves[0, at] = engine.lean_cdeg / 100
            curves[1, at] = engine.side_cdeg / 100
            if cadence_dspm:
                curves[2, at] = cadence_dspm / 10
            curves[3, at] = distance.total_mm / 1000
        if on_progress is not None and index % _PROGRESS_EVERY == 0:
            on_progress(_PROGRESS_EVERY)


def _drain(queue: Any, told: list[Event]) -> None:
    while queue.take():
        told.append(Event(queue.index, queue.kind, queue.value_a, queue.value_b))
