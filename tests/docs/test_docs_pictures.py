"""Every picture of the algorithms can still be drawn by its script, from the core as it is now."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "algorithms"
SCRIPTS = sorted(path.name for path in FOLDER.glob("draw_*.py"))

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=pytest.mark.long if i % 5 else ()) for i, each in enumerate(SCRIPTS)]
)
def test_the_picture_can_be_drawn(name, tmp_path):
    run = subprocess.run(
        [sys.executable, str(FOLDER / name), "--out", str(tmp_path)], capture_output=True, text=True, timeout=100
    )
    assert run.returncode == 0, run.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name.removeprefix("draw_").replace(".py", ".png")]


def test_every_picture_has_a_script():
    assert {path.stem for path in FOLDER.glob("*.png")} == {name[5:-3] for name in SCRIPTS}
