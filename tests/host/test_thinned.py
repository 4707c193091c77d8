"""A walk whose raw samples the device took out to make room: it never replaces the fuller copy, and it says so."""

from __future__ import annotations

import json

import pytest
import sessions_made
from fake_device import FakeDevice
from sessions_made import make_session
from thinned_made import thin

from retrogait import record
from retrowalk import cli, sync
from retrowalk.archive.archive import Archive
from retrowalk.session_files.contents import read_contents


def walk(number: int, **options) -> dict[str, bytes]:
    files = make_session(number, **options)
    return {f"/sessions/s{number:05d}/{i:04d}.rwl": data for i, data in enumerate(files)}


@pytest.fixture
def device(monkeypatch):
    fake = FakeDevice({**walk(1), **walk(2)})
    fake.install(monkeypatch, sync)
    return fake


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "walks")


def run(archive, verb: str, *words: str) -> int:
    port = ["--port", "/dev/fake"] if verb == "sync" else []
    return cli.main([verb, *port, "--archive", str(archive.root), *words])


def stored(archive) -> dict[str, bytes]:
    return {
        f"/sessions/{session.name}/{path.name}": path.read_bytes()
        for session in archive.sessions()
        for path in session.files()
    }


def told(archive, capsys, verb: str, *words: str, code: int = 0):
    capsys.readouterr()
    assert run(archive, verb, "--json", *words) == code
    return json.loads(capsys.readouterr().out)


def test_a_sync_marks_what_it_has_verified_on_the_device(device, archive):
    assert run(archive, "sync") == 0
    assert device.marks == {"/sessions/s00001/verified", "/sessions/s00002/verified"}


@pytest.mark.parametrize("n_thinned", [1, 2, 4])
def test_the_fuller_copy_stays_and_nothing_is_mixed(device, archive, capsys, n_thinned):
    run(archive, "sync")
    full = stored(archive)
    ours = sorted(path for path in device.files if "s00001" in path)
    thinnable = [path for path in ours if any(b.kind == 2 for b in record.read_blocks(device.files[path]))]
    for path in thinnable[:n_thinned]:
        device.files[path] = thin(device.files[path])
    first, second = told(archive, capsys, "sync")["sessions"]
    assert (first["state"], first["samples"], first["thinned_on_device"]) == ("complete", "all", True)
    assert (second["samples"], second["thinned_on_device"]) == ("all", False)
    assert stored(archive) == full
    assert [each["state"] for each in told(archive, capsys, "verify")["sessions"]] == ["ok", "ok"]
    device.sent.clear()
    assert run(archive, "sync") == 0
    assert device.sent == [], "what is known to be thinned is not sent again"
    assert "had it, thinned on the device" in capsys.readouterr().out
    assert run(archive, "sync", "--prune") == 0
    assert device.files == {} and stored(archive) == full


def test_a_walk_that_comes_thinned_the_first_time_says_so_everywhere(device, archive, capsys):
    for path in [path for path in device.files if "s00001" in path]:
        if any(b.kind == 2 for b in record.read_blocks(device.files[path])):
            device.files[path] = thin(device.files[path])
    first, second = told(archive, capsys, "sync")["sessions"]
    assert (first["state"], first["samples"], first["thinned_on_device"]) == ("complete", "thinned", False)
    assert first["step_count"] == 30 and first["damage"] == [] and first["missing_s"] == 0
    assert first["thinned_s"] == pytest.approx(30 * 84 / 104, abs=0.06)
    assert first["duration_s"] == second["duration_s"]
    check, whole = told(archive, capsys, "verify")["sessions"]
    assert (check["state"], check["samples"], whole["samples"]) == ("ok", "thinned", "all")
    row, other = told(archive, capsys, "sessions")
    assert (row["state"], row["samples"], other["samples"]) == ("complete", "thinned", "all")
    run(archive, "sessions")
    run(archive, "verify")
    run(archive, "sync")
    assert capsys.readouterr().out.count("thinned") >= 3


def test_a_block_that_is_lost_beside_the_thinned_ones_is_damage():
    data = thin(make_session(1, n_blocks=8, per_file=100)[0])
    blocks = list(record.read_blocks(data))
    lost = [block for block in blocks if block.kind == record.EVENTS][2]
    end = lost.offset + record.HEAD_BYTES + len(lost.payload) + record.CRC_BYTES
    damage = contents_of(data[: lost.offset] + data[end:]).damage
    assert [(each["kind"], each["n"]) for each in damage] == [("blocks missing", 1)]
    assert contents_of(data).damage == []


@pytest.mark.parametrize(
    "note", ["[]", '{"end_sequence": -5}', '{"blocks": 1e9, "spans": [[5, 1], "x", [0, true]]}', "{"]
)
def test_a_note_of_nonsense_never_fails_the_reader(note):
    writer = record.BlockWriter(1, 64)
    writer.begin(record.THINNED, 0)
    writer.add_bytes(note.encode())
    seen = contents_of(bytes(writer.finish()))
    assert seen.thinned_spans == [] and seen.thinned_samples == 0


def test_another_walk_of_the_same_number_goes_beside_even_if_it_is_thinned(device, archive, monkeypatch):
    run(archive, "sync")
    full = stored(archive)
    monkeypatch.setitem(sessions_made.HEADER, "utc_s", 1790000000)
    device.files = {path: thin(data) for path, data in walk(1, n_blocks=31, per_file=70).items()}
    device.marks.clear()
    assert run(archive, "sync") == 0
    assert [session.name for session in archive.sessions()] == ["s00001", "s00001-2", "s00002"]
    assert all(stored(archive)[path] == data for path, data in full.items())


def contents_of(data: bytes):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "0000.rwl"
        path.write_bytes(data)
        return read_contents([path])


def test_a_walk_cut_before_anything_was_kept_is_empty_and_not_damaged(device, archive, capsys):
    """The device in safe mode has not removed it yet."""
    device.files["/sessions/s00003/0000.rwl"] = b""
    *_, empty = told(archive, capsys, "sync")["sessions"]
    assert (empty["state"], empty["damage"], empty["step_count"]) == ("interrupted", [], 0)
    assert run(archive, "verify") == 0
