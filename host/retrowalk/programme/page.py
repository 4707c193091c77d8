"""Today's page: who, the safety screen, the stage and its words, what is due, this week's dose, and the proposal.

Built once from the archive and the plan; `as_json` is what `plan --json` prints, `lines` what a person reads.
"""

from dataclasses import dataclass
from typing import Any

from retrowalk.archive.archive import Archive
from retrowalk.console import clean
from retrowalk.programme import moment
from retrowalk.programme.advance import now_of
from retrowalk.programme.device_stage import command_for
from retrowalk.programme.dose import Dose, Due, dose_of, due_on
from retrowalk.programme.figure_cache import entries_of
from retrowalk.programme.ladder import GROW, PROMOTE, STEP_BACK, Proposal, judge_all, propose
from retrowalk.programme.outcome import Outcome
from retrowalk.programme.profile import Profile
from retrowalk.programme.screen import CLEAR, WORDS, ScreenState, state_of
from retrowalk.programme.stage_words import WORDS as STAGE_WORDS
from retrowalk.programme.stage_words import stage_text
from retrowalk.settings.setting_words import shown_name, shown_value
from retrowalk.settings.speed_unit import speed_words

FORMAT = 1
NOT_MEDICAL = (
    "Not a medical device. These numbers are proposals of this project, not findings; pain and judgement go first."
)
_PAIN_REST_DAYS = 2
_LAST_SESSIONS = 3


