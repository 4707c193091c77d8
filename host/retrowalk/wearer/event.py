"""Something that befalls the wearer at a moment of a walk: the base of looks, leans, stumbles, falls, slips and taps.

An event may change what the wearer is told (Commands), how the body moves (Motion) or what the clip feels, and it says
in the truth when it happened. Each kind has a file of its own and changes only what it must. Called by wearer.model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrowalk.wearer.schema import number
from retrowalk.wearer.script import smooth_step
from retrowalk.wearer.truth import Episode

if TYPE_CHECKING:
    from retrowalk.wearer.motion import Motion
    from retrowalk.wearer.script import Commands


@dataclass(frozen=True)
class Event:
    """`at_s`: when it begins, in seconds of the track. The hooks of the base class change nothing."""

    at_s: float = number("s", 0, 3600, "when it begins")

    @property
    def end_s(self) -> float:
        """When it is over."""
        raise NotImplementedError

    def tell(self, told: Commands) -> Commands:
        """What the wearer is told, with this event in it."""
        return told

    def move(self, moved: Motion, mount: str, foot: str) -> Motion:
        """The motion of the clip's place on the body, with this event in it; `foot` counts at the ankle only."""
        return moved

    def slip(self, t_s: np.ndarray, force: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Force [n, 3] and rate [n, 3] in the axes that the clip takes for the wearer's."""
        return force, rate

    def episodes(self) -> list[Episode]:
        """What the truth says about it."""
        raise NotImplementedError

    def later(self, by_s: float) -> Any:
        """The same event, `by_s` seconds later."""
        return replace(self, at_s=self.at_s + by_s)


def held(t_s: np.ndarray, at_s: float, going_s: float, holds_s: float, back_s: float) -> np.ndarray:
    """[n] from 0 to 1 within `going_s`, there for `holds_s`, and back within `back_s`; smooth."""
    return smooth_step((t_s - at_s) / going_s) - smooth_step((t_s - at_s - going_s - holds_s) / back_s)
