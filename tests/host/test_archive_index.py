"""The index is a cache: whatever becomes of it, the list is the one that the files give."""

import json
import random
import shutil
import sqlite3
import stat

import pytest
from test_archive import A, B, add

from retrowalk import cli
from retrowalk.archive import archive_index
from retrowalk.archive.archive import Archive, write_manifest
from retrowalk.archive.archive_index import INDEX, rows_of
from retrowalk.archive.session_row import row_of


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "walks")
    add(made, A, "s00001", header={"utc_s": 1_777_000_000, "mount": "waist"}, duration_s=61.5, step_count=70, cues=2)
    add(made, A, "s00002", header={}, step_count=8, backward_steps=6)
    add(made, B, "s00001", header={"utc_s": 1_700_000_000}, files={"0000.rwl": {"size": 6, "sha256": "ab" * 32}})
    return made


def truth(archive):
    return sorted((row_of(each) for each in archive.sessions()), key=lambda row: row.when)


def listed(archive, capsys, *words):
    capsys.readouterr()
    assert cli.main(["sessions", "--json", "--archive", str(archive.root), *words]) == 0
    return [(each["device_id"], each["session"]) for each in json.loads(capsys.readouterr().out)]


def test_the_index_says_what_the_files_say(archive):
    for _ in range(2):
        assert rows_of(archive) == truth(archive)
    assert stat.S_IMODE((archive.root / INDEX).stat().st_mode) == 0o600
    with sqlite3.connect(archive.root / INDEX) as index:
        found = index.execute("SELECT device_id, session, step_count, hashes FROM session ORDER BY 1, 2").fetchall()
    assert found == [(A, "s00001", 70, ""), (A, "s00002", 8, ""), (B, "s00001", 0, "ab" * 32)]


def test_a_second_list_reads_no_manifest(archive, monkeypatch):
    rows = rows_of(archive)
    monkeypatch.setattr(archive_index, "read_manifest", lambda _folder: pytest.fail("read again"))
    assert rows_of(archive) == rows


def test_what_changes_in_the_files_is_in_the_next_list(archive):
    rows_of(archive)
    add(archive, A, "s00003", step_count=5)
    shutil.rmtree(archive.root / B / "s00001")
    shutil.copytree(archive.root / A / "s00001", archive.root / B / "s00007")  # by hand
    write_manifest(archive.root / A / "s00002", {"step_count": 9, "state": "complete"})
    (archive.root / A / "s00001" / "manifest.json").unlink()
    for _ in range(2):
        assert rows_of(archive) == truth(archive)


@pytest.mark.parametrize("harm", [b"", b"garbage" * 999, b"SQLite format 3\0" + b"\xff" * 5000])
def test_garbage_is_built_anew(archive, harm):
    rows_of(archive)
    (archive.root / INDEX).write_bytes(harm)
    assert rows_of(archive) == truth(archive)
    with sqlite3.connect(archive.root / INDEX) as index:
        assert index.execute("SELECT COUNT(*) FROM session").fetchone() == (3,)


def test_flipped_bytes_never_become_a_wrong_list(archive):
    """400 flips at random places, and a cut at every 512 bytes."""
    rows_of(archive)
    path, expected = archive.root / INDEX, truth(archive)
    good = path.read_bytes()
    rng = random.Random(5)
    for _ in range(400):
        at = rng.randrange(len(good))
        path.write_bytes(good[:at] + bytes([good[at] ^ rng.randrange(1, 256)]) + good[at + 1 :])
        assert rows_of(archive) == expected
    for end in range(0, len(good), 512):
        path.write_bytes(good[:end])
        assert rows_of(archive) == expected


def test_another_version_another_table_a_folder_and_a_link(archive, tmp_path):
    path, expected = archive.root / INDEX, truth(archive)
    rows_of(archive)
    for change in ("PRAGMA user_version = 99", "DROP TABLE session", "ALTER TABLE session ADD COLUMN more"):
        with sqlite3.connect(path) as index:
            index.execute(change)
        assert rows_of(archive) == expected
    path.unlink()
    (tmp_path / "elsewhere").write_text("mine")
    path.symlink_to(tmp_path / "elsewhere")
    assert rows_of(archive) == expected
    assert (tmp_path / "elsewhere").read_text() == "mine"
    path.unlink()
    path.mkdir()
    assert rows_of(archive) == expected


@pytest.mark.parametrize("mode", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_locked_index_is_passed_by(archive, mode):
    rows_of(archive)
    add(archive, A, "s00004", step_count=1)
    other = sqlite3.connect(archive.root / INDEX, isolation_level=None)
    other.execute(f"BEGIN {mode}")
    assert rows_of(archive) == truth(archive)
    other.close()
    assert rows_of(archive) == truth(archive)


def test_an_archive_copied_to_another_host_lists_the_same(archive, tmp_path):
    rows = rows_of(archive)
    copy = Archive(tmp_path / "other host")
    shutil.copytree(archive.root, copy.root)
    assert rows_of(copy) == rows
    add(copy, A, "s00009")
    assert rows_of(copy) == truth(copy)
    assert rows_of(archive) == rows


def test_the_list_is_in_order_of_time_and_can_be_narrowed(archive, capsys):
    everything = [(B, "s00001"), (A, "s00001"), (A, "s00002")]
    assert listed(archive, capsys) == everything
    assert listed(archive, capsys, "--device", A) == everything[1:]
    assert listed(archive, capsys, "--limit", "1") == everything[2:]
    assert listed(archive, capsys, "--since", "2026-04-01") == everything[1:]
    assert listed(archive, capsys, "--since", "2026-04-01", "--limit", "1", "--device", B) == []
    for wrong in (("--limit", "0"), ("--limit", "x"), ("--since", "yesterday"), ("--since", "2026-13-01")):
        assert cli.main(["sessions", "--archive", str(archive.root), *wrong]) == 2
