"""Where things are, for every test."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"


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
