"""A scenario: who walks, what for, and what happens on the way; and its data file.

The files are wearer/scenarios/NAME.json, in UTF-8; docs/reference/scenarios.md states their form. Checked on load, so
that a mistake is told with its place and remedy and not found in a strange walk. Called by wearer.cast and the model.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from retrowalk.errors import UsageError
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.event import Event
from retrowalk.wearer.fall import Fall
from retrowalk.wearer.glance import Lean, Look
from retrowalk.wearer.manner import Manner
from retrowalk.wearer.schema import build
from retrowalk.wearer.script import STILL, Segment, check, starts_s
from retrowalk.wearer.slip import Slip
from retrowalk.wearer.stage_one import ToeTap, WeightShift
from retrowalk.wearer.stumble import Stumble

FORMAT = 1
KINDS = {
    "look": Look, "lean": Lean, "stumble": Stumble, "fall": Fall, "slip": Slip, "toe_tap": ToeTap,
    "weight_shift": WeightShift,
}  # fmt: skip
# Where an event may lie: within one segment of standing, or within walking.
_STANDING = (Fall, ToeTap, WeightShift)
_WALKING = (Stumble,)
_KEYS = ("format", "for", "why", "manner", "clip", "segments", "events")
_REPEAT = ("kind", "times", "every_s")
_MOST_TIMES = 1000


@dataclass(frozen=True)
class Scenario:
    """`purpose`: one sentence; `why`: where the figures come from. `clip`: how it is worn, unlike at calibration."""

    segments: tuple[Segment, ...]
    manner: Manner = field(default_factory=Manner)
    clip: Clip = field(default_factory=Clip)
    events: tuple[Event, ...] = ()
    purpose: str = ""
    why: str = ""

    @property
    def duration_s(self) -> float:
        """Of the whole walk."""
        return float(starts_s(self.segments)[-1])


def load(path: Path) -> Scenario:
    """The scenario in a file. Raises UsageError, with place and remedy, for anything the form does not allow."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The scenario {path} cannot be read: {error}.", "name a scenario file.") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"The scenario {path.name} is no JSON: {error}.", "mend that line.") from error
    return parse(words, path.name)


def parse(words: Any, name: str) -> Scenario:
    """The scenario of a file's content; `name` is the file's, for errors."""
    if not isinstance(words, dict) or words.get("format") != FORMAT:
        raise UsageError(f"{name} is no scenario of format {FORMAT}.", f'write an object with "format": {FORMAT}.')
    for key in words:
        if key not in _KEYS:
            raise UsageError(f"{name} has no part {key!r}.", f"choose from: {', '.join(_KEYS)}.")
    for key in ("for", "why"):
        if not isinstance(words.get(key), str) or not words[key].strip():
            raise UsageError(f"{name} does not say {key!r}.", "say in words what it is for, and why these figures.")
    segments = [
        build(Segment, each, f"{name}, segment {number}") for number, each in enumerate(_list(words, "segments", name))
    ]
    try:
        check(segments)
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", "change that segment.") from error
    scenario = Scenario(
        segments=tuple(segments),
        manner=build(Manner, words.get("manner", {}), f"{name}, manner"),
        clip=build(Clip, words.get("clip", {}), f"{name}, clip"),
        purpose=words["for"],
        why=words["why"],
    )
    events = []
    for number, each in enumerate(_list(words, "events", name)):
        where = f"{name}, event {number}"
        for event in _events(each, where):
            _place(event, scenario, where)
            events.append(event)
    return replace(scenario, events=tuple(events))


def _list(words: dict[str, Any], key: str, name: str) -> list[Any]:
    found = words.get(key, [])
    if not isinstance(found, list):
        raise UsageError(f"{name}: {key} must be a list, not {found!r}.", "write it in square brackets.")
    return found


def _events(words: Any, where: str) -> list[Any]:
    """The events of one entry: `times` of them, `every_s` apart."""
    kind = words.get("kind") if isinstance(words, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise UsageError(f"{where}: there is no kind {kind!r}.", f"choose from: {', '.join(KINDS)}.")
    first = build(KINDS[kind], words, where, also=_REPEAT)
    times, every_s = words.get("times", 1), words.get("every_s", 0)
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= _MOST_TIMES:
        raise UsageError(f"{where}: times cannot be {times!r}.", f"write a whole number from 1 to {_MOST_TIMES}.")
    lasts_s = first.end_s - first.at_s
    if times > 1 and (isinstance(every_s, bool) or not isinstance(every_s, (int, float)) or every_s < lasts_s):
        raise UsageError(
            f"{where}: every_s cannot be {every_s!r}, it lasts {lasts_s:g} s.", f"write {lasts_s:g} or more."
        )
    return [first.later(i * float(every_s)) for i in range(times)]


def _place(event: Any, scenario: Scenario, where: str) -> None:
    """Raises UsageError if the event cannot happen where it stands."""
    bounds_s = starts_s(scenario.segments)
    within = [
        segment
        for segment, start_s, end_s in zip(scenario.segments, bounds_s, bounds_s[1:], strict=False)
        if start_s < event.end_s and event.at_s < end_s
    ]
    if not event.at_s < scenario.duration_s:
        raise UsageError(
            f"{where} begins at {event.at_s:g} s, after the walk's end at {scenario.duration_s:g} s.",
            "let it begin earlier, or make the walk longer.",
        )
    if isinstance(event, _STANDING) and any(segment.direction != STILL for segment in within):
        raise UsageError(f"{where} is for standing, but the wearer walks then.", "put it into a segment that is still.")
    if isinstance(event, _WALKING) and any(segment.direction == STILL for segment in within):
        raise UsageError(f"{where} is for walking, but the wearer stands then.", "put it into a segment that walks.")
