"""The page of faults shows the rows that the table has, and none of its figures tells of a lost session."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))
from fault_table import all_rows

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "faults.md").read_text(encoding="utf-8")


def test_the_table_has_the_rows_that_are_tried():
    table = re.search(r"```\n(.*?)```", PAGE, re.DOTALL)[1]
    titles, *lines = table.strip().splitlines()
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", titles)]
    names = [line[: starts[1]].strip() for line in lines]
    assert names == [each.fault for each in all_rows()] + ["all"]
    assert {line[starts[3] : starts[4]].strip() for line in lines} == {"0"}
