"""The walker of the tests of the plan."""

import pytest
from plans_made import Walker


@pytest.fixture
def walker(tmp_path, monkeypatch, capsys):
    """Nobody has walked yet; it is Monday, the 2nd of March 2026."""
    return Walker(tmp_path / "walks", monkeypatch, capsys)
