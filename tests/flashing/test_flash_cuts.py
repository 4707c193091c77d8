"""The power, or the cable, goes while MicroPython is being written: the next run mends it, and files stay.

Each erase and each program of the flash is an operation, of which a cut leaves the first half. A cut at each of them is
tried in `make test-long`; at both sides of each region's boundary, and at some within, in `make test`.
"""

import json
import threading
import time

import pytest

from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport
from retrowalk.errors import NoDeviceError
from retrowalk.flashing import install
from retrowalk.flashing.chip import Chip
from retrowalk.flashing.image_file import check_image
from retrowalk.virtual.image import make_image

pytestmark = pytest.mark.slow

OLD, NEW = make_image(version="v1.28.0-virtual"), make_image()
REGIONS = (0x8000, 0x9000, 0xF000, 0x10000)  # table, nvs, phy_init, program; before them the bootloader
WALK = ("/sessions/s00007/0000.rwl", b"torn walk")
SETTINGS = {"format": 1, "settings": {"lean_cue_cdeg": 700}}
WEAR = """\
import os
for d in ('/data','/sessions','/sessions/s00007'):
 try:
  os.mkdir(d)
 except OSError:
  pass
"""


def write(port):
    """Bring NEW onto the chip, as `retrowalk flash` does, but for the start of it."""
    with Chip(port) as chip:
        install.write(chip, check_image(NEW), None, False, True)


def power_on(board, content):
    """Power off, another flash, power on with BOOT held: the chip is in its loader, and no program ran."""
    board.device.power_cut()
    board.flash_file.write_bytes(content)
    board.revive(into_loader=True)


def operations(board, content):
    """Where each operation of a whole write of NEW over `content` is."""
    power_on(board, content)
    n_before = len(board.device.whole.places)
    write(board.port)
    return board.device.whole.places[n_before:]


def region(place):
    """The number of the region."""
    return sum(place >= begin for begin in REGIONS)


def boundaries(places):
    """The operations, counted from 1, on both sides of each change of the region; the first and the last one."""
    changes = [at for at in range(1, len(places)) if region(places[at - 1]) != region(places[at])]
    return sorted({1, len(places), *changes, *(at + 1 for at in changes)})


def mends(board, content, at):
    """Cut at the operation `at`; the next run brings the image, and no byte of the files is another one."""
    power_on(board, content)
    board.device.whole.cut_at(at)
    with pytest.raises(NoDeviceError):
        write(board.port)
    assert board.files() == content[len(content) - len(board.files()) :], at
    board.revive(into_loader=True)
    write(board.port)
    assert board.content()[: len(NEW)] == NEW, at
    assert board.files() == content[len(content) - len(board.files()) :], at


def test_a_cut_at_every_boundary_and_at_some_stages_within_is_mended_by_the_next_run(bench_of, flashed_file):
    content = OLD + flashed_file.read_bytes()[len(OLD) :]
    board = bench_of(content)
    places = operations(board, content)
    stages = {*boundaries(places), *range(2, len(places), 9)}
    assert len(places) > 60
    assert len(stages) > 20
    for at in sorted(stages):
        mends(board, content, at)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_cut_at_every_stage_of_the_image_is_mended_by_the_next_run(bench_of, flashed_file):
    content = OLD + flashed_file.read_bytes()[len(OLD) :]
    for before in (content, content[:0x200000].ljust(len(content), b"\xff"), b"\xff" * len(content)):
        board = bench_of(before)
        for at in range(1, len(operations(board, before)) + 1):
            mends(board, before, at)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_after_a_cut_the_verb_brings_back_a_retrowalk_with_its_walks_and_settings(bench_of, flashed_file, tmp_path):
    """The whole verb, as a user runs it again: BOOT is not held, and the app starts in the end."""
    board = bench_of(OLD + flashed_file.read_bytes()[len(OLD) :])
    assert board.device.wait_note("booted")
    with Transport(board.port) as device:
        device.run(WEAR)
        device.write_file(*WALK)
        device.write_file("/data/settings.json", json.dumps(SETTINGS).encode())
    board.device.power_cut()
    content = board.content()
    for at in boundaries(operations(board, content)):
        power_on(board, content)
        board.device.whole.cut_at(at)
        board.flash(expect=3)
        board.revive()
        board.flash()
        assert "The app runs and has confirmed itself" in board.err, at
        assert board.content()[: len(NEW)] == NEW, at
        with Link(board.port) as link:
            assert link.ask("settings")["settings"] == SETTINGS["settings"], at
        with Transport(board.port) as device:
            heard: list[bytes] = []
            device.read_file(WALK[0], heard.append)
        assert b"".join(heard).startswith(WALK[1]), at


@pytest.mark.long
def test_a_cut_while_everything_is_erased_leaves_the_backup_and_a_chip_that_flash_mends(bench_of, flashed_file):
    board = bench_of(flashed_file)
    before, copy = board.content(), board.flash_file.with_name("copy.bin")
    board.device.press_boot()
    board.device.whole.cut_at(700)  # of 1024 sectors: in the midst of the files
    board.flash("--backup", copy, "--erase", expect=3)
    assert copy.read_bytes() == before
    assert board.content() != before
    board.revive()
    board.flash()
    assert "The app runs and has confirmed itself" in board.err


@pytest.mark.long
def test_a_cable_that_comes_out_in_the_middle_is_told_and_the_next_flash_goes_on(bare):
    bare.device.whole.cut_at(25)
    bare.flash(expect=3)
    assert "has gone away" in bare.err
    assert "reconnect the cable and run the same command again" in bare.err
    bare.revive()
    assert bare.device.rom.is_loading
    assert bare.ensure_micropython().was_written
    assert bare.device.is_on


@pytest.mark.long
def test_a_noisy_line_steps_the_baud_rate_down(bare):
    bare.device.rom.most_baud = 115200
    assert bare.ensure_micropython().was_written
    said = bare.capsys.readouterr().err
    assert "Trying again at 230400 baud." in said
    assert "Trying again at 115200 baud." in said
    assert "MicroPython is written and verified." in said


@pytest.mark.long
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
