"""Sync: what counts as verified, what is kept, what is deleted, and what happens when something breaks off."""

import errno
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_device import DEVICE_ID, FakeDevice
from sessions_made import make_session

from retrowalk import cli, sync
from retrowalk.archive.archive import Archive
from retrowalk.errors import FailedError


def walk(number: int, **options) -> dict[str, bytes]:
    """A session's files by their path on the device."""
    files = make_session(number, **options)
    return {f"/sessions/s{number:05d}/{i:04d}.rwl": data for i, data in enumerate(files)}


@pytest.fixture
def device(monkeypatch):
    """A device with two walks: s00001 complete, s00002 without an end."""
    fake = FakeDevice({**walk(1), **walk(2, ended=False)})
    fake.install(monkeypatch, sync)
    return fake


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "walks")


def run(archive, *words: str) -> int:
    return cli.main(["sync", "--port", "/dev/fake", "--archive", str(archive.root), *words])


def stored(archive) -> dict[str, bytes]:
    """What the archive holds, by the path on the device."""
    return {
        f"/sessions/{session.name}/{path.name}": path.read_bytes()
        for session in archive.sessions()
        for path in session.files()
    }


def test_all_walks_arrive_byte_for_byte(device, archive, capsys):
    assert run(archive, "--json") == 0
    assert stored(archive) == device.files
    told = json.loads(capsys.readouterr().out)
    assert [(each["session"], each["state"]) for each in told["sessions"]] == [
        ("s00001", "complete"),
        ("s00002", "interrupted"),
    ]
    assert told["sessions"][0]["step_count"] == told["sessions"][0]["backward_steps"] == 30
    assert told["sessions"][0]["duration_s"] == pytest.approx(30 * 84 / 104, abs=0.06)


def test_the_archive_is_private_and_has_manifests(device, archive):
    run(archive)
    for session in archive.sessions():
        assert stat.S_IMODE(session.path.stat().st_mode) == 0o700
        assert session.manifest["files"]["0000.rwl"]["size"] == len(device.files[f"/sessions/{session.name}/0000.rwl"])
        for path in session.path.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.suffix in (".rwl", ".json"), "no part is left behind"


def test_a_second_sync_sends_nothing(device, archive, capsys):
    run(archive)
    device.sent.clear()
    before = {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")}
    assert run(archive) == 0
    assert device.sent == []
    assert {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")} == before
    assert "had it" in capsys.readouterr().out


def test_a_new_walk_is_added_to_those_that_are_here(device, archive):
    run(archive)
    device.sent.clear()
    device.files.update(walk(3))
    assert run(archive) == 0
    assert {path.split("/")[2] for path in device.sent} == {"s00003"}
    assert stored(archive) == device.files


def test_a_copy_that_rotted_here_is_renewed(device, archive):
    run(archive)
    rotten = archive.sessions()[0].files()[1]
    rotten.write_bytes(b"x" + rotten.read_bytes()[1:])
    assert run(archive) == 0
    assert stored(archive) == device.files


def test_bit_errors_on_the_wire_are_noticed_and_sent_again(device, archive):
    device.sent_wrong["/sessions/s00001/0001.rwl"] = 1
    assert run(archive) == 0
    assert device.sent.count("/sessions/s00001/0001.rwl") == 2
    assert stored(archive) == device.files


def test_a_file_that_never_arrives_intact_does_not_count(device, archive, capsys):
    device.sent_wrong["/sessions/s00001/0001.rwl"] = 9
    assert run(archive) == 1
    assert "did not arrive intact" in capsys.readouterr().err
    assert "/sessions/s00001/0001.rwl" not in stored(archive)
    device.sent_wrong.clear()
    assert run(archive) == 0
    assert stored(archive) == device.files


def test_prune_deletes_what_is_verified_and_undamaged(device, archive, capsys):
    """A walk that a power cut ended is as whole as it ever will be: it must not fill the device for ever."""
    all_files = dict(device.files)
    assert run(archive, "--prune") == 0
    assert device.files == {}
    assert stored(archive) == all_files
    assert "deleted on the device" in capsys.readouterr().out


def test_a_corrupt_block_is_kept_reported_and_not_deleted(device, archive, capsys):
    path = "/sessions/s00001/0001.rwl"
    device.files[path] = device.files[path][:3000] + b"\x00\x00" + device.files[path][3002:]
    assert run(archive, "--prune") == 5
    told = capsys.readouterr()
    assert "s00001: " in told.err
    assert "bytes corrupt" in told.err
    assert "s of raw motion missing" in told.err
    assert stored(archive)[path] == device.files[path]


def test_a_missing_file_in_the_middle_is_damage(device, archive, capsys):
    del device.files["/sessions/s00001/0001.rwl"]
    assert run(archive) == 5
    assert "20 blocks missing" in capsys.readouterr().err


def test_a_file_the_device_cannot_read_is_reported_and_the_rest_comes(device, archive, capsys):
    device.unreadable.add("/sessions/s00001/0001.rwl")
    assert run(archive, "--prune") == 5
    assert "1 file unreadable on the device" in capsys.readouterr().err
    assert set(device.files) - set(stored(archive)) == device.unreadable


def test_a_torn_tail_is_an_interrupted_walk_not_a_damaged_one(device, archive, capsys):
    path = max(path for path in device.files if "s00002" in path)
    device.files[path] = device.files[path][:-7]
    assert run(archive, "--json") == 0
    told = json.loads(capsys.readouterr().out)["sessions"][1]
    assert (told["state"], told["torn_tail_bytes"]) == ("interrupted", 31)


def test_a_walk_of_the_same_number_after_an_erased_flash_goes_beside_the_first(device, archive):
    run(archive)
    first = stored(archive)
    device.files = walk(1, n_blocks=31, per_file=25)
    for _ in range(2):
        assert run(archive) == 0
    assert [session.name for session in archive.sessions()] == ["s00001", "s00001-2", "s00002"]
    assert all(stored(archive)[path] == data for path, data in first.items()), "what was verified is never overwritten"


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "/sessions/../../x/0000.rwl",
        "/sessions/s00001/../0000.rwl",
        "/sessions/s1/0000.rwl",
        "/sessions/s00001/0000.rwl.part",
        "/sessions/s00001/\x1b[31m.rwl",
        "/sessions/s00001/0000.rwl\n",
        "/sessions/s\u0660\u0660\u0660\u0660\u0667/0000.rwl",
        "/sessions/s00001/" + "9" * 5000 + ".rwl",
    ],
)
def test_a_malicious_name_never_becomes_a_path(device, archive, name, capsys):
    device.listed[name] = 10
    assert run(archive) == 0
    assert stored(archive) == device.files
    assert {path.name for path in archive.root.parent.iterdir()} == {"walks"}
    told = capsys.readouterr().err
    assert "their names are not ours: 1" in told
    assert "\x1b" not in told


