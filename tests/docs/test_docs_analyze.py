"""The page on analyze's JSON names every field that analyze prints; the axes named for the data sets are valid."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from retrogait.mounting import Mounting
from retrowalk import cli

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def named_fields(text: str) -> set[str]:
    """The names in the first cells of a page's tables."""
    cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.fixture(scope="module")
def still_csv(tmp_path_factory):
    """A recording of six seconds of standing still."""
    path = tmp_path_factory.mktemp("recording") / "still.csv"
    rng = np.random.default_rng(5)
    values = rng.normal([0, 0, 9.81, 0, 0, 0], [0.02, 0.02, 0.02, 0.002, 0.002, 0.002], (624, 6))
    rows = np.column_stack([np.arange(624) / 104, values])
    lines = [",".join(f"{value:.6f}" for value in row) for row in rows]
    path.write_text("\n".join(["t_s,ax,ay,az,gx,gy,gz", *lines]) + "\n", encoding="utf-8")
    return path


def test_every_field_is_on_the_page(still_csv, capsys):
    assert cli.main(["analyze", str(still_csv), "--mount", "waist", "--height-m", "1.7", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    named = named_fields(page("analyze-json.md"))
    assert set(told) <= named
    assert set(told["quality"]) <= named
    assert told["step_count"] == 0
    assert told["cadence_spm"] is None


def test_axes_of_the_data_sets_are_right_handed():
    table = page("frames.md").partition("| data set")[2]
    axes = re.findall(r"\| `(-?[xyz],-?[xyz],-?[xyz])` \|", table)
    assert axes == ["-z,y,x", "z,-y,x"]
    for text in axes:
        # "x up" in the page's words: the third row of the rotation picks the sensor's x.
        assert Mounting.from_axes(text).as_list()[6:9] == [16384, 0, 0]
