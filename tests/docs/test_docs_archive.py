"""The page on the archive names every field of a manifest, every state of verify and every file that is there."""

import re
import sys
from pathlib import Path

from retrowalk.archive import archive, archive_index, session_check, session_row
from retrowalk.programme import figure_cache
from retrowalk.session_files.contents import DAMAGED, Contents

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "archive.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "tests" / "host"))


def first_cells(heading: str) -> str:
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(line.split(" | ")[0] for line in part.splitlines() if line.startswith("| "))


def test_every_field_of_a_manifest_is_named(monkeypatch, tmp_path):
    from fake_device import FakeDevice
    from test_sync import run, walk

    from retrowalk import sync

    FakeDevice(walk(1)).install(monkeypatch, sync)
    made = archive.Archive(tmp_path)
    run(made)
    named = set(re.findall(r"`(\w+)`", first_cells("manifest.json")))
    assert named == {*made.sessions()[0].manifest, "recreated", "thinned_there"}
    assert set(Contents().as_manifest()) < named


def test_the_states_and_the_files_are_those_of_the_code():
    states = first_cells("Verify").replace("| ", "").split("\n")[1:]
    assert states == [session_check.OK, DAMAGED, session_row.UNVERIFIED]
    for name in (archive.MANIFEST, archive_index.INDEX, figure_cache.CACHE):
        assert name in PAGE
