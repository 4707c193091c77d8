"""The power, or the cable, goes while MicroPython is being written: the next run mends it, and files stay."""

import threading
import time

import pytest

from retrowalk.errors import NoDeviceError
from retrowalk.flashing import install
from retrowalk.flashing.chip import Chip
from retrowalk.flashing.image_file import check_image
from retrowalk.virtual.image import make_image

pytestmark = [pytest.mark.slow, pytest.mark.long]

OLD, NEW = make_image(version="v1.28.0-virtual"), make_image()


def write(port):
    """Bring NEW onto the chip, as `retrowalk flash` does."""
    with Chip(port) as chip:
        install.write(chip, check_image(NEW), None, False, True)
        chip.restart()


def into_loader(bench):
    bench.device.press_boot()
    assert bench.device.rom.is_loading


def test_a_cut_at_every_stage_of_the_image_is_mended_by_the_next_run(bench_of, flashed_file):
    whole = flashed_file.read_bytes()
    board = bench_of(OLD + whole[len(OLD) :])
    assert board.device.wait_note("booted")
    into_loader(board)
    files = board.files()
    n_before = board.device.whole.operations
    write(board.port)
    n_operations = board.device.whole.operations - n_before
    assert n_operations > 40
    for at in [1, 2, 3, *range(9, n_operations, 11), n_operations - 1, n_operations]:
        board.device.power_cut()
        board.flash_file.write_bytes(OLD + whole[len(OLD) :])
        board.device.start()
        into_loader(board)
        board.device.whole.cut_at(at)
        with pytest.raises(NoDeviceError):
            write(board.port)
        board.revive()
        if not board.device.rom.is_loading:  # all but the last bytes were the same: it starts
            into_loader(board)
        n_notes = len(board.device.notes)
        write(board.port)
        assert board.device.wait_note("booted", after=n_notes), f"cut at {at}"
        assert board.content()[: len(NEW)] == NEW
        assert board.files() == files or board.files()[:8192] == files[:8192]


def test_a_cable_that_comes_out_in_the_middle_is_told_and_the_next_flash_goes_on(bare):
    bare.device.whole.cut_at(25)
    bare.flash(expect=3)
    assert "has gone away" in bare.err
    assert "reconnect the cable and run the same command again" in bare.err
    bare.revive()
    assert bare.device.rom.is_loading
    assert bare.ensure_micropython().was_written
    assert bare.device.is_on


def test_a_noisy_line_steps_the_baud_rate_down(bare):
    bare.device.rom.most_baud = 115200
    assert bare.ensure_micropython().was_written
    said = bare.capsys.readouterr().err
    assert "Trying again at 230400 baud." in said
    assert "Trying again at 115200 baud." in said
    assert "MicroPython is written and verified." in said


def test_a_port_that_cannot_reset_the_chip_asks_for_a_press_of_reset(bench_of):
    board = bench_of(chip="esp32")
    image = make_image("esp32")

    def press_when_written():
        while board.content()[0x1000:][: len(image)] != image or board.device.is_on:
            time.sleep(0.1)
        time.sleep(1)
        board.device.reset()

    finger = threading.Thread(target=press_when_written)
    finger.start()
    assert board.ensure_micropython().was_written
    finger.join()
    assert "press RESET on it now" in board.capsys.readouterr().err
    assert board.device.is_on
