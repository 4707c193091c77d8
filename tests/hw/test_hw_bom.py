"""The parts lists: complete rows, unique references, quantities that match, addresses that the wiring knows."""

import csv
import re
from pathlib import Path

import pytest

HW = Path(__file__).parents[2] / "hw"
COLUMNS = [
    *("Ref", "Qty", "Description", "Manufacturer", "MPN", "Distributor", "Distributor PN", "Alt MPN", "Connector"),
    *("I2C address", "Notes", "DNP"),
]
MAY_BE_EMPTY = {"Notes"}
BUILDS = ("build_a", "build_b")


def rows_of(folder: str, build: str) -> list[dict[str, str]]:
    with (HW / folder / f"{build}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("build", BUILDS)
def test_columns_and_fields_are_complete(build):
    rows = rows_of("bom", build)
    assert list(rows[0]) == COLUMNS
    for row in rows:
        assert None not in row, f"{row['Ref']} has more fields than columns"
        assert [c for c in COLUMNS if c not in MAY_BE_EMPTY and not (row[c] or "").strip()] == [], row["Ref"]
        assert row["DNP"] in ("yes", "no")


@pytest.mark.parametrize("build", BUILDS)
def test_references_are_unique_and_match_the_quantity(build):
    seen = []
    for row in rows_of("bom", build):
        references = row["Ref"].split()
        assert len(references) == int(row["Qty"]), row["Ref"]
        assert all(re.fullmatch(r"[A-Z]+\d+", reference) for reference in references), row["Ref"]
        seen += references
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("build", BUILDS)
def test_fitted_addresses_do_not_clash_and_are_wired(build):
    fitted = [
        row["I2C address"] for row in rows_of("bom", build) if row["DNP"] == "no" and row["I2C address"] != "none"
    ]
    assert len(fitted) == len(set(fitted))
    wired = {row["I2C address"] for row in rows_of("wiring", build)}
    assert set(fitted) <= wired


@pytest.mark.parametrize("build", BUILDS)
def test_every_part_named_by_the_wiring_is_in_the_list(build):
    listed = {reference for row in rows_of("bom", build) for reference in row["Ref"].split()}
    for wire in rows_of("wiring", build):
        assert {wire["From"], wire["To"]} <= listed, wire
        cable = wire["Wire"].split()[0]
        assert cable in listed or wire["Wire"] in ("on the board", "HAT header"), wire
