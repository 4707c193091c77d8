"""Where things are, for every test."""

from pathlib import Path

import pytest
from clip import Clip

from retrowalk.virtual.device import VirtualDevice

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"


def pytest_addoption(parser):
    """`--device PORT`: the tests in tests/device run on the board there, instead of on a virtual one."""
    parser.addoption("--device", metavar="PORT", help="a real board for the tests in tests/device")


def pytest_collection_modifyitems(items):
    """The fast ones first."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def root():
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def recorded():
    """The folder of recorded walks; the test skips, loudly, where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"RECORDED WALKS ABSENT: {DATA} is not there, so nothing was tested on real walks")
    return DATA


@pytest.fixture(scope="session")
def recorded_set(recorded):
    """The folder of one set of recorded walks, by its name; the test skips, loudly, where it is absent."""

    def folder_of(name):
        folder = recorded / name
        if not folder.is_dir():
            pytest.skip(f"RECORDED WALKS ABSENT: {folder} is not there, so nothing was tested on it")
        return folder

    return folder_of


@pytest.fixture(autouse=True)
def own_registry(tmp_path_factory, monkeypatch):
    """Running virtual devices are listed for this test only: two tests never see each other's boards."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))


@pytest.fixture
def clip(tmp_path):
    """A virtual device with the app on it, idle, at 25 times the speed of life."""
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=25) as device:
        made = Clip(device, tmp_path / "archive")
        made.wait_state("idle")
        yield made


@pytest.fixture
def worn(clip):
    """The same, calibrated at the waist, for its first session."""
    clip.calibrate()
    return clip


@pytest.fixture
def coached(worn):
    """The same, and its wearer is used to it: cues are given from now on."""
    worn.put_settings({"first_sessions": 0})
    return worn


@pytest.fixture
def clip_class():
    """For tests that make virtual devices of their own."""
    return Clip
