"""Writes the tables of build_a.md and build_b.md from the CSV beside them, which is the only truth for the wires.

Run it after a change: `.venv/bin/python hw/wiring/render.py`. Only what stands between the two markers is replaced.
tests/hw calls `with_table` to see that a page is up to date.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILDS = ("build_a", "build_b")
BEGIN = "<!-- table: written by render.py -->"
END = "<!-- end of table -->"


def read_wires(path: Path) -> list[dict[str, str]]:
    """The rows of a wiring CSV, one wire each, by column name."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_table(wires: list[dict[str, str]]) -> str:
    """A Markdown table of the wires, with every column of the CSV."""
    columns = list(wires[0])
    lines = [columns, ["---"] * len(columns), *([wire[column] for column in columns] for wire in wires)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def with_table(page: str, table: str) -> str:
    """`page` with `table` between the markers; ValueError if a marker is missing."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def main() -> int:
    """Bring both pages up to date."""
    for build in BUILDS:
        page = HERE / f"{build}.md"
        text = with_table(page.read_text(encoding="utf-8"), as_table(read_wires(HERE / f"{build}.csv")))
        page.write_text(text, encoding="utf-8")
        sys.stderr.write(f"wrote {page}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
