"""Draws the history of a plan: sessions by stage with their verdict, minutes a week, lean inside the limit, evenness.

Colours of Okabe and Ito; shape, line and words say the same again. matplotlib without a display. A .txt of the same
name says what the picture shows. Called by `retrowalk plan picture`.
"""

from datetime import date, timedelta
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure

from retrogait.stages import STAGE_NAMES
from retrowalk import picture_file
from retrowalk.console import clean
from retrowalk.programme import moment
from retrowalk.programme.criteria import AT_LEAST, CRITERIA
from retrowalk.programme.history import minutes_by_week, picture_lines
from retrowalk.programme.outcome import DOES_NOT_COUNT, FAILED, PASSED, Outcome
from retrowalk.programme.page import Page
from retrowalk.walk.walk_figure import BLUE, GREEN, GREY, PALE, VERMILION

_EMPTY_DAYS = 7
_VERDICTS = {PASSED: ("o", BLUE), FAILED: ("X", VERMILION), DOES_NOT_COUNT: ("d", GREY)}


def write_picture(page: Page, path: Path) -> Path:
    """Draw into `path`, and its words beside it. Raises UsageError and FailedError."""
    path = picture_file.checked(path)
    text = "\n".join(picture_lines(page)) + "\n"
    return picture_file.write(draw(page), _title(page), text, path)


def draw(page: Page) -> Figure:
    """The page: 1400 x 1000 pixels at 100 dots an inch."""
    figure = Figure(figsize=(14, 10), dpi=100, layout="constrained")
    axes = figure.subplots(4, 1, sharex=True, height_ratios=[3, 2, 2, 2])
    figure.suptitle(_title(page).replace("$", r"\$"), fontsize=15, ha="left", x=0.01)
    dated = [(each.entry.day, each) for each in page.outcomes if each.entry.day is not None]
    _draw_stages(axes[0], dated, page)
    _draw_minutes(axes[1], page)
    _draw_figure(axes[2], dated, "lean_percent", "lean inside the\nlimit, % of walking", page)
    _draw_figure(axes[3], dated, "step_time_cv_percent", "variation of\nstep time, %", page)
    locator = AutoDateLocator()
    axes[-1].xaxis.set_major_locator(locator)
    axes[-1].xaxis.set_major_formatter(ConciseDateFormatter(locator))
    if not dated:
        today = _number(moment.day_of(moment.now_utc_s()))
        axes[-1].set_xlim(today - _EMPTY_DAYS, today + _EMPTY_DAYS)
    for ax in axes:
        ax.grid(axis="x", color=PALE, linewidth=0.8)
        ax.set_axisbelow(True)
        ax.tick_params(labelsize=11)
    return figure


def _title(page: Page) -> str:
    n_sessions = len(page.outcomes)
    counted = f"{n_sessions} session{'' if n_sessions == 1 else 's'}"
    return f"Plan of {clean(page.profile.name)}: {counted}, now in stage {page.profile.stage}"


def _draw_stages(ax: Axes, dated: list[tuple[date, Outcome]], page: Page) -> None:
    _draw_path(ax, page)
    for verdict, (marker, colour) in _VERDICTS.items():
        hits = [(day, each.stage) for day, each in dated if each.verdict == verdict and each.stage is not None]
        if hits:
            at = [_number(day) for day, _ in hits]
            ax.plot(
                at, [stage for _, stage in hits], marker, color=colour, markersize=8, label=f"{verdict} ({len(hits)})"
            )
    for each in page.profile.decisions:
        after, before = each["to"], each.get("from", each["to"])
        if after != before:
            sign, colour = ("^", GREEN) if after > before else ("v", "black")
            ax.plot([_number(moment.day_of(each["utc_s"]))], [after - 0.3], sign, color=colour, markersize=12)
    ax.plot([], [], "^", color=GREEN, markersize=12, label="went up")
    ax.plot([], [], "v", color="black", markersize=12, label="stepped back")
    ax.set_yticks(range(1, len(STAGE_NAMES)), [f"{i} {STAGE_NAMES[i]}" for i in range(1, len(STAGE_NAMES))])
    ax.set_ylim(0.4, len(STAGE_NAMES) - 0.5)
    _legend(ax)


def _draw_path(ax: Axes, page: Page) -> None:
    """The accepted stage as a line of steps, until today."""
    moves = [(_number(moment.day_of(each["utc_s"])), each["to"]) for each in page.profile.decisions]
    if moves:
        moves.append((_number(moment.day_of(moment.now_utc_s())), page.profile.stage))
        ax.step(
            [at for at, _ in moves], [to for _, to in moves], where="post", color=GREY, linewidth=1.2, label="accepted"
        )


def _draw_minutes(ax: Axes, page: Page) -> None:
    numbers = page.profile.numbers
    low = numbers["week_sessions_least"] * numbers["session_least_min"]
    high = numbers["week_sessions_most"] * numbers["session_most_min"]
    ax.set_ylim(bottom=0, top=1.1 * max(high, *minutes_by_week(page).values(), 0))
    ax.axhspan(low, high, color=PALE, label=f"asked for: {low:g} to {high:g}")
    weeks = minutes_by_week(page)
    middle = [_number(week + timedelta(days=3)) for week in weeks]
    ax.bar(middle, list(weeks.values()), width=5.5, color=BLUE, edgecolor="black", linewidth=0.4, label="walked")
    ax.set_ylabel("minutes\na week", fontsize=12)
    _legend(ax)


def _draw_figure(ax: Axes, dated: list[tuple[date, Outcome]], name: str, label: str, page: Page) -> None:
    points = [
        (_number(day), value, each)
        for day, each in dated
        if (value := getattr(each.entry.figures, name, None)) is not None
    ]
    ax.plot([at for at, _, _ in points], [value for _, value, _ in points], "o-", color=BLUE, markersize=4, linewidth=1)
    for each in CRITERIA.get(page.profile.stage, ()):
        if each.figure == name:
            number = page.profile.numbers[each.number]
            side = "at least" if each.sense == AT_LEAST else "at most"
            ax.axhline(number, color=VERMILION, linestyle="--", label=f"stage {page.profile.stage}: {side} {number:g}")
            _legend(ax)
    if not points:
        ax.set_yticks([])
        ax.text(
            0.5,
            0.3,
            "nothing measured on a known day yet",
            transform=ax.transAxes,
            ha="center",
            va="center",
            color=GREY,
            fontsize=13,
        )
    ax.set_ylabel(label, fontsize=12)
    if name == "step_time_cv_percent":
        ax.set_ylim(bottom=0)


def _number(day: date) -> float:
    return float(date2num(day))


def _legend(ax: Axes) -> None:
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=11)
