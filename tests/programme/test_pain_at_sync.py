"""Sync asks how strong the pain was after a walk that was stopped for it, and says the command where nobody answers."""

import io
import json
import sys

import pytest
from plans_made import DEVICE, NO

from retrowalk import cli
from retrowalk.archive.archive import Archive, StoredSession
from retrowalk.programme.pain import after_sync
from retrowalk.session_files.contents import Contents
from retrowalk.syncing.transfer import Offer, Synced


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def came(archive: Archive, reason: str = "pain", new_files: int = 1) -> Synced:
    contents = Contents()
    contents.end = {"reason": reason}
    stored = StoredSession(DEVICE, "s00003", archive.root / DEVICE / "s00003", {})
    return Synced(Offer("s00003", {}, {}), stored, contents, new_files, 0)


@pytest.fixture
def archive(tmp_path):
    found = Archive(tmp_path)
    assert (
        cli.main(["plan", "start", "--name", "A", "--answers", NO, "--device", DEVICE, "--archive", str(tmp_path)]) == 0
    )
    return found


def pains(archive: Archive) -> dict:
    return json.loads((archive.root / "plans" / "a.json").read_text())["pains"]


def answer(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(text))


def test_the_answer_is_kept_in_the_plan(archive, monkeypatch, capsys):
    answer(monkeypatch, "eleven\n12\n6\n")
    after_sync(archive, DEVICE, [came(archive)], may_ask=True)
    assert pains(archive)[f"{DEVICE}/s00003"]["score"] == 6
    assert capsys.readouterr().err.count("from 0 (none) to 10") == 5


@pytest.mark.parametrize("text", ["", "\n", "a\nb\nc\n5\n"])
def test_no_answer_says_the_command(archive, monkeypatch, capsys, text):
    answer(monkeypatch, text)
    after_sync(archive, DEVICE, [came(archive)], may_ask=True)
    assert pains(archive) == {}
    assert f"`retrowalk plan pain {DEVICE}/s00003 SCORE`" in capsys.readouterr().err


def test_json_and_pipes_are_never_asked(archive, monkeypatch, capsys):
    answer(monkeypatch, "6\n")
    after_sync(archive, DEVICE, [came(archive)], may_ask=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("6\n"))
    after_sync(archive, DEVICE, [came(archive)], may_ask=True)
    assert pains(archive) == {}
    assert capsys.readouterr().err.count("SCORE") == 2


@pytest.mark.parametrize("synced", [{"reason": "button"}, {"new_files": 0}])
def test_other_walks_and_those_of_an_earlier_sync_are_not_asked_about(archive, monkeypatch, capsys, synced):
    answer(monkeypatch, "6\n")
    capsys.readouterr()
    after_sync(archive, DEVICE, [came(archive, **synced)], may_ask=True)
    assert (pains(archive), capsys.readouterr().err) == ({}, "")


def test_without_a_plan_the_way_is_told(tmp_path, monkeypatch, capsys):
    answer(monkeypatch, "6\n")
    after_sync(Archive(tmp_path), DEVICE, [came(Archive(tmp_path))], may_ask=True)
    assert "`retrowalk plan start`" in capsys.readouterr().err


def test_a_damaged_plan_does_not_stop_the_sync(archive, monkeypatch, capsys):
    (archive.root / "plans" / "a.json").write_text("{")
    answer(monkeypatch, "6\n")
    after_sync(archive, DEVICE, [came(archive)], may_ask=True)
    told = capsys.readouterr().err
    assert "a.json cannot be used" in told and "SCORE" in told
