"""The host dies, or its disk fails, at every single operation of a sync: nothing is lost, nothing is there twice."""

import errno
import io
import os
import stat
from contextlib import redirect_stderr
from dataclasses import replace

import pytest
from broken_disk import BROKEN, FULL, READ_ONLY, BrokenDisk, Killed
from fake_device import DEVICE_ID, FakeDevice
from test_sync import run, stored, walk

from retrowalk import cli, sync
from retrowalk.archive.archive import Archive
from retrowalk.contact import remote

NOWHERE = 1 << 30


def device_of(monkeypatch) -> FakeDevice:
    fake = FakeDevice({**walk(1, n_blocks=8, per_file=9), **walk(2, n_blocks=4, per_file=9, ended=False)})
    fake.install(monkeypatch, sync)
    monkeypatch.setattr(remote, "read_facts", lambda _device: replace(fake.facts(), has_core=True))
    return fake


def operations(monkeypatch, tmp_path, *words: str) -> int:
    """How many operations an undisturbed sync takes."""
    with monkeypatch.context() as patched:
        device = device_of(patched)
        disk = BrokenDisk(NOWHERE)
        removes(patched, device, disk)
        disk.install(patched)
        assert run(Archive(tmp_path / "whole"), *words) == 0
    assert {"open", "write", "fsync", "close", "mkdir", "unlink", "replace"} <= set(disk.log)
    return disk.count


def removes(patched, device, disk) -> None:
    """The device removes file by file, each an operation at which the host can die."""
    remove = disk.wrapped("remove", device.files.pop)
    patched.setattr(remote, "remove_files", lambda _device, paths: [remove(path) for path in paths])


def check_after(device, archive, everything) -> None:
    """What is not whole on the device is whole here; the next sync finishes; verify agrees."""
    here = stored(archive)
    assert all(everything[path] == data for path, data in here.items()), "what bears its name is whole"
    assert {**here, **device.files} == everything, "a file is in neither place"
    assert run(archive, "--prune") == 0
    assert device.files == {}
    assert stored(archive) == everything
    assert [each.name for each in archive.sessions()] == ["s00001", "s00002"], "nothing is there twice"
    assert [path.name for path in archive.root.rglob("*") if path.suffix not in ("", ".rwl", ".json")] == []
    assert cli.main(["verify", "--archive", str(archive.root)]) == 0


def killed_at(monkeypatch, folder, at, done_first) -> None:
    """The host is dead at its operation `at`, before or after it was done; then all is well again."""
    archive = Archive(folder / f"walks{at}")
    device = device_of(monkeypatch)
    everything = dict(device.files)
    with monkeypatch.context() as patched:
        disk = BrokenDisk(at, done_first=done_first)
        removes(patched, device, disk)
        disk.install(patched)
        with pytest.raises(Killed):
            run(archive, "--prune")
    check_after(device, archive, everything)


def failed_at(monkeypatch, folder, at, error, lasting) -> None:
    """The disk refuses operation `at`, or all from then on; then all is well again."""
    archive = Archive(folder / f"walks{at}")
    device = device_of(monkeypatch)
    everything = dict(device.files)
    told = io.StringIO()
    with monkeypatch.context() as patched, redirect_stderr(told):
        BrokenDisk(at, error, lasting=lasting).install(patched)
        assert run(archive, "--prune") == 1
    assert "cannot be read or written" in told.getvalue() and "unforeseen" not in told.getvalue(), at
    assert device.files == everything, "nothing is deleted on the device"
    check_after(device, archive, everything)