def test_a_full_disk_is_named_and_loses_nothing(device, archive, monkeypatch, capsys):
    real_write, room = os.write, [30_000]

    def write(fd: int, data) -> int:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(fd, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        assert run(archive, "--prune") == 1
    told = capsys.readouterr().err
    assert "No space left on device" in told
    assert "the device keeps the walk" in told
    assert len(device.files) == 8, "nothing was deleted on the device"
    assert run(archive) == 0
    assert stored(archive) == device.files


def test_a_sync_that_is_killed_goes_on_where_it_stopped(device, archive):
    """kill -9 in the middle of a file; the next sync brings the rest and sends nothing twice."""
    script = """
import sys, time
import pytest
from fake_device import FakeDevice
from test_sync import walk
from retrowalk import cli, sync
device = FakeDevice({**walk(1), **walk(2, ended=False)})
read_file = device.read_file
def slowly(path, on_bytes, offset):
    read_file(path, lambda data: (time.sleep(0.02), on_bytes(data)), offset)
device.read_file = slowly
device.install(pytest.MonkeyPatch(), sync)
cli.main(["sync", "--port", "/dev/fake", "--archive", sys.argv[1]])
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen([sys.executable, "-c", script, str(archive.root)], env=environment) as running:
        deadline_s = time.monotonic() + 20
        while len(list(archive.root.rglob("000*.rwl"))) < 2 and time.monotonic() < deadline_s:
            time.sleep(0.01)
        running.kill()
    here = stored(archive)
    assert 2 <= len(here) < len(device.files)
    assert all(device.files[path] == data for path, data in here.items()), "what bears its name is whole"
    assert run(archive) == 0
    assert stored(archive) == device.files
    assert set(device.sent) == set(device.files) - set(here)


def test_an_archive_that_may_not_be_written_is_named(device, tmp_path, capsys):
    (tmp_path / "walks").write_text("a file, not a folder")
    assert run(Archive(tmp_path / "walks")) == 1
    assert "--archive FOLDER" in capsys.readouterr().err


def test_a_board_that_is_no_retrowalk_is_refused(device, archive, capsys):
    device.files = {"/main.py": b"print('blink')"}
    assert run(archive) == 4
    assert "retrowalk flash" in capsys.readouterr().err


def test_an_empty_device_is_no_error(device, archive, capsys):
    device.files = {"/retrogait/engine.py": b""}
    assert run(archive) == 0
    assert "No walks are on the device" in capsys.readouterr().err
    assert Archive(archive.root).sessions(DEVICE_ID) == []


def test_a_manifest_that_is_damaged_is_renewed(device, archive):
    run(archive)
    manifest = archive.sessions()[0].path / "manifest.json"
    good = json.loads(manifest.read_text())
    manifest.write_text("{")
    assert run(archive) == 0
    renewed = json.loads(manifest.read_text())
    of_this_sync = {"synced_utc": "", "began": ""}  # without a clock, a walk began before its sync: that is all
    assert {**renewed, **of_this_sync} == {**good, **of_this_sync}
    assert [session.name for session in archive.sessions()] == ["s00001", "s00002"]


def test_an_unusable_session_number_is_refused(archive):
    for number in range(2, 1000):
        folder = archive.root / DEVICE_ID / f"s00001-{number}"
        folder.mkdir(parents=True)
        (folder / "0000.rwl").write_bytes(b"another")
    (archive.folder(DEVICE_ID, "s00001") / "0000.rwl").write_bytes(b"another")
    offer = sync.Offer("s00001", {"0000.rwl": 3}, {"0000.rwl": "0" * 64})
    with pytest.raises(FailedError, match="999 walks"):
        sync.bring(FakeDevice(), archive, DEVICE_ID, offer, lambda _n: None)
