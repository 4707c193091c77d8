"""How long a charge lasts, by a model: mean current of each build and mode, from two tables beside this file.

`parts.csv` holds the current of each part in each state (mA: typical, lowest, highest) and where it comes from;
`modes.csv` says which parts a mode runs and for what share of the time; `work.csv` what a walk keeps the processor
awake for (ms a second), which makes the shares `awake` and `asleep`. Nothing was measured on a built device.
Usage: `.venv/bin/python hw/power/model.py [--build A|B]`, or `make power`; tests/hw compares its output with README.md.
"""

import argparse
import csv
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

USABLE_SHARE = 0.8
"""Share of the printed capacity that counts: the rest goes to the regulator's drop-out, protection and ageing."""

COLUMNS = ("typical_ma", "low_ma", "high_ma")
WORK_COLUMNS = ("typical_ms", "low_ms", "high_ms")


class Load(NamedTuple):
    """One mode of one build: mean currents in mA and the cell's printed capacity in mAh."""

    build: str
    mode: str
    capacity_mah: float
    typical_ma: float
    low_ma: float
    high_ma: float

    def hours(self, current_ma: float) -> float:
        """How long the usable charge lasts at a current in mA."""
        return self.capacity_mah * USABLE_SHARE / current_ma


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the two tables."""
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def currents_ma() -> dict[tuple[str, str], list[float]]:
    """Typical, lowest and highest current of each part in each state."""
    return {(row["part"], row["state"]): [float(row[column]) for column in COLUMNS] for row in read_rows("parts.csv")}


def awake_shares(counted_only: bool = False) -> list[float]:
    """The share of a walk in which the processor is awake: typical, lowest, highest, at most 1.

    counted_only: without what the virtual device's clock does not count, the interpreter's own time.
    """
    rows = [row for row in read_rows("work.csv") if row["counted"] == "yes" or not counted_only]
    sums_ms = [sum(float(row["times_per_s"]) * float(row[column]) for row in rows) for column in WORK_COLUMNS]
    return [min(1.0, sum_ms / 1000) for sum_ms in sums_ms]


def duties(text: str) -> list[float]:
    """A share of the time as modes.csv writes it: typical, lowest, highest."""
    if text in ("awake", "asleep"):
        return [share if text == "awake" else 1 - share for share in awake_shares()]
    return [float(text)] * len(COLUMNS)


def loads() -> list[Load]:
    """Every mode of every build, in the order of modes.csv. KeyError names a part or state that parts.csv lacks."""
    currents = currents_ma()
    sums: dict[tuple[str, str, float], list[float]] = {}
    for row in read_rows("modes.csv"):
        total = sums.setdefault((row["build"], row["mode"], float(row["capacity_mah"])), [0.0, 0.0, 0.0])
        for i, duty in enumerate(duties(row["duty"])):
            total[i] += currents[row["part"], row["state"]][i] * duty
    return [Load(*key, *total) for key, total in sums.items()]


def duration(hours: float) -> str:
    """Hours, days from 100 hours on, weeks from 4 weeks on."""
    if hours < 100:
        return f"{hours:.1f} h"
    return f"{hours / 24:.0f} days" if hours < 4 * 168 else f"{hours / 168:.0f} weeks"


def as_table(rows: list[Load]) -> str:
    """The lines that the command prints: a Markdown table and the warning under it."""
    lines = [
        "| build | mode | current | a charge lasts | worst to best |",
        "|---|---|---|---|---|",
    ]
    for load in rows:
        worst, best = duration(load.hours(load.high_ma)), duration(load.hours(load.low_ma))
        lasts = duration(load.hours(load.typical_ma))
        lines.append(f"| {load.build} | {load.mode} | {load.typical_ma:.2f} mA | {lasts} | {worst} to {best} |")
    typical, low, high = (round(100 * share) for share in awake_shares())
    lines += [
        "",
        "* needs a wire that build A has not. In a walk the processor is awake "
        f"{typical} % of the time ({low} to {high}).",
        "A model: nothing here was measured on a built device.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Battery life of the reference builds, by a model.")
    parser.add_argument("--build", choices=("A", "B"), help="only this build (default: both)")
    build = parser.parse_args().build
    sys.stdout.write(as_table([load for load in loads() if build in (None, load.build)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
