"""The archive: names, order in time, and the list of walks."""

import json

import pytest

from retrowalk import cli
from retrowalk.archive.archive import Archive, PartFile, write_manifest
from retrowalk.errors import UsageError

A, B = "aaaa00000001", "bbbb00000002"


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "walks")


def add(archive: Archive, device_id: str, name: str, synced: str = "2026-05-01T10:00:00+00:00", **more) -> None:
    folder = archive.folder(device_id, name)
    part = PartFile(folder / "0000.rwl")
    part.write(name.encode())
    part.finish()
    part.accept()
    write_manifest(folder, {"state": "complete", "synced_utc": synced, **more})


@pytest.mark.parametrize(
    ("device_id", "name"),
    [("..", "s00001"), (A, ".."), (A, "s1"), (A, "s00001/.."), ("AA/..", "s00001"), ("", "s00001"), (A, "s00001\n")],
)
def test_only_names_become_folders(archive, device_id, name):
    with pytest.raises(UsageError):
        archive.folder(device_id, name)
    assert not archive.root.exists()


def test_a_session_is_found_by_each_of_its_names(archive):
    add(archive, A, "s00001")
    add(archive, A, "s00002")
    add(archive, B, "s00002")
    assert archive.resolve("s00001").reference == f"{A}/s00001"
    assert archive.resolve(f"{B}/s00002").device_id == B
    assert archive.resolve(str(archive.root / A / "s00002")).name == "s00002"
    with pytest.raises(UsageError, match="2 devices have a session s00002"):
        archive.resolve("s00002")
    with pytest.raises(UsageError, match="no session 's00009'"):
        archive.resolve("s00009")


def test_last_is_the_last_in_time_whatever_its_number(archive):
    add(archive, A, "s00009", header={"utc_s": 1_700_000_000})
    add(archive, B, "s00002", header={"utc_s": 1_700_000_500})
    assert archive.resolve("last").reference == f"{B}/s00002"
    add(archive, A, "s00010", header={})  # its clock was not set: the time of its sync stands in
    assert archive.resolve("last").reference == f"{A}/s00010"


def test_an_empty_archive_says_what_to_do(archive, capsys):
    with pytest.raises(UsageError) as caught:
        archive.resolve("last")
    assert "retrowalk sync" in caught.value.next_step
    assert cli.main(["sessions", "--archive", str(archive.root)]) == 0
    told = capsys.readouterr()
    assert (told.out, "retrowalk sync" in told.err) == ("", True)


def test_a_part_counts_for_nothing(archive):
    folder = archive.folder(A, "s00001")
    part = PartFile(folder / "0000.rwl")
    part.write(b"abc")
    assert archive.sessions()[0].files() == []
    assert part.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    part.accept()
    assert [path.name for path in archive.sessions()[0].files()] == ["0000.rwl"]


def test_the_list_of_walks(archive, capsys):
    add(
        archive,
        A,
        "s00001",
        duration_s=600.0,
        step_count=400,
        backward_steps=380,
        cues=3,
        header={"utc_s": 1, "mount": "waist"},
    )
    add(archive, A, "s00002", step_count=0)
    assert cli.main(["sessions", "--archive", str(archive.root), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["session"], row["share_backward"]) for row in rows] == [("s00001", 0.95), ("s00002", None)]
    assert (rows[0]["duration_s"], rows[0]["cues"], rows[0]["mount"], rows[0]["state"]) == (
        600.0,
        3,
        "waist",
        "complete",
    )
    assert cli.main(["sessions", "--archive", str(archive.root)]) == 0
    assert "10.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": 99}', '{"format":1,"state":5,"header":[],"duration_s":"x"}']
)
def test_a_strange_manifest_stops_no_list(archive, text, capsys):
    add(archive, A, "s00001")
    (archive.root / A / "s00001" / "manifest.json").write_text(text)
    assert cli.main(["sessions", "--archive", str(archive.root)]) == 0
    assert "s00001" in capsys.readouterr().out
    assert archive.resolve("last").name == "s00001"


@pytest.mark.parametrize("reference", ["s" * 5000, "a/" * 3000, "\udcff"])
def test_a_name_that_no_file_can_have_is_no_session(archive, reference, capsys):
    add(archive, A, "s00001")
    for verb in ("verify", "plot", "analyze"):
        assert cli.main([verb, reference, "--archive", str(archive.root)]) == 2
        told = capsys.readouterr().err
        assert "There is no " in told
        assert len(told) < 400
