"""Draws one walk on one page: pace with its limit and the cues, lean with its limits, direction, step intervals.

Panels share the time axis. Colours are those of Okabe and Ito (2008), told apart by every kind of colour vision;
shape, hatch or words say the same again. matplotlib without a display. Called by plot.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from retrogait import RATE_HZ, events
from retrowalk.walk.replay import EVERY
from retrowalk.walk.walk_source import Walk
from retrowalk.walk.walk_summary import Summary, fault_name, state_name
from retrowalk.walk.walk_text import headline, totals_line

BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE = "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#CC79A7"
GREY, PALE = "#6E6E6E", "#E8E8E8"

_STATES = {
    events.BACKWARD: (BLUE, ""),
    events.FORWARD: (ORANGE, "//"),
    events.TURNING: (GREEN, "xx"),
    events.STILL: (PALE, ""),
    events.UNKNOWN: ("white", ".."),
}
_FAULTS = {
    events.LEAN_FORWARD: ("^", VERMILION), events.LEAN_BACK: ("v", VERMILION), events.LEAN_SIDE: ("D", PURPLE),
    events.TOO_FAST: ("*", BLUE), events.TWIST: ("P", GREEN), events.UNSTEADY: ("X", GREY),
    events.WRONG_WAY: ("s", ORANGE), events.STUMBLED: ("o", "black"),
}  # fmt: skip
_STEPS = {"backward": ("v", BLUE), "forward": ("^", ORANGE), "unknown": ("o", GREY)}
_LEAN_PANELS = (
    ("lean_deg", "lean, degrees\nforward is up", BLUE),
    ("side_deg", "side lean, degrees\nright is up", PURPLE),
)
_LEAST_LEAN_DEG = 20.0
_MOST_ALARMS = 3.0  # the lean axis ends there, so that the limits stay readable when somebody bends down
_LONGEST_INTERVAL_S = 3.0
_SHARE_A_LETTER = 0.011  # of the page's width: a state too short for its name goes without
_MINUTES_FROM_S = 180.0


def draw(walk: Walk) -> Figure:
    """The page: 1400 x 1000 pixels at 100 dots an inch."""
    summary = Summary(walk)
    leans = _LEAN_PANELS if walk.mount == "waist" else ()
    figure = Figure(figsize=(14, 10), dpi=100, layout=ConstrainedLayoutEngine(hspace=0.03))
    axes = figure.subplots(
        3 + len(leans), 1, sharex=True, squeeze=False, height_ratios=[3, *[2.4] * len(leans), 1.0, 2.4]
    )[:, 0]
    figure.suptitle(f"{_plain(headline(walk))}\n{_plain(totals_line(summary))}", fontsize=15, ha="left", x=0.01)
    _draw_cadence(axes[0], walk, summary)
    for ax, (name, label, colour) in zip(axes[1:], leans, strict=False):
        _draw_lean(ax, walk, getattr(walk.trace, name), label, colour)
    _draw_ribbon(axes[-2], walk)
    _draw_intervals(axes[-1], summary)
    for ax in axes:
        _draw_marks(ax, walk, summary)
    _finish_time_axis(axes[-1], walk)
    return figure


def _times(walk: Walk) -> np.ndarray:
    return walk.t0_s + np.arange(len(walk.trace.cadence_spm)) * EVERY / RATE_HZ


def _draw_cadence(ax: Axes, walk: Walk, summary: Summary) -> None:
    limit = walk.settings["cadence_limit_spm"]
    cadence = walk.trace.cadence_spm
    ax.plot(_times(walk), cadence, color="black", linewidth=1.6, label="cadence")
    ax.axhline(limit, color=VERMILION, linestyle="--", linewidth=1.4, label=f"limit {limit} (walking backward)")
    known = cadence[np.isfinite(cadence)]
    top = 1.35 * max([limit, *known.tolist()])
    ax.set_ylim(0, top)
    for code in sorted({each.value_a for each in summary.cues}):
        marker, colour = _FAULTS.get(code, ("o", "black"))
        at_s = [walk.time_s(each.index) for each in summary.cues if each.value_a == code]
        label = f"cue: {fault_name(code).replace('_', ' ')} ({len(at_s)})"
        ax.plot(
            at_s, [0.9 * top] * len(at_s), marker, color=colour, markersize=11, markeredgecolor="black", label=label
        )
    if not len(known):
        _say(ax, "no steady walking: cadence unknown")
    ax.set_ylabel("steps a minute", fontsize=12)
    _legend(ax)


def _draw_lean(ax: Axes, walk: Walk, lean_deg: np.ndarray, label: str, colour: str) -> None:
    cue, alarm = walk.settings["lean_cue_cdeg"] / 100, walk.settings["lean_alarm_cdeg"] / 100
    seen = lean_deg[np.isfinite(lean_deg)]
    reach = max(_LEAST_LEAN_DEG, 1.15 * alarm, 1.1 * float(np.percentile(np.abs(seen), 99.5)) if len(seen) else 0)
    reach = min(reach, _MOST_ALARMS * alarm)
    ax.set_ylim(-reach, reach)
    for sign in (-1, 1):
        ax.axhspan(sign * cue, sign * reach, color=VERMILION, alpha=0.12, linewidth=0)
        ax.axhline(sign * cue, color=VERMILION, linestyle="--", linewidth=1.2)
        ax.axhline(sign * alarm, color=VERMILION, linestyle=":", linewidth=1.2)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.plot(_times(walk), lean_deg, color=colour, linewidth=1.3)
    if not len(seen):
        _say(ax, "no samples")
    told = f"dashed: limit {cue:g}\ndotted: alarm {alarm:g}"
    if len(seen) and np.abs(seen).max() > reach:
        told += f"\nfarthest: {seen[np.abs(seen).argmax()]:+.0f}"
    ax.text(1.008, 0.5, told, transform=ax.transAxes, fontsize=11, va="center")
    ax.set_ylabel(label, fontsize=12)


def _draw_ribbon(ax: Axes, walk: Walk) -> None:
    shown: dict[int, Patch] = {}
    for span in walk.trace.states():
        colour, hatch = _STATES.get(span.state, _STATES[events.UNKNOWN])
        start_s, length_s = walk.time_s(span.start), (span.end - span.start) / RATE_HZ
        ax.broken_barh([(start_s, length_s)], (0, 1), facecolor=colour, hatch=hatch, edgecolor=GREY, linewidth=0.5)
        shown.setdefault(span.state, Patch(facecolor=colour, hatch=hatch, edgecolor=GREY, label=state_name(span.state)))
        if length_s > _SHARE_A_LETTER * len(state_name(span.state)) * walk.duration_s:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 2, "alpha": 0.85}
            ax.text(
                start_s + length_s / 2, 0.5, state_name(span.state), ha="center", va="center", fontsize=11, bbox=box,
                clip_on=True,
            )  # fmt: skip
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    ax.set_ylabel("direction", fontsize=12)
    handles = [shown[code] for code in sorted(shown)]
    if walk.trace.gaps:
        handles.append(Patch(facecolor="white", hatch="---", edgecolor=GREY, label="no data"))
    _legend(ax, handles)


def _draw_intervals(ax: Axes, summary: Summary) -> None:
    most_s = 1.0
    for direction, (marker, colour) in _STEPS.items():
        points = [(each.t_s, each.interval_s) for each in summary.steps if each.direction == direction]
        timed = [(t_s, min(interval_s, _LONGEST_INTERVAL_S)) for t_s, interval_s in points if interval_s is not None]
        if points:
            most_s = max([most_s, *(interval_s for _, interval_s in timed)])
            face = "none" if direction == "unknown" else colour
            ax.plot(
                [t_s for t_s, _ in timed], [interval_s for _, interval_s in timed], marker, markersize=7,
                markerfacecolor=face, markeredgecolor=colour, label=f"{direction} ({len(points)})",
            )  # fmt: skip
    ax.set_ylim(0, 1.15 * most_s)
    ax.set_ylabel("step interval, s", fontsize=12)
    if summary.steps:
        _legend(ax)
    else:
        _say(ax, "no steps found")


def _draw_marks(ax: Axes, walk: Walk, summary: Summary) -> None:
    """Over the panel: cues as thin lines, gaps as grey bands, what the wearer told or suffered in words."""
    for first, length in walk.trace.gaps:
        ax.axvspan(
            walk.time_s(first), walk.time_s(first + length), facecolor="white", edgecolor=GREY, hatch="---", zorder=3
        )
    for each in summary.cues:
        ax.axvline(walk.time_s(each.index), color=GREY, linestyle=":", linewidth=1.0)
    for each in walk.trace.of_kind(events.STUMBLE, events.FALL, events.PAUSE, events.RESUME, events.MARK, events.PAIN):
        ax.axvline(walk.time_s(each.index), color="black", linewidth=1.4)
        if ax.get_subplotspec().is_first_row():  # type: ignore[union-attr]
            ax.text(
                walk.time_s(each.index), 0.03, f" {events.KIND_NAMES[each.kind]}", transform=ax.get_xaxis_transform(),
                fontsize=11,
            )  # fmt: skip
    ax.grid(axis="x", color=PALE, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=11)


def _finish_time_axis(ax: Axes, walk: Walk) -> None:
    ax.set_xlim(walk.t0_s, walk.time_s(walk.trace.n_samples))
    ax.xaxis.set_major_locator(MaxNLocator(12))
    if walk.duration_s >= _MINUTES_FROM_S and abs(walk.t0_s) < 3600:
        ax.xaxis.set_major_locator(MaxNLocator(12, steps=[1, 1.5, 3, 6, 10]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda t_s, _: f"{int(t_s) // 60}:{int(t_s) % 60:02d}"))
        ax.set_xlabel("time, minutes:seconds", fontsize=12)
    else:
        ax.set_xlabel("time, seconds", fontsize=12)


def _legend(ax: Axes, handles: list[Patch] | None = None) -> None:
    place = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "frameon": False, "fontsize": 11}
    if handles is None:
        ax.legend(**place)
    else:
        ax.legend(handles=handles, **place, ncols=2, columnspacing=1.0)


def _say(ax: Axes, text: str) -> None:
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=13, color=GREY)


def _plain(text: str) -> str:
    """Text that matplotlib draws as it is: no mathematics between dollar signs."""
    return text.replace("$", r"\$")
