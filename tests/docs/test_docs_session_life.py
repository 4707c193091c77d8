"""The page and the picture of a session's life say what the code's table says."""

import re
import sys
from pathlib import Path

from retrogait import events, life, patterns

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "session-life.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "docs" / "pictures"))
import draw_patterns  # noqa: E402
import draw_session_life as picture  # noqa: E402


def name(state):
    return "where it was" if state == life.BACK else life.STATE_NAMES[state]


def test_the_page_holds_the_table_row_by_row():
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in PAGE.splitlines() if "|" in line]
    start = rows.index(("in", "when", "then")) + 2
    told = rows[start : start + len(life.TABLE)]
    assert told == [(name(a), life.INPUT_NAMES[b], name(c)) for a, b, c in life.TABLE]


def test_the_picture_shows_every_row_but_those_told_in_its_line_of_text():
    drawn = picture.arrows()
    for state, happened, following in life.TABLE:
        if happened in picture.EVERYWHERE or (happened == life.SHORT and following == life.IDLE):
            continue
        end = life.EXERCISE if following == life.BACK else following
        start = life.EXERCISE if end == life.PAUSED else state
        assert life.INPUT_NAMES[happened] in drawn[(start, end)]
    assert set(picture.PLACES) == set(range(len(life.STATE_NAMES)))


def test_the_frame_of_the_picture_has_its_pause_in_common():
    """Drawn once for three states: so all three must have the same arrows to the pause."""
    causes = [{row[1] for row in life.TABLE if row[0] == each and row[2] == life.PAUSED} for each in picture.SEGMENTS]
    assert causes[0] == causes[1] == causes[2] != set()


def test_the_picture_of_patterns_shows_every_cue_and_every_constant():
    assert len(draw_patterns.CUES) == len(events.FAULT_NAMES) - 1
    shown = [pattern for _, pattern in draw_patterns.REST]
    for constant, value in vars(patterns).items():
        if re.fullmatch("[A-Z][A-Z_]+", constant) and isinstance(value, tuple):
            assert value in shown, constant
