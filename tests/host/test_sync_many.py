"""Several devices, several archives, and devices that lie: nothing is mixed up, nothing leaves the archive."""

import itertools
import shutil

import fake_device
import pytest
from fake_device import FakeDevice
from test_sync import run, stored, walk

from retrowalk import cli, sync
from retrowalk.archive.archive import Archive, hashes_of

HOSTILE = [
    "/sessions/../../../evil.rwl", "/sessions/s00001/../../../0000.rwl", "/sessions//etc/passwd",
    "/sessions/s00001/0000.RWL",
    "/sessions/S00001/0000.rwl", "/sessions/CON/0000.rwl", "/sessions/s00001/NUL.rwl", "/sessions/s00001/0000.rwl:x",
    "/sessions/s00001/\x00.rwl", "/sessions/s00001/\x1b]0;x\x07.rwl", "/sessions/s00001/0000.rwl\n",
    "/sessions/s00001/" + "x" * 10_000_000, "/sessions/" + "../" * 3_000_000 + "x", "/sessions/s00001\\..\\..\\x.rwl",
    "/sessions/s00001/manifest.json", "/sessions/s00001/figures.json", "/sessions/\ud800/0000.rwl",
    "/sessions/s٠٠٠٠١/0000.rwl", "/sessions/s00001/0000.rwl.part", "/sessions/s00001-2/0000.rwl",
]  # fmt: skip


def connect(monkeypatch, device: FakeDevice, device_id: str = "0123456789ab") -> FakeDevice:
    monkeypatch.setattr(fake_device, "DEVICE_ID", device_id)
    device.install(monkeypatch, sync)
    return device


def held(archive: Archive) -> dict[str, bytes]:
    """Everything in the archive by its session's reference and file."""
    return {f"{each.reference}/{path.name}": path.read_bytes() for each in archive.sessions() for path in each.files()}


def test_two_devices_with_the_same_numbers_in_any_order(monkeypatch, tmp_path):
    ids = ("aaaa00000001", "bbbb00000002")
    walks = {ids[0]: {**walk(1), **walk(2)}, ids[1]: {**walk(1, n_blocks=7), **walk(2, ended=False)}}
    expected = {f"{i}{path.removeprefix('/sessions')}": data for i in ids for path, data in walks[i].items()}
    for n, order in enumerate(itertools.product(ids, repeat=3)):
        if set(order) == set(ids):
            archive = Archive(tmp_path / str(n))
            for device_id in order:
                connect(monkeypatch, FakeDevice(walks[device_id]), device_id)
                assert run(archive) == 0
            assert held(archive) == expected


def test_two_devices_of_one_id_share_a_folder_and_lose_nothing(monkeypatch, tmp_path):
    archive = Archive(tmp_path / "walks")
    one, other = FakeDevice(walk(1)), FakeDevice({**walk(1, n_blocks=7), **walk(2, n_blocks=5)})
    everything = sorted([*one.files.values(), *other.files.values()])
    for device in (one, other, one, other):
        connect(monkeypatch, device)
        assert run(archive) == 0
    assert sorted(held(archive).values()) == everything
    assert [each.name for each in archive.sessions()] == ["s00001", "s00001-2", "s00002"]
    for device in (one, other):
        connect(monkeypatch, device)
        assert run(archive, "--prune") == 0
        assert device.files == {}
    assert sorted(held(archive).values()) == everything


@pytest.mark.parametrize("order", list(itertools.product((0, 1), repeat=4)))
def test_one_device_and_two_archives_in_any_order(monkeypatch, tmp_path, order):
    """A new walk before each sync; both archives end with all, and only then the device is pruned."""
    archives = [Archive(tmp_path / "a"), Archive(tmp_path / "b")]
    device = connect(monkeypatch, FakeDevice(walk(1, n_blocks=5)))
    for number, which in enumerate(order, 2):
        device.files.update(walk(number, n_blocks=5))
        assert run(archives[which]) == 0
    everything = dict(device.files)
    assert run(archives[0]) == 0
    assert run(archives[1], "--prune") == 0
    assert device.files == {}
    assert [stored(each) for each in archives] == [everything, everything]


def test_an_archive_copied_to_another_host_goes_on_there(monkeypatch, tmp_path):
    device = connect(monkeypatch, FakeDevice({**walk(1), **walk(2)}))
    first, second = Archive(tmp_path / "first"), Archive(tmp_path / "second")
    assert run(first) == 0
    shutil.copytree(first.root, second.root)
    device.sent.clear()
    device.files.update(walk(3))
    assert run(second) == 0
    assert {path.split("/")[2] for path in device.sent} == {"s00003"}
    assert run(first) == 0
    assert held(first) == held(second)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_outside(monkeypatch, tmp_path, name, capsys):
    device = connect(monkeypatch, FakeDevice(walk(1)))
    device.listed[name] = 10
    archive = Archive(tmp_path / "walks")
    assert run(archive, "--prune") == 0
    assert [each.name for each in tmp_path.iterdir()] == ["walks"]
    assert stored(archive) == walk(1)
    told = capsys.readouterr()
    assert "not ours: 1" in told.err
    assert "\x1b" not in told.err + told.out
    assert len(told.err) < 1000
    assert cli.main(["verify", "--archive", str(archive.root)]) == 0


