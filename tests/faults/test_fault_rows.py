"""The short form of `make faults`: each row with its cases thinned; and that the rows see what they look for.

The full table: docs/reference/faults.md.
"""

import fault_table
import pytest
from fault_rows import on_micropython
from fault_rows.made import made
from fault_rows.reading import Reading
from fault_rows.row import Row, RowOf
from fault_table import all_rows

from retrowalk.session_files import session_blocks

_ALL = all_rows()


@pytest.mark.slow
@pytest.mark.parametrize("row_of", _ALL, ids=[each.fault for each in _ALL])
def test_nothing_is_lost(row_of):
    row = row_of.tried(row_of.thinned)
    assert row.cases > 0
    assert (row.lost, row.wrong) == (0, [])


def test_a_row_that_breaks_off_is_a_finding():
    def run(row, every):
        raise OSError("no such thing")

    assert "OSError" in RowOf("x", run, 1).tried(1).wrong[0]


def test_a_wrong_sample_a_lost_one_and_a_false_end_are_seen(tmp_path):
    """The judge of damaged files itself: blocks that pass for others are found out."""
    truth, other = made(1, 8), made(2, 8)
    as_if_ours = [other.blocks[1][:4] + truth.blocks[1][4:8] + other.blocks[1][8:-4]]
    forged = as_if_ours[0] + session_blocks.record.crc32(as_if_ours[0]).to_bytes(4, "little")
    row = Row("x")
    Reading(row, tmp_path, truth).judge([b"".join([truth.blocks[0], forged, *truth.blocks[2:]])], "forged")
    assert any("wrong samples" in text for text in row.wrong)
    row = Row("x")
    shorter = made(1, 7)
    Reading(row, tmp_path, truth).judge([shorter.data], "another end")
    assert row.wrong


def test_without_the_readers_own_checks_the_splices_are_found_out(monkeypatch, tmp_path):
    truth, other = made(1, 8), made(2, 8)
    for check, blocks in (
        ("_of_one_session", [truth.blocks[0], other.blocks[1], *truth.blocks[2:]]),
        ("_in_order", [*truth.blocks, next(each for each in truth.blocks if each[2] == session_blocks.record.EVENTS)]),
    ):
        with monkeypatch.context() as patched:
            row = Row("x")
            patched.setattr(session_blocks, check, lambda placed: (placed, []))
            Reading(row, tmp_path, truth).judge([b"".join(blocks)], check)
            assert row.wrong, check
        row = Row("x")
        Reading(row, tmp_path, truth).judge([b"".join(blocks)], check)
        assert row.wrong == []


def test_the_journal_tells_what_a_real_cut_leaves():
    """inside/journal.py puts together the flash of a cut: for some cuts it is compared with the model's own."""
    row = Row("x")
    on_micropython.run(row, "journal_check", "as_the_model_cuts", 40)
    assert row.cases > 15
    assert row.wrong == []


def test_the_table_is_printed_and_tells_by_its_exit_code(monkeypatch, capsys):
    def found(row, every):
        row.cases += 2
        row.lose("here")

    for run, code in ((lambda row, every: setattr(row, "cases", 3), 0), (found, 1)):
        rows = [RowOf("one fault", run, 1)]
        monkeypatch.setattr(fault_table, "_try_all", lambda *_, rows=rows: (each.tried(1) for each in rows))
        assert fault_table.main([]) == code
        assert "one fault" in capsys.readouterr().out
        assert fault_table.main(["--json"]) == code
    assert '"lost": 1' in capsys.readouterr().out
