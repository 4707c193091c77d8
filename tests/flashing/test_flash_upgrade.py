"""A board with an older Retrowalk on an older MicroPython: the upgrade keeps walks, settings and calibration."""

import json

import pytest

from retrowalk.archive.archive import Archive
from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport
from retrowalk.virtual.image import make_image

pytestmark = [pytest.mark.slow, pytest.mark.long]

MINE = [("/sessions/s00007/0000.rwl", b"torn walk"), ("/device.json", b'{"name": "Emma"}')]
KEPT = """\
import os
for d in ('/data','/sessions','/sessions/s00007'):
 try:
  os.mkdir(d)
 except OSError:
  pass
for p,t in {!r}:
 f=open(p,'wb')
 f.write(t)
 f.close()
"""


def test_an_upgrade_keeps_what_is_the_wearers(bench_of, flashed_file, tmp_path):
    old = make_image(version="v1.28.0-virtual")
    board = bench_of(old + flashed_file.read_bytes()[len(old) :])
    assert board.device.wait_note("booted")
    settings = json.dumps({"format": 1, "settings": {"lean_cue_cdeg": 700}}).encode()
    with Transport(board.port) as device:
        device.run(KEPT.format([*MINE, ("/data/settings.json", settings)]))
    new = tmp_path / "new.bin"
    new.write_bytes(make_image())
    board.flash("--image", new, "--source")
    assert "Kept first: 1 walks are in" in board.err
    assert "MicroPython is written and verified." in board.err
    assert [each.name for each in Archive(None).sessions()]
    assert board.content()[: len(make_image())] == make_image()
    with Link(board.port) as link:
        told = link.ask("settings")
        assert told["settings"] == {"lean_cue_cdeg": 700}
        assert link.status().name == "Emma"


def test_erase_begins_anew_and_only_when_told_so(bench_of, flashed_file):
    board = bench_of(flashed_file)
    assert board.device.wait_note("booted")
    before = board.files()
    board.flash("--erase", yes=False, expect=4)
    assert "Erase the whole flash, with every walk and setting that is on it? Nobody is there" in board.err
    assert board.device.wait_until(lambda: board.device.is_on), "refused, and started again"
    assert board.files()[:4096] == before[:4096]
    assert board.ensure_micropython("--erase").was_written
    assert board.device.wait_note("repl", after=len(board.device.notes) - 2)
    assert b"retrogait" not in board.files()
    assert board.content()[: len(make_image())] == make_image()