@pytest.mark.parametrize("done_first", [False, True], ids=["before", "after"])
def test_the_host_is_killed_at_every_step(monkeypatch, tmp_path, done_first):
    n_operations = operations(monkeypatch, tmp_path, "--prune")
    assert n_operations > 40
    for at in range(n_operations):
        killed_at(monkeypatch, tmp_path, at, done_first)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(
    "error",
    [FULL, *(pytest.param(each, marks=[pytest.mark.slow, pytest.mark.long]) for each in (READ_ONLY, BROKEN))],
)
def test_the_disk_fails_at_every_step(monkeypatch, tmp_path, error, lasting):
    for at in range(operations(monkeypatch, tmp_path) - 1):  # the last one lets go of the archive's lock
        failed_at(monkeypatch, tmp_path, at, error, lasting)


def test_an_archive_that_became_read_only_still_answers(monkeypatch, tmp_path, capsys):
    archive = Archive(tmp_path / "walks")
    device = device_of(monkeypatch)
    assert run(archive) == 0
    device.files.update(walk(3, n_blocks=4))
    with monkeypatch.context() as patched:
        BrokenDisk(0, READ_ONLY).install(patched)
        assert cli.main(["sessions", "--archive", str(archive.root)]) == 0
        assert cli.main(["verify", "--archive", str(archive.root)]) == 0
        assert run(archive, "--prune") == 1
    assert "Read-only" in capsys.readouterr().err
    assert "/sessions/s00003/0000.rwl" in device.files


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_host_file_that_changes_after_its_sync_blocks_the_deletion(monkeypatch, tmp_path, harm, capsys):
    """Between the copying and the pruning of the same call: the copy is read back at the last moment."""
    archive = Archive(tmp_path / "walks")
    device = device_of(monkeypatch)
    bring = sync.bring

    def then_harm(*words):
        synced = bring(*words)
        if synced.stored.name == "s00001":
            victim = synced.stored.files()[0]
            victim.unlink() if harm == "gone" else victim.write_bytes(victim.read_bytes()[:-1] + b"\x00")
        return synced

    with monkeypatch.context() as patched:
        patched.setattr(sync, "bring", then_harm)
        assert run(archive, "--prune", "--json") == 0
    assert {path.split("/")[2] for path in device.files} == {"s00001"}
    told = capsys.readouterr()
    assert told.out.count('"pruned": true') == 1
    assert "s00001 stays on the device" in told.err
    everything = {**stored(archive), **device.files}
    assert run(archive, "--prune") == 0
    assert (device.files, stored(archive)) == ({}, everything)


def test_all_names_are_on_the_disk_before_anything_is_deleted_on_the_device(monkeypatch, tmp_path):
    """A new folder's own name, too: power may go here right after the device has let go."""
    archive = Archive(tmp_path / "walks")
    device = device_of(monkeypatch)
    on_disk, real = set(), os.fsync

    def fsync(fd: int) -> None:
        real(fd)
        on_disk.add(os.fstat(fd).st_ino)

    def remove(_device, paths) -> None:
        session = archive.root / DEVICE_ID / paths[0].split("/")[2]
        for folder in (archive.root, session.parent, session):
            assert folder.stat().st_ino in on_disk, f"{folder.name} may be lost"
        removed.extend(paths)

    removed: list[str] = []
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(remote, "remove_files", remove)
    assert run(archive, "--prune") == 0
    assert sorted(removed) == sorted(device.files)


def test_a_filesystem_that_cannot_sync_folders_is_used_all_the_same(monkeypatch, tmp_path):
    archive = Archive(tmp_path / "walks")
    device = device_of(monkeypatch)
    real = os.fsync

    def fsync(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    assert run(archive) == 0
    assert stored(archive) == device.files


def test_the_beginning_of_a_walk_is_deleted_last(monkeypatch, tmp_path):
    """A rest that a power cut leaves on the device still says what it is of, through the raw REPL as in frames."""
    removed: list[str] = []
    device = device_of(monkeypatch)
    monkeypatch.setattr(remote, "remove_files", lambda _device, paths: removed.extend(paths))
    assert run(Archive(tmp_path / "walks"), "--prune") == 0
    first = [path for path in removed if "s00001" in path]
    assert len(first) > 1
    assert first == sorted((path for path in device.files if "s00001" in path), reverse=True)
