"""All judged sessions in order, and what follows: stay, go up a stage, or step back. Proposed only; a person accepts.

Evidence is what became known since the last decision. A step back goes before a promotion. Called by page.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from retrogait.stages import ADVANCED, STATIC
from retrowalk.programme.advance import next_step
from retrowalk.programme.figure_cache import Entry
from retrowalk.programme.figures import Figures
from retrowalk.programme.moment import DAY_S
from retrowalk.programme.outcome import FAILED, PASSED, Outcome, judge, quality_holds
from retrowalk.programme.profile import Profile
from retrowalk.programme.screen import CLEAR, ScreenState
from retrowalk.programme.stage_words import stage_text

STAY = "stay"
PROMOTE = "promote"
STEP_BACK = "step_back"
GROW = "grow"  # in the last stage: more of one variable
_HOUR_S = 3600


@dataclass(frozen=True)
class Proposal:
    """`stage`: where it leads; `evidence`: references of the sessions it rests on; `held_by`: what stands against it.

    change: in the last stage, what becomes of the variable.
    """

    kind: str
    stage: int
    reasons: list[str]
    evidence: list[str] = field(default_factory=list)
    held_by: str = ""
    change: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """True if it can be accepted."""
        return self.kind != STAY and not self.held_by

    def as_json(self) -> dict[str, Any]:
        """The part of `plan --json`."""
        return {
            "kind": self.kind, "stage": self.stage, "reasons": self.reasons, "evidence": self.evidence,
            "held_by": self.held_by, "change": self.change,
            "command": "retrowalk plan accept" if self.is_open else None,
        }  # fmt: skip


def judge_all(entries: Sequence[Entry], profile: Profile) -> list[Outcome]:
    """Every session judged, in the order of time."""
    numbers = profile.numbers
    today: defaultdict[tuple[date | None, int | None], list[Figures]] = defaultdict(list)
    outcomes: list[Outcome] = []
    for entry in entries:
        scored = profile.pains.get(entry.reference)
        pain = scored["score"] if scored else None
        key = (entry.day, entry.figures.stage if entry.figures else None)
        earlier = today[key] if entry.day is not None else []
        outcomes.append(judge(entry, numbers, pain, earlier))
        if entry.figures is not None and quality_holds(entry.figures, numbers):
            today[key].append(entry.figures)
    return outcomes


def propose(outcomes: Sequence[Outcome], profile: Profile, screen: ScreenState, now_utc_s: int) -> Proposal:
    """What follows for `profile` from what became known since the last decision."""
    fresh = [each for each in outcomes if _is_fresh(each, profile)]
    proposal = _step_back(fresh, profile) or _way_up(fresh, profile, screen, now_utc_s)
    if proposal.kind != STAY and profile.pinned_stage is not None:
        held = f"stage {profile.pinned_stage} is pinned; speak to whoever pinned it (`retrowalk plan unpin` ends it)"
        return replace(proposal, held_by=held)
    return proposal


def _is_fresh(outcome: Outcome, profile: Profile) -> bool:
    """True if the session, or its pain score, became known after the stage was last decided."""
    scored = profile.pains.get(outcome.entry.reference)
    return max(outcome.entry.known_utc_s, scored["utc_s"] if scored else 0) > profile.settled_utc_s


def _step_back(fresh: Sequence[Outcome], profile: Profile) -> Proposal | None:
    numbers = profile.numbers
    reasons: list[str] = []
    evidence: list[str] = []
    for each in fresh:
        figures = each.entry.figures
        if figures is None or (each.stage or STATIC) > profile.stage:
            continue
        if figures.stumbles or figures.falls:
            reasons.append(f"{each.entry.reference}: {each.reasons[0]}")
            evidence.append(each.entry.reference)
        if each.pain is not None and each.pain >= numbers["pain_step_back"]:
            reasons.append(f"{each.entry.reference}: pain of {each.pain} of 10")
            evidence.append(each.entry.reference)
    judged = [each for each in fresh if each.stage == profile.stage and each.verdict in (PASSED, FAILED)]
    last = judged[-int(numbers["failed_in_a_row"]) :]
    if len(last) == int(numbers["failed_in_a_row"]) and all(each.verdict == FAILED for each in last):
        reasons += [f"{each.entry.reference} failed: {'; '.join(each.reasons)}" for each in last]
        evidence += [each.entry.reference for each in last]
    if not reasons:
        return None
    evidence = list(dict.fromkeys(evidence))
    if profile.stage == STATIC:
        return Proposal(
            STAY, STATIC, [*reasons, "There is no stage below 1: rest, and speak to a professional."], evidence
        )
    return Proposal(STEP_BACK, profile.stage - 1, reasons, evidence)


def _way_up(fresh: Sequence[Outcome], profile: Profile, screen: ScreenState, now_utc_s: int) -> Proposal:
    """The next stage, or in the last one more of its variable, when enough different days were passed."""
    stage, numbers = profile.stage, profile.numbers
    passed = [each for each in _since_break(fresh, numbers["break_days"], now_utc_s) if each.verdict == PASSED]
    passed = [each for each in passed if each.stage == stage]
    days = _days_apart(passed, numbers["pass_hours_apart"])
    needed = int(numbers["pass_days"])
    counted = f"{len(days)} different day{'' if len(days) == 1 else 's'}"
    reasons = [f"stage {stage_text(stage)} was passed on {counted}; {needed} asked for"]
    undated = sum(each.entry.utc_s is None for each in passed)
    if undated:
        reasons.append(f"passed with the clock unset: {undated}; their day is not known, so they do not count")
    evidence = [each.entry.reference for each in days[-needed:]]
    if len(days) < needed:
        return Proposal(STAY, stage, reasons, evidence)
    held = _held_by(fresh, screen)
    if stage < ADVANCED:
        return Proposal(PROMOTE, stage + 1, reasons, evidence, held)
    step = next_step(profile, now_utc_s)
    if not step.change:
        return Proposal(STAY, stage, [*reasons, step.words], evidence)
    return Proposal(GROW, stage, [*reasons, step.words], evidence, held, step.change)


def _held_by(fresh: Sequence[Outcome], screen: ScreenState) -> str:
    """Why nobody should go further yet, or ""."""
    if screen.state != CLEAR:
        return f"the safety screen: {screen.why}"
    unscored = [each.entry.reference for each in fresh if each.asks_pain]
    if unscored:
        return f"first say how strong the pain was: `retrowalk plan pain {unscored[0]} SCORE`"
    return ""


def _since_break(outcomes: Sequence[Outcome], break_days: float, now_utc_s: int) -> list[Outcome]:
    """Those after the last pause of `break_days` or more; none if the pause lasts until now."""
    kept: list[Outcome] = []
    longest_s = break_days * DAY_S
    for each in outcomes:
        if kept and each.entry.when_utc_s - kept[-1].entry.when_utc_s >= longest_s:
            kept = []
        kept.append(each)
    return [] if kept and now_utc_s - kept[-1].entry.when_utc_s >= longest_s else kept


def _days_apart(passed: Sequence[Outcome], hours: float) -> list[Outcome]:
    """One passed session for each different day, a night's rest apart."""
    chosen: list[Outcome] = []
    for each in passed:
        utc_s = each.entry.utc_s
        if utc_s is None:
            continue
        last = chosen[-1].entry if chosen else None
        if last is None or (each.entry.day != last.day and utc_s - (last.utc_s or 0) >= hours * _HOUR_S):
            chosen.append(each)
    return chosen
