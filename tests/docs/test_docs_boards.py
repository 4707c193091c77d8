"""The page of the boards shows the table that the board files give."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_is_what_the_command_prints():
    page = (ROOT / "docs" / "reference" / "boards.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- output of hw/boards.py -->\n")[2].partition("<!-- end of output -->")[0]
    done = subprocess.run([sys.executable, ROOT / "hw" / "boards.py"], capture_output=True, text=True, check=True)
    assert shown == done.stdout
