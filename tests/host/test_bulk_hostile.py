"""Sync with devices that speak frames and lie: an end with the right exit code and a sentence, and nothing is kept."""

import os

import pytest
from framed_device import FramedDevice
from sessions_made import make_session

from retrowalk import cli
from retrowalk.bulk import talk
from retrowalk.bulk.frames import ANSWER, DATA, REFUSAL, Frame
from retrowalk.contact import link

WALK = {(1, part): data for part, data in enumerate(make_session(1))}
FIRST = WALK[1, 0]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(link, "PATIENCE_S", 0.3)
    monkeypatch.setattr(talk, "SILENT_S", 1.5)
    monkeypatch.setattr(talk, "NOISY_S", 2.5)
    monkeypatch.setattr(talk, "_MOST_USELESS_BYTES", 100_000)


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "walks"


def sync(device, archive, *words):
    return cli.main(["sync", "--port", device.path, "--archive", str(archive), *words])


def stored(archive):
    return {(1, int(path.stem)): path.read_bytes() for path in archive.rglob("*.rwl")}


def answered(payload, kind=ANSWER, offset=0):
    return lambda _device, tag, _words: [Frame(kind, tag, offset, payload)]


def test_every_byte_comes_and_all_that_the_host_says_is_printable(archive):
    with FramedDevice(WALK) as device:
        assert sync(device, archive) == 0
        assert device.files == stored(archive) == WALK
        assert sync(device, archive, "--prune") == 0
        assert stored(archive) == WALK
        assert device.files == {}
    assert set(device.heard) <= set(range(32, 127)) | {10}, "a Ctrl-C would end the app"
    assert ["do", "verified", "1", str(sum(map(len, WALK.values())))] in device.requests


ENDLESS = iter(range(1, 1 << 30))
LIES = {
    "a greeting that is none": ({"hello": answered(b"1 ../../etc idle 0 115200 0")}, 5, "makes no sense"),
    "a greeting of nothing": ({"hello": answered(b"")}, 5, "makes no sense"),
    "rows that are none": ({"list": answered(b"1 0 x\n. 0\n")}, 5, "makes no sense"),
    "rows that go back": ({"list": answered(b"2 0 9\n1 0 9\n. 0\n")}, 5, "makes no sense"),
    "an empty page": ({"list": answered(b"")}, 5, "makes no sense"),
    "binary rows": ({"list": answered(bytes(range(256)))}, 5, "makes no sense"),
    "numbers without an end": ({"list": answered(b"1 0 " + b"9" * 900 + b"\n. 0\n")}, 5, "makes no sense"),
    "a list without an end": (
        {"list": lambda _device, tag, words: [Frame(ANSWER, tag, 0, rows_from(int(words[1])))]}, 5, "more than 20000"
    ),
    "a size that is too large": ({"list": answered(b"1 0 999999\n. 0\n")}, 5, "where the device told 999999"),
    "a size that is too small": ({"list": answered(b"1 0 100\n. 0\n")}, 5, "where the device told 100"),
    "a file that ends early": ({"get": answered(b"", DATA)}, 5, "ends at 0 bytes"),
    "bytes beyond the end": ({"get": answered(b"x" * 100, DATA, 1 << 24)}, 5, "other bytes than were asked for"),
    "a hash that is none": ({"hash": answered(b"short", offset=len(FIRST))}, 5, "where the device told"),
    "frames out of nowhere": (
        {"get": lambda _device, tag, _words: [Frame(DATA, tag ^ 0x80, 0, b"")] * 600}, 5, "nobody asked for"
    ),
    "bytes without an end": ({"get": lambda *_: [b"x" * 40_000]}, 5, "without an end"),
    "one line without an end": ({"list": lambda *_: [b'RW {"' + b"x" * 40_000]}, 5, "without an end"),
    "silence": ({"get": lambda *_: []}, 3, "stopped answering"),
    "silence after the greeting": ({"list": lambda *_: []}, 3, "stopped answering"),
    "noise": ({"get": lambda *_: [b"\xf7R\x00"]}, 1, "too damaged"),
    "other bytes with a good CRC": (
        {"get": lambda _device, tag, words: [Frame(DATA, tag, int(words[3]), bytes(int(words[4]))[:1024])]},
        1, "did not arrive intact",
    ),
    "a walk that begins": ({"get": answered(b"recording", REFUSAL)}, 4, "nothing disturbs a walk"),
    "a refusal that nobody knows": ({"list": answered(b"\x1b[31mno", REFUSAL)}, 4, "refused: [31mno"),
}  # fmt: skip


