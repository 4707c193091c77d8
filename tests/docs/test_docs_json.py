"""The page on `--json` names the fields that the verbs print, and no others."""

import json
import re
import sys
from pathlib import Path

import pytest

from retrowalk import cli, devices, doctor, sync
from retrowalk.archive.archive import Archive
from retrowalk.checking.finding import OK, Finding
from retrowalk.contact.ports import Port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "tests" / "host"))


def named(heading):
    """The names in the first column below a heading."""
    part = re.split(r"\n##+ ", PAGE.partition(f"# {heading}\n")[2])[0]
    cells = [line.split(" | ")[0] for line in part.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.fixture
def printed(monkeypatch, tmp_path, capsys):
    """What a verb prints about an archive into which two walks are synced."""
    from fake_device import FakeDevice
    from test_sync import run, walk

    FakeDevice({**walk(1), **walk(2)}).install(monkeypatch, sync)
    assert run(Archive(tmp_path / "walks")) == 0
    capsys.readouterr()

    def call(*words):
        assert cli.main([*words, "--archive", str(tmp_path / "walks"), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize(("verb", "options"), [("sync", ["--port", "/dev/fake"]), ("verify", [])])
def test_a_verb_with_rows(printed, verb, options):
    told = printed(verb, *options)
    assert set(told) == named(verb)
    assert [set(row) for row in told["sessions"]] == [named(f"A row of {verb}")] * 2


def test_sessions(printed):
    assert [set(row) for row in printed("sessions")] == [named("sessions")] * 2


def test_devices():
    from scripted import ScriptedPort, answer

    with ScriptedPort(lambda heard: answer() if b"rw status" in heard else b"") as port:
        told = devices.describe(Port(port.path, "named", None, "a test's"))
    assert told["answers"] == "retrowalk"
    assert set(told) == named("devices")


def test_doctor(monkeypatch, capsys):
    finding = Finding("x", OK, "well")
    monkeypatch.setattr(doctor, "emit_json", lambda told: written.append(told))
    written = []
    cli.main(["doctor", "--port", "/dev/nowhere", "--json"])
    assert set(written[0]) == named("doctor")
    assert set(finding.as_json()) == named("A row of doctor")
