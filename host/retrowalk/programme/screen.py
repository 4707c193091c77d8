"""The safety screen: six questions before the first session. Any yes: see a professional first.

Answers are kept with their date and the version of the wording. A yes stands until somebody writes down which
professional was seen (`retrowalk plan cleared --by NAME`); nothing here can set it aside in silence.
"""

from dataclasses import dataclass
from typing import Any

from retrowalk.console import clean
from retrowalk.errors import UsageError
from retrowalk.programme.moment import DAY_S

VERSION = 1
"""Raise it when a question changes: who answered the old wording is asked anew."""

QUESTIONS = {
    "fall": "Did you fall in the last 12 months?",
    "disease": "Do you have a neurological or a balance (vestibular) disease?",
    "surgery": "Did you have surgery lately?",
    "chest_pain": "Do you get chest pain?",
    "dizziness": "Do you get dizzy?",
    "joint_pain": "Does a joint hurt acutely?",
}

CLEAR = "clear"
PROFESSIONAL_FIRST = "see_a_professional_first"
ASK = "ask"
LONGEST_DAYS = 365

WORDS = {
    CLEAR: "nothing speaks against a careful start",
    PROFESSIONAL_FIRST: "see a professional first",
    ASK: "the safety questions must be answered first: `retrowalk plan screen`",
}


@dataclass(frozen=True)
class ScreenState:
    """`state`: CLEAR, PROFESSIONAL_FIRST or ASK; `yes`: keys answered with yes; `why`: for people; times UTC."""

    state: str
    yes: list[str]
    why: str
    asked_utc_s: int | None = None
    cleared_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The part of `plan --json`."""
        return {
            "state": self.state, "yes": self.yes, "why": self.why, "asked_utc_s": self.asked_utc_s,
            "cleared_by": self.cleared_by, "wording": VERSION,
        }  # fmt: skip


def parse_answers(text: str) -> dict[str, bool]:
    """`no,no,yes,...` in the order of QUESTIONS. Raises UsageError."""
    words = [word.strip().lower() for word in text.split(",")]
    if len(words) != len(QUESTIONS) or not set(words) <= {"yes", "no", "y", "n"}:
        raise UsageError(
            f"--answers needs {len(QUESTIONS)} times yes or no, with commas between: {', '.join(QUESTIONS)}.",
            "answer like --answers no,no,no,no,no,no.",
        )
    return {key: word in ("yes", "y") for key, word in zip(QUESTIONS, words, strict=True)}


def state_of(
    screens: list[dict[str, Any]], clearances: list[dict[str, Any]], fell_utc_s: int | None, now_utc_s: int
) -> ScreenState:
    """What the answers mean today. `fell_utc_s`: when the clip last felt a fall, or None.

    A yes that no professional has cleared stands, whatever was answered later.
    """
    if not screens:
        return ScreenState(ASK, [], "the safety questions were never answered")
    last = screens[-1]
    asked_utc_s = last["utc_s"]
    cleared = clearances[-1] if clearances else None
    since_utc_s = cleared["utc_s"] if cleared else None
    open_screens = [each for each in screens if since_utc_s is None or each["utc_s"] > since_utc_s]
    open_yes = [key for key in QUESTIONS if any(each["answers"].get(key) for each in open_screens)]
    if open_yes:
        told = "yes to: " + " ".join(QUESTIONS[key] for key in open_yes)
        if not any(last["answers"].values()):
            told += " The later answers were all no; the yes stands until a professional was seen."
        return ScreenState(PROFESSIONAL_FIRST, open_yes, told, asked_utc_s)
    again = _why_again(last, fell_utc_s, now_utc_s)
    if again:
        return ScreenState(ASK, [], again, asked_utc_s)
    lately = [each for each in screens if now_utc_s - each["utc_s"] <= LONGEST_DAYS * DAY_S]
    yes = [key for key in QUESTIONS if any(each["answers"].get(key) for each in lately)]
    if yes and cleared:
        by = clean(cleared["by"], 60)
        told = "yes to: " + " ".join(QUESTIONS[key] for key in yes)
        return ScreenState(CLEAR, yes, f"{told} A professional was seen since: {by}.", asked_utc_s, by)
    return ScreenState(CLEAR, [], "all answers were no", asked_utc_s)


def _why_again(last: dict[str, Any], fell_utc_s: int | None, now_utc_s: int) -> str:
    """Why the questions must be asked anew, or ""."""
    if last["wording"] != VERSION or set(last["answers"]) != set(QUESTIONS):
        return "the questions have changed since they were answered"
    if now_utc_s - last["utc_s"] > LONGEST_DAYS * DAY_S:
        return "the answers are more than a year old"
    if fell_utc_s is not None and fell_utc_s > last["utc_s"]:
        return "the clip felt what may have been a fall after they were answered"
    return ""
