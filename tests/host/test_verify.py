"""verify: what it calls ok, damaged, unverified, strange and too open; what --repair mends, never a record."""

import json
import os
import stat

import pytest
from broken_disk import BrokenDisk, Killed
from fake_device import DEVICE_ID, FakeDevice
from test_sync import run, stored, walk

from retrowalk import cli, sync
from retrowalk.archive.archive import Archive
from retrowalk.archive.archive_lock import locked


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Two synced walks: s00001 complete, s00002 without an end."""
    made = Archive(tmp_path / "walks")
    FakeDevice({**walk(1), **walk(2, ended=False)}).install(monkeypatch, sync)
    assert run(made) == 0
    return made


@pytest.fixture
def verify(archive, capsys):
    """Run verify --json: (exit code, what it told)."""
    capsys.readouterr()

    def call(*words: str) -> tuple[int, dict]:
        code = cli.main(["verify", "--archive", str(archive.root), "--json", *words])
        return code, json.loads(capsys.readouterr().out)

    return call


def states(told: dict) -> list[str]:
    return [each["state"] for each in told["sessions"]]


def test_an_archive_as_sync_leaves_it_is_ok(archive, verify):
    code, told = verify()
    assert (code, states(told), told["strange"], told["too_open"]) == (0, ["ok", "ok"], [], [])
    assert not any(each["damage"] or each["strange"] or each["too_open"] for each in told["sessions"])


def test_a_flipped_bit_anywhere_is_damage(archive, verify):
    """In 60 places of a record file, the header's, a sample's and the end's among them."""
    path = archive.sessions()[0].files()[1]
    good = path.read_bytes()
    for at in [*range(0, len(good), len(good) // 58), len(good) - 1]:
        path.write_bytes(good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :])
        code, told = verify("s00001")
        assert code == 5
        kinds = {each["kind"] for each in told["sessions"][0]["damage"]}
        assert "changed since it was verified" in kinds
        assert kinds & {"corrupt bytes", "blocks missing"}
    path.write_bytes(good)
    assert verify()[0] == 0


def test_it_says_where_and_which_time_is_missing(archive, verify, capsys):
    path = archive.sessions()[0].files()[1]
    data = path.read_bytes()
    path.write_bytes(data[:3000] + b"\x00\x00" + data[3002:])
    code, told = verify()
    assert (code, states(told)) == (5, ["damaged", "ok"])
    found = told["sessions"][0]
    corrupt = next(each for each in found["damage"] if each["kind"] == "corrupt bytes")
    assert corrupt["file"] == "0001.rwl"
    assert corrupt["at_byte"] <= 3000 < corrupt["at_byte"] + corrupt["n"]
    ((start, end),) = found["missing_spans_s"]
    assert end - start == pytest.approx(84 / 104, abs=0.02)
    assert cli.main(["verify", "--archive", str(archive.root)]) == 5
    shown = capsys.readouterr()
    assert f"missing from {start:g} to {end:g} s" in shown.err
    assert "retrowalk sync" in shown.err


def test_samples_lost_right_before_the_end_are_missing_too(archive, verify):
    path = next(each for each in reversed(archive.sessions()[0].files()) if b"RW\x02" in each.read_bytes())
    data = path.read_bytes()
    last = data.rindex(b"RW\x02")
    path.write_bytes(data[: last + 40] + b"\xff\xff\xff" + data[last + 43 :])
    span_s = [round(29 * 84 / 104, 2), round(30 * 84 / 104, 2)]
    assert verify("s00001")[1]["sessions"][0]["missing_spans_s"] == [span_s]


def test_a_file_that_is_gone_is_damage(archive, verify):
    archive.sessions()[1].files()[-1].unlink()
    code, told = verify()
    assert (code, states(told)) == (5, ["ok", "damaged"])
    assert {"file": "0003.rwl", "kind": "gone"} in told["sessions"][1]["damage"]


def test_what_bears_a_record_files_name_and_is_none_is_strange_and_never_read(archive, verify):
    """A FIFO: to open it would wait for ever."""
    path = archive.sessions()[0].files()[1]
    path.unlink()
    os.mkfifo(path, 0o600)
    code, told = verify()
    assert (code, states(told)) == (5, ["damaged", "ok"])
    assert told["sessions"][0]["damage"][0] == {"file": path.name, "kind": "gone"}
    assert told["sessions"][0]["strange"] == [path.name]


def test_a_lost_manifest_is_unverified_and_written_anew(archive, verify):
    session = archive.sessions()[0]
    good = session.manifest
    before = stored(archive)
    (session.path / "manifest.json").unlink()
    code, told = verify()
    assert (code, states(told)) == (0, ["unverified", "ok"])
    code, told = verify("--repair")
    assert (code, states(told)) == (0, ["ok", "ok"])
    assert told["sessions"][0]["repaired"] == ["manifest written anew from the files"]
    made = archive.sessions()[0].manifest
    assert made.pop("recreated") is True
    assert made["began"]["source"] == "unknown"
    assert {**made, "synced_utc": ""} == {**good, "synced_utc": ""}
    assert stored(archive) == before
    assert run(archive) == 0, "the device confirms it"
    assert "recreated" not in archive.sessions()[0].manifest


def test_a_repair_waits_for_no_sync_and_disturbs_none(archive, verify, capsys):
    (archive.sessions()[0].path / "manifest.json").unlink()
    with locked(archive):
        assert cli.main(["verify", "--repair", "--archive", str(archive.root)]) == 4
        assert "Another sync" in capsys.readouterr().err
        assert states(verify()[1]) == ["unverified", "ok"], "to look is always allowed"
    assert states(verify("--repair")[1]) == ["ok", "ok"]


def test_repair_changes_no_record_and_hides_no_damage(archive, verify):
    session = archive.sessions()[0]
    path = session.files()[0]
    path.write_bytes(path.read_bytes()[:-9])
    before = stored(archive)
    manifest = (session.path / "manifest.json").read_bytes()
    assert verify("--repair")[0] == 5
    assert stored(archive) == before
    assert (session.path / "manifest.json").read_bytes() == manifest
    (session.path / "manifest.json").unlink()
    assert verify("--repair")[0] == 5
    assert verify()[0] == 5


def test_a_repair_that_is_killed_anywhere_costs_no_record(archive, verify, monkeypatch):
    before = stored(archive)
    manifest = archive.sessions()[0].path / "manifest.json"
    killed = 0
    for at in range(50):
        manifest.unlink()
        with monkeypatch.context() as patched:
            BrokenDisk(at).install(patched)
            try:
                cli.main(["verify", "--repair", "--archive", str(archive.root)])
            except Killed:
                killed += 1
            else:
                break
        assert stored(archive) == before
        code, told = verify("--repair")
        assert (code, states(told)) == (0, ["ok", "ok"])
    assert 5 <= killed < 50
    assert cli.main(["verify", "--archive", str(archive.root)]) == 0


def test_many_holes_are_told_in_one_line_of_a_bounded_length(archive, verify, capsys):
    for path in archive.sessions()[0].files():
        data = bytearray(path.read_bytes())
        for at in range(500, len(data), 2200):
            data[at] ^= 1
        path.write_bytes(bytes(data))
    assert len(verify("s00001")[1]["sessions"][0]["missing_spans_s"]) > 5
    assert cli.main(["verify", "s00001", "--archive", str(archive.root)]) == 5
    told = capsys.readouterr().err
    assert "more spans" in told
    assert len(told) < 1000


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_open_permissions_are_told_and_closed(archive, verify):
    session = archive.sessions()[0]
    clock = session.path.parent / "clock.json"
    clock.write_text("{}")
    opened = [archive.root, clock, session.path, session.files()[0], session.path / "manifest.json"]
    for path in opened:
        path.chmod(0o755 if path.is_dir() else 0o644)
    code, told = verify()
    assert (code, told["too_open"]) == (0, [str(archive.root), str(clock)])
    assert told["sessions"][0]["too_open"] == ["s00001", "0000.rwl", "manifest.json"]
    assert "permissions closed" in verify("--repair")[1]["sessions"][0]["repaired"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in opened] == [0o700, 0o600, 0o700, 0o600, 0o600]
    assert verify()[1]["too_open"] == []


def test_strange_names_are_shown_safely_and_left_alone(archive, verify):
    session = archive.sessions()[0]
    (session.path / "\x1b[31mevil\n.rwl").write_text("x")
    (session.path / "0009.rwl.part").write_text("x")
    (session.path / "0008.rwl").symlink_to("/nowhere")
    (archive.root / "CON").mkdir()
    (archive.root / DEVICE_ID / "S00001").mkdir()
    code, told = verify("--repair")
    assert code == 5, "a record that cannot be read"
    assert sorted(told["strange"]) == [f"{DEVICE_ID}/S00001", "CON"]
    assert len(told["sessions"][0]["strange"]) == 3
    assert "\x1b" not in json.dumps(told, ensure_ascii=False)
    assert (session.path / "0009.rwl.part").exists()


@pytest.mark.parametrize(
    "lie",
    [
        {"files": {"0000.rwl": {"sha256": "0" * 64, "size": 1}}},
        {"files": {"../../../etc/passwd": {"sha256": "0" * 64}, "0000.rwl": 7}},
        {"files": []},
        {"files": None, "damage": [{"file": "../x", "kind": "unreadable on the device"}, 3]},
        {"header": "x", "duration_s": 1e400, "step_count": -1, "synced_utc": ["x"]},
        {"header": {"utc_s": 10**40, "mount": []}, "duration_s": True, "state": {}},
        {"device_id": "ffff00000000", "session": "s99999", "format": 1},
    ],
)
def test_a_manifest_that_lies_stops_nothing_and_is_found_out(archive, verify, lie, capsys):
    before = stored(archive)
    path = archive.sessions()[0].path / "manifest.json"
    good = json.loads(path.read_text())
    path.write_text(json.dumps({**good, **lie}))
    code, told = verify()
    assert code in (0, 5)
    if "files" in lie:
        assert states(told)[0] in ("damaged", "unverified")
    for words in (["sessions"], ["sessions", "--json"]):
        assert cli.main([*words, "--archive", str(archive.root)]) == 0
    assert archive.resolve("last").reference.startswith(DEVICE_ID)
    assert "unforeseen" not in capsys.readouterr().err
    assert run(archive) == 0
    assert stored(archive) == before
    renewed = json.loads(path.read_text())
    assert {**renewed, "synced_utc": ""} == {**good, "synced_utc": ""}, "the next sync sets it right"


def test_a_manifest_nested_without_end_is_none(archive, verify):
    (archive.sessions()[0].path / "manifest.json").write_text("[" * 200_000)
    assert states(verify()[1])[0] == "unverified"


def test_an_empty_archive_is_no_error(tmp_path, capsys):
    assert cli.main(["verify", "--archive", str(tmp_path / "none")]) == 0
    assert "retrowalk sync" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