@dataclass(frozen=True)
class Page:
    """Everything about one person today."""

    profile: Profile
    outcomes: list[Outcome]
    screen: ScreenState
    proposal: Proposal
    dose: Dose
    due: Due
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        """The object of `plan --json`."""
        profile = self.profile
        return {
            "format": FORMAT, "name": profile.name, "device_id": profile.device_id, "stage": profile.stage,
            "stage_name": stage_text(profile.stage)[2:], "words": list(STAGE_WORDS[profile.stage]),
            "pinned_stage": profile.pinned_stage, "pinned_limits": profile.pinned_limits,
            "pinned_numbers": profile.pinned_numbers, "screen": self.screen.as_json(), "due": self.due.as_json(),
            "dose": self.dose.as_json(profile.numbers), "proposal": self.proposal.as_json(),
            "advanced": now_of(profile) if profile.stage == max(STAGE_WORDS) else None,
            "ask_pain": [each.entry.reference for each in self.outcomes if each.asks_pain], "notes": self.notes,
            "sessions": len(self.outcomes),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The page for people."""
        profile = self.profile
        pinned = " (pinned)" if profile.pinned_stage is not None else ""
        told = [f"Plan of {clean(profile.name)}: stage {stage_text(profile.stage)}{pinned}"]
        told.append(f"Safety: {WORDS[self.screen.state]} ({self.screen.why})")
        if self.screen.state == CLEAR:
            told += [f"  {line}" for line in STAGE_WORDS[profile.stage]]
            if profile.stage == max(STAGE_WORDS):
                told.append(f"  {_variables(profile)}")
        told.append(f"Today: {_due_text(self.due)}")
        numbers = profile.numbers
        told.append(
            f"This week: {self.dose.days} of {numbers['week_sessions_least']:g} to {numbers['week_sessions_most']:g} "
            f"days of {numbers['session_least_min']:g} to {numbers['session_most_min']:g} min; "
            f"{self.dose.minutes:g} min in all"
        )
        told += self._last_sessions()
        told += [f"Proposal: {_headline(self.proposal)}", *(f"  {each}" for each in self.proposal.reasons)]
        if self.proposal.is_open:
            told.append("  Nothing changes by itself. To accept: `retrowalk plan accept`")
        elif self.proposal.held_by:
            told.append(f"  On hold: {self.proposal.held_by}")
        told += [f"Pinned: {shown_name(row)} = {shown_value(row, n)}" for row, n in profile.pinned_limits.items()]
        told += [f"Pinned: {name} = {value:g}" for name, value in profile.pinned_numbers.items()]
        return [*told, *(f"Note: {note}" for note in self.notes), NOT_MEDICAL]

    def _last_sessions(self) -> list[str]:
        shown = self.outcomes[-_LAST_SESSIONS:]
        if not shown:
            return ["Sessions: none synced yet"]
        return ["Last sessions:", *(f"  {outcome_text(each)}" for each in shown)]


def build(archive: Archive, profile: Profile) -> Page:
    """Measure what is new, judge all, and propose. Writes nothing but the caches of figures."""
    now_utc_s = moment.now_utc_s()
    today = moment.day_of(now_utc_s)
    entries = entries_of(archive, profile.device_id, profile.height_cm) if profile.device_id else []
    outcomes = judge_all(entries, profile)
    falls = [each.known_utc_s for each in entries if each.figures is not None and each.figures.falls]
    screen = state_of(profile.screens, profile.clearances, max(falls, default=None), now_utc_s)
    proposal = propose(outcomes, profile, screen, now_utc_s)
    numbers = profile.numbers
    due = _safe(due_on(entries, today, numbers), screen, outcomes, profile, now_utc_s)
    return Page(profile, outcomes, screen, proposal, dose_of(entries, today, numbers), due, _notes(profile, outcomes))


def _safe(due: Due, screen: ScreenState, outcomes: list[Outcome], profile: Profile, now_utc_s: int) -> Due:
    """What is due once safety has been asked: no session before a clear screen, none right after strong pain."""
    if screen.state != CLEAR:
        return Due(False, (0, 0), WORDS[screen.state])
    strong = profile.numbers["pain_step_back"]
    lately = [each for each in outcomes if now_utc_s - each.entry.when_utc_s < _PAIN_REST_DAYS * moment.DAY_S]
    if any(each.pain is not None and each.pain >= strong for each in lately):
        return Due(False, (0, 0), "rest after strong pain; if it stays, see a professional")
    return due


def _notes(profile: Profile, outcomes: list[Outcome]) -> list[str]:
    notes: list[str] = []
    if profile.device_id is None:
        notes.append("no walk was synced yet, so no device belongs to this plan")
    unscored = [each.entry.reference for each in outcomes if each.asks_pain]
    notes += [f"{each} was stopped for pain: `retrowalk plan pain {each} SCORE` (0 to 10)" for each in unscored]
    undated = sum(each.entry.utc_s is None for each in outcomes)
    if undated:
        notes.append(f"sessions with the clock unset: {undated}; they are on no day and in no week")
    known = [each for each in outcomes if each.stage is not None]
    if known and known[-1].entry.when_utc_s > profile.settled_utc_s and known[-1].stage != profile.stage:
        command = command_for(profile.device_settings())
        notes.append(f"the last session was walked in stage {known[-1].stage}: `{command}` tells the device")
    return notes


def _due_text(due: Due) -> str:
    low, high = due.minutes
    if not due.today:
        return f"no session ({due.why})"
    length = f"{low:g} min" if low == high else f"{low:g} to {high:g} min"
    return f"a session of {length} ({due.why})"


def _headline(proposal: Proposal) -> str:
    if proposal.kind == PROMOTE:
        return f"go on to stage {stage_text(proposal.stage)}"
    if proposal.kind == STEP_BACK:
        return f"step back to stage {stage_text(proposal.stage)}"
    if proposal.kind == GROW:
        return "a little more of one thing"
    return f"stay in stage {stage_text(proposal.stage)}"


def _variables(profile: Profile) -> str:
    state = now_of(profile)
    told = f"Now: {state['minutes']:g} min"
    if state["speed_mps"] is not None:
        told += f", belt {speed_words(state['speed_mps'], False)} ({speed_words(state['speed_mps'], True)})"
        told += f", incline {state['grade_percent']:g} %"
    return f"{told}; growing: {state['variable']}"


def outcome_text(outcome: Outcome) -> str:
    """One session in a line."""
    day = outcome.entry.day
    when = "day unknown" if day is None else day.isoformat()
    stage = "?" if outcome.stage is None else outcome.stage
    pain = "" if outcome.pain is None else f"; pain {outcome.pain} of 10"
    return f"{when}  {outcome.entry.reference}  stage {stage}  {outcome.verdict}: {'; '.join(outcome.reasons)}{pain}"
