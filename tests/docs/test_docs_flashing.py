"""docs/how-to/flashing.md: its table of failures is that of the tests, its table of images that of the code."""

import re
from pathlib import Path

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
