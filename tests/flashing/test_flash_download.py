"""Downloads, from a server on this computer: whole and right, or not kept."""

import hashlib
import socket

import pytest
from loopback import Site

from retrowalk.errors import DamagedError, FailedError
from retrowalk.flashing import download, images
from retrowalk.flashing.image_file import CHIPS
from retrowalk.virtual.image import make_image

CONTENT = make_image("esp32c3")
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(download, "_PAUSE_S", 0.01)


@pytest.fixture
def site():
    made = Site(CONTENT)
    yield made
    made.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "image.bin"


def fetch(url, path, sha256=SHA256):
    """Fetch; returns how many bytes came."""
    came: list[int] = []
    download.fetch(url, path, sha256, came.append)
    return sum(came)


def test_a_file_comes_once_and_is_then_in_the_cache(site, path):
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert fetch(f"{site.url}/a.bin", path) == 0
    assert site.asked == [("/a.bin", None)]
    path.write_bytes(b"spoilt on the disk")
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert [each.name for each in path.parent.iterdir()] == ["image.bin"]


def test_what_breaks_off_goes_on_from_there(site, path):
    site.cuts_at = [70000, 30000]
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert [wanted for _, wanted in site.asked] == [None, "bytes=70000-", "bytes=100000-"]


def test_what_came_before_a_giving_up_is_used_the_next_time_unless_the_server_cannot(site, path):
    site.cuts_at = [50000, 0, 0]
    with pytest.raises(FailedError, match="cannot be downloaded"):
        fetch(f"{site.url}/a.bin", path)
    assert not path.exists()
    assert path.with_name("image.bin.part").stat().st_size == 50000
    site.ignores_range = True
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert path.read_bytes() == CONTENT


def test_a_part_of_another_file_is_thrown_away(site, path):
    path.parent.mkdir()
    path.with_name("image.bin.part").write_bytes(b"x" * (len(CONTENT) + 5))
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert path.read_bytes() == CONTENT


def test_another_hash_is_refused_and_nothing_is_kept(site, path):
    site.content = CONTENT[:-1] + b"!"
    with pytest.raises(DamagedError, match="another SHA-256"):
        fetch(f"{site.url}/a.bin", path)
    assert list(path.parent.iterdir()) == []


def test_a_server_in_trouble_is_asked_again_and_a_missing_file_is_not(site, path):
    site.codes = [503, 500]
    assert fetch(f"{site.url}/a.bin", path) == len(CONTENT)
    assert len(site.asked) == 3
    path.unlink()
    site.codes = [404]
    with pytest.raises(FailedError, match="404") as told:
        fetch(f"{site.url}/b.bin", path)
    assert "--image FILE" in told.value.next_step
    assert len(site.asked) == 4


def test_a_server_that_is_not_there(path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FailedError, match="cannot be downloaded"):
        fetch(f"http://127.0.0.1:{port}/a.bin", path)
    with pytest.raises(FailedError, match="no web address"):
        fetch("file:///etc/passwd", path)


def test_the_proxy_of_the_environment_is_used(site, path, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", site.url)
    assert fetch("http://images.invalid/a.bin", path) == len(CONTENT)
    assert site.asked == [("http://images.invalid/a.bin", None)]


def test_the_verb_downloads_what_the_chip_needs_and_refuses_a_corrupt_one(bench_of, site):
    board = bench_of(chip="esp32c3")
    name = images.RELEASES["esp32c3"].file_name
    before = board.content()
    board.flash("--mirror", site.url, expect=5)
    assert "not the file it should be" in board.err
    assert board.content() == before
    board.ensure_micropython("--mirror", site.url, "--sha256", SHA256)
    assert [asked for asked, _ in site.asked] == [f"/{name}", f"/{name}"]
    assert board.content()[: len(CONTENT)] == CONTENT
    assert board.device.is_on


def test_the_table_has_a_row_for_each_chip_and_no_hash_that_is_none():
    assert set(images.RELEASES) == set(CHIPS)
    for chip, release in images.RELEASES.items():
        assert release.chip == chip
        assert release.file_name == f"{release.board}-20260824-v1.29.0.bin"
        assert release.sha256 is None or (len(release.sha256) == 64 and int(release.sha256, 16))
    assert images.SITE == "https://micropython.org/resources/firmware/"
