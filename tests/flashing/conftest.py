"""Bare chips, and `retrowalk flash` on them as a user calls it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from retrowalk import cli
from retrowalk.contact import ports
from retrowalk.contact.link import Link
from retrowalk.flashing import micropython
from retrowalk.virtual.bare import BareChip
from retrowalk.virtual.image import make_image

FILES_BEGIN = 0x200000


@dataclass
class Bench:
    """One bare chip, and what the verbs said last."""

    device: BareChip
    flash_file: Path
    capsys: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    @property
    def port(self):
        return str(self.device.port)

    def flash(self, *words, expect=0, yes=True):
        """Run `retrowalk flash` on the chip; keeps and returns what it printed."""
        self.capsys.readouterr()
        code = cli.main(["flash", "--port", self.port, *map(str, words), *(["--yes"] if yes else [])])
        self.out, self.err = self.capsys.readouterr()
        assert code == expect, f"left with {code}: {self.out} {self.err}"
        assert "Traceback" not in self.err
        return self.out

    def ensure_micropython(self, *words):
        """Only the first half of the verb: MicroPython on the chip, without the app."""
        args = cli.build_parser("flash").parse_args(["--port", self.port, "--yes", *map(str, words)])
        return micropython.ensure(ports.choose_port(self.port), args)

    def content(self):
        """The whole flash."""
        return self.flash_file.read_bytes()

    def files(self):
        """The partition of the files."""
        return self.content()[FILES_BEGIN:]

    def revive(self, into_loader=False):
        """Put the cable in again: power on, after a cut; with BOOT held, if the loader is wanted."""
        self.device.replug()
        self.device.hold_button(into_loader)
        self.device.start()
        self.device.hold_button(False)


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    """Cache and archive of these tests; nobody at the terminal."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RETROWALK_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)


@pytest.fixture
def bench_of(tmp_path, capsys):
    """Makes benches; the devices are ended with the test."""
    made = []

    def make(content: bytes | Path | None = None, chip="esp32s3"):
        path = tmp_path / f"chip{len(made)}.bin"
        if isinstance(content, Path):
            shutil.copy(content, path)
        elif content is not None:
            path.write_bytes(content.ljust(4 << 20, b"\xff"))
        device = BareChip(path, tmp_path / f"port{len(made)}", chip=chip, speed=25)
        made.append(device.start())
        return Bench(device, path, capsys)

    yield make
    for device in made:
        device.close()


@pytest.fixture
def bare(bench_of):
    """A chip with erased flash."""
    return bench_of()


@pytest.fixture(scope="session")
def flashed_file(tmp_path_factory):
    """The flash of a chip that is a Retrowalk."""
    folder = tmp_path_factory.mktemp("flashed")
    path = folder / "chip.bin"
    path.write_bytes(make_image().ljust(4 << 20, b"\xff"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        with BareChip(path, folder / "port", speed=25, is_empty=False) as device:
            assert device.wait_until(lambda: _app_answers(device.port), 30)
    return path


def _app_answers(port):
    with Link(str(port)) as link:
        return link.identify(interrupt=False).status is not None


@pytest.fixture
def flashed(bench_of, flashed_file):
    """A chip that is a Retrowalk already."""
    return bench_of(flashed_file)
