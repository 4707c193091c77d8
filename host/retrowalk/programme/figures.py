"""The figures of one synced session that the programme judges, and their form in the cache file.

Times in UTC seconds and durations in seconds. None: not known; the judgement says so and never guesses.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Figures:
    """One session, over its exercise (between warm-up and cool-down; all of it in a log without segments).

    walks: [seconds, metres or None] of each bout of walking backward, between rests, turns and forward steps.
    backward_percent: of the steps with a known direction; known_percent: how many have one. lean_percent: of the time
    walking backward inside the session's own lean limit; upright_percent: the same of all the exercise.
    """

    stage: int | None
    mount: str
    duration_s: float
    exercise_s: float
    steps: int
    known_percent: float | None
    backward_percent: float | None
    longest_stop_s: float
    walks: list[list[float | None]]
    walked_s: float
    walked_m: float | None
    lean_percent: float | None
    upright_percent: float | None
    step_time_cv_percent: float | None
    cues: int
    withheld: int
    stumbles: int
    falls: int
    pain_stop: bool
    end_reason: str | None
    missing_percent: float
    damaged: bool

    @property
    def cues_per_min(self) -> float | None:
        """Cues given and withheld in a minute of walking backward; one cue in half a minute is one, and not two."""
        minutes = max(1.0, self.walked_s / 60)
        return (self.cues + self.withheld) / minutes if self.walked_s > 0 else None

    def long_walks(self, least_m: float, least_s: float | None = None) -> int:
        """How many walks are that far or, where seconds are given, that long."""
        return sum(
            (metres is not None and metres >= least_m) or (least_s is not None and (seconds or 0) >= least_s)
            for seconds, metres in self.walks
        )

    def as_json(self) -> dict[str, Any]:
        """The object of the cache file."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: object) -> "Figures | None":
        """What a cache file holds; None if it is not exactly these fields, each of its kind."""
        if not isinstance(told, dict) or set(told) != {each.name for each in fields(cls)}:
            return None
        walks = told["walks"]
        if not isinstance(walks, list) or not all(isinstance(each, list) and len(each) == 2 for each in walks):
            return None
        words = {"mount", "end_reason", "walks"}
        numbers = [value for name, value in told.items() if name not in words] + [
            part for pair in walks for part in pair
        ]
        optional = {"stage", "walked_m", "step_time_cv_percent"} | {name for name in told if name.endswith("_percent")}
        missing = [name for name, value in told.items() if value is None and name not in {*optional, "end_reason"}]
        if missing or not all(value is None or isinstance(value, int | float) for value in numbers):
            return None
        return cls(**told)
