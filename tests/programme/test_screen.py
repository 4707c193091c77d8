"""The safety screen: any yes sends to a professional first, and nothing sets that aside in silence."""

import pytest
from plans_made import NO, figures

from retrowalk.errors import UsageError
from retrowalk.programme.moment import DAY_S
from retrowalk.programme.screen import (
    ASK,
    CLEAR,
    LONGEST_DAYS,
    PROFESSIONAL_FIRST,
    QUESTIONS,
    VERSION,
    parse_answers,
    state_of,
)  # fmt: skip

NOBODY = {"utc_s": 100, "wording": VERSION, "answers": dict.fromkeys(QUESTIONS, False)}


def answered(utc_s: int, *yes: str) -> dict:
    return {"utc_s": utc_s, "wording": VERSION, "answers": {key: key in yes for key in QUESTIONS}}


def test_the_questions_are_those_of_the_safety_page(root):
    page = (root / "docs" / "safety.md").read_text(encoding="utf-8")
    for number, question in enumerate(QUESTIONS.values(), 1):
        assert f"{number}. {question}" in page


@pytest.mark.parametrize("key", QUESTIONS)
def test_any_yes_means_a_professional_first(key):
    found = state_of([answered(100, key)], [], None, 200)
    assert (found.state, found.yes) == (PROFESSIONAL_FIRST, [key])
    assert QUESTIONS[key] in found.why


def test_all_no_is_clear_and_nothing_answered_asks():
    assert state_of([NOBODY], [], None, 200).state == CLEAR
    assert state_of([], [], None, 200).state == ASK


def test_answering_no_later_does_not_take_a_yes_back():
    found = state_of([answered(100, "fall"), answered(200)], [], None, 300)
    assert (found.state, found.yes) == (PROFESSIONAL_FIRST, ["fall"])
    assert "stands until a professional was seen" in found.why


def test_a_professional_clears_and_both_stay_visible():
    found = state_of([answered(100, "dizziness")], [{"utc_s": 150, "by": "Dr. Lind"}], None, 200)
    assert (found.state, found.yes, found.cleared_by) == (CLEAR, ["dizziness"], "Dr. Lind")
    assert "dizzy" in found.why and "Dr. Lind" in found.why


def test_a_new_yes_after_the_clearance_counts_again():
    screens = [answered(100, "dizziness"), answered(200, "dizziness")]
    assert state_of(screens, [{"utc_s": 150, "by": "Dr. Lind"}], None, 300).state == PROFESSIONAL_FIRST


def test_old_answers_other_questions_and_a_fall_ask_again():
    late = 100 + LONGEST_DAYS * DAY_S
    assert state_of([NOBODY], [], None, late).state == CLEAR
    assert state_of([NOBODY], [], None, late + 1).state == ASK
    assert state_of([{**NOBODY, "wording": VERSION + 1}], [], None, 200).state == ASK
    assert state_of([NOBODY], [], 150, 200).state == ASK
    assert state_of([NOBODY], [], 50, 200).state == CLEAR
    assert state_of([answered(100, "fall")], [], None, late + 1).state == PROFESSIONAL_FIRST


@pytest.mark.parametrize("text", ["", "no", "no,no,no,no,no,maybe", NO + ",no", "1,1,1,1,1,1"])
def test_answers_that_are_none_are_refused(text):
    with pytest.raises(UsageError):
        parse_answers(text)


def test_a_yes_through_the_verb(walker):
    code, _, err = walker.told("start", "--name", "Anna", "--height", "5ft8", "--answers", "no,no,no,no,yes,no")
    assert code == 0
    assert "see a professional first" in err
    page = walker.page()
    assert (page["screen"]["state"], page["screen"]["yes"]) == (PROFESSIONAL_FIRST, ["dizziness"])
    assert page["due"] == {"today": False, "minutes": [0, 0], "why": "see a professional first"}
    for _ in range(2):
        walker.day += 2
        walker.walk(figures(1), height_cm=173)
    proposal = walker.page()["proposal"]
    assert (proposal["kind"], proposal["command"]) == ("promote", None)
    assert walker.told("accept")[0] == 4
    walker.day += 0.01
    assert walker.plan("screen", "--answers", NO) == 0
    assert walker.page()["screen"]["state"] == PROFESSIONAL_FIRST
    assert walker.told("cleared")[0] == 2, "who was seen must be said"
    assert walker.plan("cleared", "--by", "Dr. Lind") == 0
    page = walker.page()
    assert (page["screen"]["state"], page["screen"]["cleared_by"]) == (CLEAR, "Dr. Lind")
    assert page["proposal"]["command"] == "retrowalk plan accept"
    assert "Dr. Lind" in walker.told()[1]


def test_a_fall_that_the_clip_felt_asks_again(walker):
    walker.start()
    walker.day += 1
    walker.walk(figures(1, falls=1))
    page = walker.page()
    assert page["screen"]["state"] == ASK
    assert not page["due"]["today"]
    assert walker.plan("screen", "--answers", NO) == 0
    assert walker.page()["screen"]["state"] == CLEAR
