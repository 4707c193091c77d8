"""The page of the programme says what the code goes by, criterion by criterion, and its words follow safety."""

import re
from pathlib import Path

from retrogait.stages import STAGE_NAMES
from retrowalk.programme.criteria import CRITERIA, NUMBERS
from retrowalk.programme.stage_words import WORDS

DOCS = Path(__file__).parents[2] / "docs"


def rows(heading: str) -> list[list[str]]:
    """The table under a heading of the page, without its head."""
    text = (DOCS / "explanation" / "programme.md").read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    lines = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_the_table_of_criteria_is_the_codes():
    written = [
        [
            f"{stage} {STAGE_NAMES[stage]}",
            each.what + (", of the day" if each.over_day else ""),
            f"{each.sense} {NUMBERS[each.number].default:g}",
            f"`{each.number}`",
        ]
        for stage, criteria in CRITERIA.items()
        for each in criteria
    ]
    assert rows("What passes a stage") == written


def test_the_table_of_numbers_is_the_codes():
    written = [
        [f"`{name}`", f"{each.default:g}", f"{each.lowest:g}", f"{each.highest:g}", each.unit, each.what]
        for name, each in NUMBERS.items()
    ]
    assert rows("Every number") == written


def test_the_numbers_in_the_prose_are_the_defaults():
    text = (DOCS / "explanation" / "programme.md").read_text(encoding="utf-8")
    for words, name in (
        (r"at least (\d+) hours apart", "pass_hours_apart"), (r"a pain score of (\d+) or more", "pain_step_back"),
        (r"at most once in (\d+) days", "step_days"), (r"time by (\d+) %", "time_step_percent"),
        (r"up to (\d+) min", "session_most_min"), (r"speed by ([\d.]+) m/s", "speed_step_mps"),
        (r"incline by (\d+) %", "grade_step_percent"), (r"together reach (\d+) min", "session_least_min"),
    ):  # fmt: skip
        match = re.search(words, text.replace("\n", " "))
        assert match and float(match[1]) == NUMBERS[name].default, name


def test_the_words_for_the_walker_follow_what_the_article_got_wrong():
    told = " ".join(line for lines in WORDS.values() for line in lines).lower()
    assert "touch with the ball of the foot, lower the heel" in told
    assert "heel first" not in told and "land on the heel" not in told
    assert "rail beside you" in told
    assert re.findall(r"[^.]*\bwall\b[^.]*", told) == [" never with a wall behind you"]
