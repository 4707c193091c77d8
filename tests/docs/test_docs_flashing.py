"""docs/how-to/flashing.md: its table of failures is that of the tests, its table of images that of the code."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrowalk.flashing import images

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "flashing.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`[^|]+) \| (\d) \|.*\| `(test_\w+)` \|$", re.MULTILINE)


def test_every_failure_is_said_by_the_code_and_played_by_its_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "host").rglob("*.py"))
    code = re.sub(r'"\s*\n\s*f?"', "", code)  # sentences over two lines of source
    rows = ROW.findall(PAGE)
    assert len(rows) >= 18
    for says, exit_code, test in rows:
        assert f"def {test}(" in tests, test
        for part in re.findall(r"`([^`]+)`", says):
            assert part in code, part
        assert 0 <= int(exit_code) <= 5


def test_the_images_are_those_of_the_table():
    for release in images.RELEASES.values():
        assert f"`{release.file_name}` | {f'`{release.sha256}`' if release.sha256 else 'not known'} |" in PAGE
    assert f"MicroPython {images.RELEASE}" in PAGE


@pytest.mark.slow
@pytest.mark.long
def test_the_commands_of_the_part_without_a_board_run(tmp_path):
    part = PAGE.partition("## Without a board")[2].partition("\n## ")[0]
    calls = [shlex.split(line) for line in re.findall(r"^\.venv/bin/retrowalk (.*)$", part, re.MULTILINE)]
    assert [words[0] for words in calls] == ["virtual", "flash"]
    link = tmp_path / "walker"
    folders = ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "RETROWALK_ARCHIVE")
    env = os.environ | {name: str(tmp_path / name) for name in folders}
    (tmp_path / "XDG_RUNTIME_DIR").mkdir()
    virtual, flash = (
        [sys.executable, "-m", "retrowalk", *(str(link) if word == "/tmp/walker" else word for word in words)]  # noqa: S108
        for words in calls
    )
    device = subprocess.Popen(virtual, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + 20
        while not link.exists() and time.monotonic() < deadline_s:
            time.sleep(0.1)
        ended = subprocess.run(flash, env=env, capture_output=True, text=True, timeout=90)
        assert ended.returncode == 0, ended.stderr
        assert "The app runs and has confirmed itself" in ended.stderr
    finally:
        device.terminate()
        device.wait(10)
