"""Which parts a push consists of, found by looking at an engine, so that a new part is measured without being named.

A part is an object of the core, at most two levels below the engine, with a method `push`, `rotate` or `look`. Small
tools (running sums, medians, single limits) belong to the part that uses them. Called by cost.py.
"""

import inspect
from dataclasses import dataclass
from typing import Any

_DEPTH = 2
_TOOLS = ("boxcar", "stretch", "median", "scale", "events", "settings", "fixed", "limit")
_METHODS = ("rotate", "push", "look")


@dataclass(frozen=True)
class Part:
    """`label` for people, `depth` for the indent; where the method is and how many arguments it takes."""

    label: str
    depth: int
    module: str
    owner: str
    method: str
    arity: int

    def as_plan(self) -> dict[str, Any]:
        """What cost_inside.py needs."""
        return {"module": self.module, "class": self.owner, "method": self.method, "arity": self.arity}


def parts_of(engine: Any) -> list[Part]:
    """The parts in the order in which the engine made them, children after their parent."""
    return _below(engine, 1, set())


def _below(whole: Any, depth: int, seen: set[type]) -> list[Part]:
    out: list[Part] = []
    for part in vars(whole).values():
        kind = type(part)
        home = kind.__module__
        word = home.removeprefix("retrogait.")
        if home == type(whole).__module__ or word == home or word in _TOOLS or kind in seen:
            continue
        method = next((name for name in _METHODS if hasattr(kind, name)), None)
        if method is None:
            continue
        seen.add(kind)
        arity = len(inspect.signature(getattr(kind, method)).parameters) - 1
        label = "mounting (rotate)" if method == "rotate" else word
        out.append(Part(label, depth, home, kind.__name__, method, arity))
        if depth < _DEPTH:
            out += _below(part, depth + 1, seen)
    return out
