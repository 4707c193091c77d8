"""What was walked and what was decided, in the order of time: the table of `plan history` and the picture's words.

Called by the verb plan and by history_figure.
"""

from collections import Counter
from datetime import date
from typing import Any

from retrogait.stages import STAGE_NAMES
from retrowalk.console import clean
from retrowalk.programme import moment
from retrowalk.programme.dose import minutes_by_day
from retrowalk.programme.outcome import DOES_NOT_COUNT, FAILED, PASSED
from retrowalk.programme.page import NOT_MEDICAL, Page

FORMAT = 1
TITLES = ("day", "what", "stage", "verdict", "why")


def as_json(page: Page) -> dict[str, Any]:
    """The object of `plan history --json`."""
    return {
        "format": FORMAT, "name": page.profile.name, "sessions": [each.as_json() for each in page.outcomes],
        "decisions": page.profile.decisions,
    }  # fmt: skip


def rows(page: Page) -> list[tuple[object, ...]]:
    """Sessions and decisions, oldest first."""
    dated: list[tuple[int, tuple[object, ...]]] = []
    for each in page.outcomes:
        day = each.entry.day
        why = "; ".join(each.reasons) + ("" if each.pain is None else f"; pain {each.pain} of 10")
        row = (day or "unknown", each.entry.reference.split("/")[-1], each.stage or "?", each.verdict, why)
        dated.append((each.entry.when_utc_s, row))
    for each in page.profile.decisions:
        by = f" by {clean(each['by'], 40)}" if each.get("by") else ""
        reasons = "; ".join(clean(reason) for reason in each.get("reasons", []))
        kind = clean(each["kind"], 20).replace("_", " ")
        row = (moment.day_of(each["utc_s"]), f"decision{by}", each["to"], kind, reasons)
        dated.append((each["utc_s"], row))
    return [row for _, row in sorted(dated, key=lambda each: each[0])]


def minutes_by_week(page: Page) -> dict[date, float]:
    """{Monday: recorded minutes}; weeks without a session are left out."""
    found: dict[date, float] = {}
    for day, minutes in minutes_by_day([each.entry for each in page.outcomes]).items():
        week = moment.week_of(day)
        found[week] = found.get(week, 0.0) + minutes
    return found


def picture_lines(page: Page) -> list[str]:
    """The picture in words: sessions by stage and verdict, the moves, the weeks."""
    told = [f"Plan of {clean(page.profile.name)}, now in stage {page.profile.stage}: {len(page.outcomes)} sessions."]
    for stage in range(1, len(STAGE_NAMES)):
        counted = Counter(each.verdict for each in page.outcomes if each.stage == stage)
        if counted:
            parts = ", ".join(f"{counted[verdict]} {verdict}" for verdict in (PASSED, FAILED, DOES_NOT_COUNT))
            told.append(f"Stage {stage} {STAGE_NAMES[stage]}: {parts}.")
    undated = sum(each.entry.day is None for each in page.outcomes)
    if undated:
        told.append(f"Not in the picture, because the clock was unset: {undated}.")
    for each in page.profile.decisions:
        if each.get("from") != each["to"]:
            move = "up" if each["to"] > each.get("from", each["to"]) else "back"
            told.append(f"{moment.day_of(each['utc_s'])}: {move} to stage {each['to']}.")
    weeks = minutes_by_week(page)
    if weeks:
        low, high = min(weeks.values()), max(weeks.values())
        told.append(f"Minutes a week: {low:.0f} to {high:.0f} in {len(weeks)} weeks with sessions.")
    for title, name in (("Lean inside the limit", "lean_percent"), ("Variation of step time", "step_time_cv_percent")):
        known = [value for each in page.outcomes if (value := getattr(each.entry.figures, name, None)) is not None]
        if known:
            told.append(
                f"{title}: first {known[0]:.0f} %, last {known[-1]:.0f} %, from {min(known):.0f} to {max(known):.0f} %."
            )
    return [*told, NOT_MEDICAL]