def test_a_file_without_an_end_is_refused(monkeypatch, tmp_path, capsys):
    """The list says 9000 bytes, then a gigabyte comes."""
    device = connect(monkeypatch, FakeDevice(walk(1)))
    device.listed["/sessions/s00001/0000.rwl"] = 9000
    taken = []

    def endless(_path, on_bytes, _offset):
        for _ in range(1 << 20):
            taken.append(1024)
            on_bytes(b"x" * 1024)

    monkeypatch.setattr(device, "read_file", endless)
    archive = Archive(tmp_path / "walks")
    assert run(archive, "--prune") == 5
    assert sum(taken) < 10_000
    assert "beyond the 9000 bytes" in capsys.readouterr().err
    assert [path for path in archive.root.rglob("*") if path.is_file()] == []
    assert len(device.files) == 4


def test_sizes_that_lie_the_other_way_are_not_believed(monkeypatch, tmp_path):
    device = connect(monkeypatch, FakeDevice(walk(1)))
    device.listed["/sessions/s00001/0000.rwl"] = 1 << 23
    archive = Archive(tmp_path / "walks")
    assert run(archive) == 0
    noted = archive.sessions()[0].manifest["files"]["0000.rwl"]["size"]
    assert noted == len(device.files["/sessions/s00001/0000.rwl"])


def test_a_walk_the_device_cannot_read_any_more_stays_whole_here(monkeypatch, tmp_path):
    device = connect(monkeypatch, FakeDevice(walk(1)))
    archive = Archive(tmp_path / "walks")
    assert run(archive) == 0
    device.unreadable = set(device.files)
    assert run(archive, "--prune") == 0
    assert [each.manifest["state"] for each in archive.sessions()] == ["complete"]
    assert len(device.files) == 4, "and nothing is deleted"


def test_another_walk_that_cannot_be_read_does_not_spoil_an_older_one(monkeypatch, tmp_path):
    archive = Archive(tmp_path / "walks")
    connect(monkeypatch, FakeDevice(walk(1)))
    assert run(archive) == 0
    device = connect(monkeypatch, FakeDevice(walk(1, n_blocks=6)))
    device.unreadable = set(device.files)
    assert run(archive) == 5
    assert archive.sessions()[0].manifest["state"] == "complete"


def test_a_manifest_of_another_walk_costs_no_walk(monkeypatch, tmp_path):
    """The manifest says that here lies the walk now offered; the files are a whole older one: both are kept."""
    archive = Archive(tmp_path / "walks")
    other = Archive(tmp_path / "other")
    connect(monkeypatch, FakeDevice(walk(1, n_blocks=4)))
    assert run(archive) == 0
    older = archive.sessions()[0].files()[0].read_bytes()
    connect(monkeypatch, FakeDevice(walk(1)))
    assert run(other) == 0
    shutil.copy(other.sessions()[0].path / "manifest.json", archive.sessions()[0].path / "manifest.json")
    assert run(archive) == 0
    assert older in [path.read_bytes() for path in archive.root.rglob("*.rwl*")]
    assert set(walk(1).values()) <= set(held(archive).values())


def test_a_sync_cut_between_a_file_and_its_manifest_is_noted_by_the_next(monkeypatch, tmp_path):
    archive = Archive(tmp_path / "walks")
    device = connect(monkeypatch, FakeDevice(walk(1, ended=False)))
    last = max(device.files)
    data = device.files.pop(last)
    assert run(archive) == 0
    device.files[last] = data
    (archive.sessions()[0].path / last.rpartition("/")[2]).write_bytes(data)
    assert run(archive) == 0
    assert last.rpartition("/")[2] in hashes_of(archive.sessions()[0].manifest)


def test_a_part_that_was_left_behind_open_or_as_a_link_is_not_written_through(monkeypatch, tmp_path):
    archive = Archive(tmp_path / "walks")
    device = connect(monkeypatch, FakeDevice(walk(1)))
    folder = archive.folder(fake_device.DEVICE_ID, "s00001")
    (tmp_path / "mine").write_text("mine")
    (folder / "0000.rwl.part").symlink_to(tmp_path / "mine")
    (folder / "0001.rwl.part").write_text("left")
    (folder / "0001.rwl.part").chmod(0o666)
    assert run(archive) == 0
    assert (tmp_path / "mine").read_text() == "mine"
    assert stored(archive) == device.files
    assert {path.lstat().st_mode & 0o177 for path in folder.iterdir()} == {0}