def rows_from(session):
    return b"".join(b"%d 0 9\n" % number for number in range(session + 1, session + 60))


@pytest.mark.parametrize("name", LIES)
def test_a_lie_ends_the_sync_and_nothing_is_kept(archive, capsys, name):
    lies, code, words = LIES[name]
    with FramedDevice(WALK, **lies) as device:
        assert sync(device, archive, "--prune") == code
        assert device.files == WALK
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert "\x1b" not in told
    assert stored(archive) == {}
    assert [path.name for path in archive.parent.iterdir()] == ["walks"]


@pytest.mark.parametrize("words", [(), ("--prune",)], ids=["kept", "pruned"])
def test_a_device_without_room_for_a_mark_is_synced_and_can_be_freed(archive, words):
    """A flash can be so full that not even an empty file fits; `--prune` is what frees it."""
    with FramedDevice(WALK, do=answered(b"flash_full", REFUSAL)) as device:
        assert sync(device, archive, *words) == 0
        assert device.files == ({} if words else WALK)
    assert stored(archive) == WALK


def test_wrong_bytes_once_are_sent_again(archive):
    wrong = [True]

    def lie(_device, tag, words):
        if wrong and words[3] == "0":
            wrong.clear()
            return [Frame(DATA, tag, 0, bytes(1024))]
        return None

    with FramedDevice(WALK, get=lie) as device:
        assert sync(device, archive) == 0
    assert stored(archive) == WALK


def broken_off(archive, code, lie):
    """A sync of one file of 20 kB that ends after some frames; returns the part's bytes."""
    big = {(1, 0): os.urandom(20_000)}
    with FramedDevice(big, get=lie) as device:
        assert sync(device, archive) == code
    (part,) = archive.rglob("*.part")
    return big, part


def after(offset, frames):
    """The truth up to `offset`, then that."""
    return lambda _device, tag, words: frames(tag) if int(words[3]) >= offset else None


@pytest.mark.parametrize(
    ("code", "frames"),
    [(3, lambda _tag: []), (4, lambda tag: [Frame(REFUSAL, tag, 0, b"recording")]), (1, lambda _tag: [b"\xf7R"])],
    ids=["silent", "recording", "noisy"],
)
def test_what_has_come_is_kept_and_the_next_sync_brings_the_rest_only(archive, code, frames):
    big, part = broken_off(archive, code, after(8192, frames))
    kept = part.read_bytes()
    assert kept == big[1, 0][: len(kept)]
    assert len(kept) == 8192
    with FramedDevice(big) as device:
        assert sync(device, archive) == 5, "it is no record"
        gets = [int(words[3]) for words in device.requests if words[0] == "get"]
        assert min(gets) == len(kept)
        assert ["hash", "1", "0", str(len(kept))] in device.requests
    assert stored(archive) == big
    assert not part.exists()


@pytest.mark.parametrize("harm", ["other", "longer", "open", "link"])
def test_a_part_of_anything_else_is_thrown_away(archive, tmp_path, harm):
    big, part = broken_off(archive, 3, after(8192, lambda _tag: []))
    if harm == "other":
        part.write_bytes(b"x" + part.read_bytes()[1:])
    elif harm == "longer":
        part.write_bytes(big[1, 0] + b"more")
    elif harm == "open":
        part.chmod(0o666)
    else:
        (tmp_path / "mine").write_bytes(part.read_bytes())
        part.unlink()
        part.symlink_to(tmp_path / "mine")
    with FramedDevice(big) as device:
        sync(device, archive)
        assert min(int(words[3]) for words in device.requests if words[0] == "get") == 0
    assert stored(archive) == big
    if harm == "link":
        assert (tmp_path / "mine").read_bytes() == big[1, 0][:8192]


def test_a_session_that_grew_is_not_deleted(archive):
    """What lies on the device is not what was copied: the device itself refuses."""
    with FramedDevice(WALK, drop=answered(b"differs", REFUSAL)) as device:
        assert sync(device, archive, "--prune") == 4
        assert device.files == WALK
