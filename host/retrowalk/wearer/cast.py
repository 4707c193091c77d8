"""The walks that have a name: `retrowalk virtual --walk model:demo`, tests and the demo choose one here.

Each is a data file, wearer/scenarios/NAME.json, which says what it is for and where its figures come from. Every walk
begins with at least 3 s of standing, for a neutral stance, but for the two answers to a calibration.
"""

from functools import cache
from pathlib import Path

from retrowalk.errors import UsageError
from retrowalk.wearer.model import walk_scenario
from retrowalk.wearer.scenario import load

FOLDER = Path(__file__).with_name("scenarios")


def names():
    """All names, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def scenario(name):
    """The wearer.scenario.Scenario of that name. Raises UsageError if nobody has it."""
    if name not in names():
        raise UsageError(f"There is no walking model called {name!r}.", f"choose one of: {', '.join(names())}.")
    return load(FOLDER / f"{name}.json")


def model(name, mount="waist", seed=0, clip=None, foot="right"):
    """Walk the scenario of that name: a wearer.model.Walk. Arguments as for `wearer.model.walk_scenario`.

    Raises UsageError if nobody has that name.
    """
    return walk_scenario(scenario(name), mount, seed, clip, foot)
