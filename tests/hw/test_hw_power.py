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
    named = {row["duty"] for row in modes if row["duty"].isalpha()}
    assert named == {"awake", "asleep"}
    for row in modes:
        row["duty"] = {"awake": 0.4, "asleep": 0.6}.get(row["duty"], row["duty"])
    assert all(0 < float(row["duty"]) <= 1 for row in modes)
    awake = {}
    for row in modes:
        if row["part"].startswith("ESP32"):
            key = (row["build"], row["mode"])
            awake[key] = awake.get(key, 0) + float(row["duty"])
    assert all(total == pytest.approx(1) for total in awake.values()), awake


def test_the_awake_share_reckoned_by_hand():
    with (POWER / "work.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_hand_ms = sum(float(row["times_per_s"]) * float(row["typical_ms"]) for row in rows)
    assert f"the processor is awake {by_hand_ms / 10:.0f} % of the time" in run_model()
    for row in rows:
        assert float(row["low_ms"]) <= float(row["typical_ms"]) <= float(row["high_ms"]), row
        assert row["counted"] in ("yes", "no")
        assert row["status"] in ("reckoned", "estimate") and row["source"]


def test_hours_of_walking_and_weeks_of_standby_are_told_as_a_model():
    table = run_model()
    assert "| A | walking and dozing at 240 MHz * |" in table
    assert "| A | in the drawer (deep sleep) | 0.08 mA | 24 weeks |" in table
    assert "A model: nothing here was measured" in table
