"""docs/reference/scenarios.md agrees with the code: every field of a scenario file, every kind of event, every walk."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from retrowalk.wearer.cast import names, scenario
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.manner import Manner
from retrowalk.wearer.scenario import KINDS
from retrowalk.wearer.script import Segment

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
HEADINGS = {"A segment": Segment, "The manner": Manner, "The clip": Clip} | {f"`{kind}`": KINDS[kind] for kind in KINDS}


def rows_below(heading: str) -> list[list[str]]:
    """The cells of the table lines under a heading, up to the next."""
    part = re.split(rf"^#+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1]
    lines = re.split(r"^#", part, flags=re.MULTILINE)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| `")]


def stated(each) -> list[str]:
    """A field as the page shows it."""
    about = each.metadata
    missing = each.default is MISSING
    if "options" in about:
        allowed = ", ".join(f"`{str(option).lower()}`" for option in about["options"])
        default = f"`{str(each.default).lower()}`"
        unit = ""
    else:
        allowed, default, unit = f"{about['least']:g} to {about['most']:g}", each.default, about["unit"]
        default = "" if missing else f"{default:g}"
    return [f"`{each.name}`", allowed, unit or "-", "must be given" if missing else default, about["what"]]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_fields_are_those_of_the_code(heading):
    assert rows_below(heading) == [stated(each) for each in fields(HEADINGS[heading]) if each.metadata]


def test_every_kind_of_event_has_its_heading():
    assert re.findall(r"^#### `(\w+)`$", PAGE, re.MULTILINE) == list(KINDS)


def test_the_cast_is_the_folder():
    told = rows_below("The cast")
    assert told == [[f"`{name}`", f"{scenario(name).duration_s:g}", scenario(name).purpose] for name in names()]
