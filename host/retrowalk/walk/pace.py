"""Distance, speed and evenness of one walk as the core found them, and the wearer's height they rest on.

`pace_of` reads them off an engine after the replay. Called by replay, walk_source, analyze and walk_text.
"""

from typing import Any, NamedTuple

from retrogait.distance import FEWEST_STEPS
from retrogait.settings import Settings
from retrogait.variability import FEWEST_STEPS as FEWEST_EVEN_STEPS
from retrowalk.console import clean
from retrowalk.errors import UsageError

_LOWEST_M, _HIGHEST_M = 0.5, 2.5


class Pace(NamedTuple):
    """Metres, metres a second, and by how many percent both may be off; all None where `reason` says why.

    `step_time_cv_percent`: evenness of `n_even_steps` steps outside turns; None when these are too few.
    """

    distance_m: float | None = None
    speed_mps: float | None = None
    uncertainty_percent: int | None = None
    reason: str = "not replayed"
    step_time_cv_percent: float | None = None
    n_even_steps: int = 0


NOT_REPLAYED = Pace()


def pace_of(engine: Any) -> Pace:
    """What an engine (WaistEngine, AnkleEngine) says after the last sample."""
    even = engine.variability
    cv = even.cv_permille / 10 if even.cv_permille >= 0 else None
    distance = engine.distance
    if not distance.known:
        return Pace(None, None, None, f"not enough steps (under {FEWEST_STEPS})", cv, even.steps)
    return Pace(
        distance.total_mm / 1000, distance.speed_mmps / 1000, distance.uncertainty_percent, "", cv, even.steps
    )  # fmt: skip


def pace_quality(pace: Pace, settings: dict[str, int]) -> dict[str, Any]:
    """Fields of the object `quality`: why there is no distance or how sure it is, and the evenness of the steps."""
    if pace.distance_m is None:
        told = pace.reason
    else:
        height_cm = settings.get("height_cm", 0)
        height = f"a height of {height_cm / 100:.2f} m" if height_cm else "a usual height (--height-m was not given)"
        told = f"+-{pace.uncertainty_percent} %, from the swing of the leg and {height}"
    even = None
    if pace.step_time_cv_percent is not None:
        even = {"step_time_cv_percent": pace.step_time_cv_percent, "steps": pace.n_even_steps}
    return {
        "distance": told, "speed": told, "distance_uncertainty_percent": pace.uncertainty_percent, "variability": even
    }  # fmt: skip


def pace_words(pace: Pace) -> list[tuple[str, str]]:
    """Rows (what, found) of the summary for people."""
    if pace.distance_m is None or pace.speed_mps is None:
        rows = [("distance", pace.reason)]
    else:
        rows = [
            ("distance", f"about {pace.distance_m:.0f} m (+-{pace.uncertainty_percent} %)"),
            ("speed", f"{pace.speed_mps:.2f} m/s while walking (+-{pace.uncertainty_percent} %)"),
        ]
    if pace.step_time_cv_percent is None:
        return [*rows, ("evenness", f"not enough straight steps (under {FEWEST_EVEN_STEPS})")]
    return [*rows, ("evenness", f"step time varies by {pace.step_time_cv_percent:.1f} % ({pace.n_even_steps} steps)")]


def height_option(text: str) -> float:
    """The argument of --height-m. Raises UsageError."""
    try:
        height_m = float(text)
    except ValueError:
        height_m = float("nan")
    if not _LOWEST_M <= height_m <= _HIGHEST_M:
        raise UsageError(
            f"--height-m {clean(text, 20)} is no height in metres ({_LOWEST_M} to {_HIGHEST_M}).",
            "give it like --height-m 1.72.",
        )
    return height_m


def with_height(settings: Settings, height_m: float | None) -> Settings:
    """`settings` with the wearer's height, where one is given."""
    if height_m is None:
        return settings
    return Settings({**settings.as_dict(), "height_cm": round(100 * height_m)})
