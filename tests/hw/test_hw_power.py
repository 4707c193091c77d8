"""The power model: its table is the one that README.md shows, and its arithmetic can be done by hand."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

POWER = Path(__file__).parents[2] / "hw" / "power"


def run_model(*words: str) -> str:
    done = subprocess.run([sys.executable, POWER / "model.py", *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_readme_shows_what_the_command_prints():
    shown = (POWER / "README.md").read_text(encoding="utf-8")
    shown = shown.partition("<!-- output of model.py -->\n")[2].partition("\n<!-- end of output -->")[0]
    assert shown == run_model().rstrip("\n")


def test_one_row_reckoned_by_hand():
    # 28.4 + 0.55 + 0.004 + 60 * 0.005 + 0.32 + 0.07 = 29.64 mA; 400 mAh * 0.8 / 29.64 mA = 10.80 h
    assert "| A | recording at 80 MHz | 29.64 mA | 10.8 h |" in run_model("--build", "A")


def test_one_build_only():
    table = run_model("--build", "B")
    assert "| B |" in table
    assert "| A |" not in table
    assert "A model" in table


def test_every_part_is_used_in_order_and_has_a_source():
    with (POWER / "parts.csv").open(newline="", encoding="utf-8") as file:
        parts = list(csv.DictReader(file))
    for row in parts:
        assert float(row["low_ma"]) <= float(row["typical_ma"]) <= float(row["high_ma"]), row
        assert row["status"] in ("seen", "found", "recalled", "estimate")
        assert row["source"]
    names = [(row["part"], row["state"]) for row in parts]
    assert len(names) == len(set(names))


def test_shares_of_time_are_shares():
    with (POWER / "modes.csv").open(newline="", encoding="utf-8") as file:
        modes = list(csv.DictReader(file))
    assert all(0 < float(row["duty"]) <= 1 for row in modes)
    awake = {}
    for row in modes:
        if row["part"].startswith("ESP32"):
            key = (row["build"], row["mode"])
            awake[key] = awake.get(key, 0) + float(row["duty"])
    assert all(total == pytest.approx(1) for total in awake.values()), awake
