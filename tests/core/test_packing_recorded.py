"""Packing on the recorded walks: everything comes back, and with block heads it takes at most 60 % of the plain bytes.

The whole table is `make compression`.
"""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from compression import packed, share_of
from recorded_counts import SETS

pytestmark = pytest.mark.slow

MOST_PERCENT = 60.0
MOST_FILES = 8


@pytest.mark.parametrize("data_set", SETS, ids=[each.name for each in SETS])
def test_a_recorded_data_set_fits(recorded_set, data_set):
    recorded_set(data_set.folder)
    blocks = packed(data_set.counts(MOST_FILES))
    assert sum(block.n_samples for block in blocks) > 900
    assert share_of(blocks, with_heads=True) <= MOST_PERCENT


def test_the_page_tells_what_is_measured(recorded_set):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "record-format.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([\w, ]+) \| ([\d.]+ \| [\d.]+) \|", page, re.MULTILINE))
    assert {each.name for each in SETS} <= set(told)
    for data_set in SETS:
        if data_set.name.startswith(("ipol", "broad")):
            continue  # too large for a test
        recorded_set(data_set.folder)
        blocks = packed(data_set.counts())
        assert told[data_set.name] == f"{share_of(blocks, True):.1f} | {share_of(blocks, False):.1f}"


def test_no_recorded_block_gave_packing_up(recorded_set):
    """Plain samples after the codes are for noise of full scale, which no walk is."""
    for data_set in SETS:
        recorded_set(data_set.folder)
    blocks = [block for data_set in SETS for block in packed(data_set.counts(1))]
    assert {block.n_samples - 1 - (block.payload[0] | block.payload[1] << 8) for block in blocks} == {0}
