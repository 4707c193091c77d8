"""A board whose filesystem cannot be read: nothing is lost unasked, and the advice that is given works."""

import pytest

from retrowalk import cli
from retrowalk.flashing import install
from retrowalk.flashing.chip import Chip
from retrowalk.virtual.image import make_image

pytestmark = [pytest.mark.slow, pytest.mark.long]

BLOCK_BYTES = 4096
ADVICE = "`retrowalk flash --backup FILE --erase` copies the whole flash into FILE first, then begins anew."


def without_superblocks(flash, begin=0x200000):
    """It does not mount any more; all that was in it is still there."""
    return flash[:begin] + b"\x00spoilt " * (2 * BLOCK_BYTES // 8) + flash[begin + 2 * BLOCK_BYTES :]


def without_a_folder(flash, begin=0x200000):
    """It mounts, but a folder within cannot be read: the blocks that hold the names of /a are spoilt."""
    spoilt = bytearray(flash)
    ats = [at for at in range(begin + 2 * BLOCK_BYTES, len(flash), BLOCK_BYTES) if b"boards" in flash[at : at + 200]]
    assert ats
    for at in ats:
        spoilt[at : at + BLOCK_BYTES] = b"\x00" * BLOCK_BYTES
    return bytes(spoilt)


def refused(board, *words):
    """The verb leaves with that advice and the exit code of a failure; what is in flash stays, and MicroPython runs."""
    before = board.content()
    board.flash(*words, expect=1)
    assert "cannot be read, and walks may still be in it" in board.err
    assert ADVICE in board.err
    assert board.content() == before
    assert board.device.wait_until(lambda: board.device.is_on)


@pytest.mark.parametrize("spoil", [without_superblocks, without_a_folder])
def test_a_filesystem_that_cannot_be_read_is_never_erased_without_a_backup(bench_of, flashed_file, tmp_path, spoil):
    spoilt = spoil(flashed_file.read_bytes())
    board = bench_of(spoilt)
    assert board.device.wait_note("booted")
    copy = tmp_path / "copy.bin"
    refused(board)
    refused(board, "--erase")
    refused(board, "--backup", copy)
    assert not copy.exists()
    before = board.content()
    board.flash("--backup", copy, "--erase", "--name", "Emma")
    assert copy.read_bytes() == before
    assert board.err.index("Backup of the whole flash") < board.err.index("MicroPython is written and verified.")
    assert "The app runs and has confirmed itself" in board.err
    assert b"spoilt " not in board.files()


def test_the_backup_puts_everything_back(bench_of, flashed_file, tmp_path):
    board = bench_of(without_superblocks(flashed_file.read_bytes()))
    copy = tmp_path / "copy.bin"
    board.ensure_micropython("--backup", copy, "--erase")
    board.device.press_boot()
    with Chip(board.port) as chip:
        chip.write(0, copy.read_bytes(), lambda _: None)
    assert board.content() == copy.read_bytes()


def test_it_is_refused_from_the_loader_too(bench_of, flashed_file):
    board = bench_of(without_superblocks(flashed_file.read_bytes()))
    board.device.press_boot()
    refused(board)
    board.device.press_boot()
    refused(board, "--erase")


def test_a_fresh_partition_is_no_filesystem_that_cannot_be_read():
    for files, project, expected in (
        ("foreign", "micropython", True),
        ("foreign", "blink", False),
        ("erased", "micropython", False),
        ("files", "micropython", False),
    ):
        assert install.OnFlash(project, False, 0x200000, files).is_unreadable is expected


def test_doctor_leads_to_the_same_advice(bench_of, flashed_file, capsys):
    board = bench_of(without_superblocks(make_image().ljust(4 << 20, b"\xff")))
    assert board.device.wait_note("booted")
    before = board.content()
    assert cli.main(["doctor", "--port", board.port]) == 4
    assert "put the app on it: `retrowalk flash`" in capsys.readouterr().err, "it chatters, and is not interrupted"
    assert board.content() == before
    board = bench_of(without_a_folder(flashed_file.read_bytes()))
    assert board.device.wait_note("repl")
    assert cli.main(["doctor", "--port", board.port]) == 1
    told = capsys.readouterr().out
    assert "FAIL  flash          The filesystem on the board cannot be read" in told
    assert ADVICE in told
