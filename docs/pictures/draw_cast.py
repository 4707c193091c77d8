"""Draws cast.png, the picture of docs/reference/scenarios.md: pace, lean and events of every named walk.

Run `.venv/bin/python docs/pictures/draw_cast.py`. From the truth of the walking model, not from what the device finds.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from retrogait import RATE_HZ
from retrogait.settings import Settings
from retrowalk.wearer.cast import model, names, scenario
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.truth import Truth

BLUE, ORANGE, GREEN, GREY, PURPLE, PINK = "#0072B2", "#D55E00", "#009E73", "#777777", "#7B3294", "#CC79A7"
STATE_COLOR = {"still": "#dddddd", "backward": BLUE, "forward": ORANGE, "turn": PURPLE}
EVENT_COLOR = {
    "look": GREEN, "lean": "#E69F00", "stumble": "black", "fall": "#B00000", "lying": "#E08080", "slip": PINK,
    "toe_tap": "#56B4E9", "weight_shift": "#8C6D31", "sudden_stop": "#F0B000",
}  # fmt: skip
COLUMNS = 4
# Cadence takes the upper part of a panel, angles the lower; a fall's lean leaves the panel.
SPM_VIEW, SPM_TICKS = (-190, 180), (0, 60, 120)
DEG_VIEW, DEG_TICKS = (-48, 118), (-30, 0, 30)
# Two steps further apart than this belong to two bouts.
BOUT_GAP_S = 3.5
LIMITS = Settings()


def draw(panel: Axes, name: str, truth: Truth) -> None:
    """One walk: cadence as dots, angles as lines, the ribbon of states below, events above."""
    t_s = np.arange(len(truth.lean_deg)) / RATE_HZ
    interval_s = np.diff(truth.step_times_s)
    within = interval_s < BOUT_GAP_S
    panel.plot(truth.step_times_s[1:][within], 60 / interval_s[within], ".", ms=2.5, color=BLUE)
    panel.axhline(LIMITS.cadence_limit_spm, color=BLUE, lw=0.6, ls=":")
    panel.set_ylim(*SPM_VIEW)
    panel.set_yticks(SPM_TICKS)
    panel.set_title(title(name), fontsize=9, loc="left")
    lean = panel.twinx()
    lean.plot(t_s, truth.lean_deg, color=ORANGE, lw=1)
    lean.plot(t_s, truth.side_deg, color=PURPLE, lw=0.6)
    lean.plot(t_s, truth.twist_deg, color=GREEN, lw=0.8)
    lean.axhline(LIMITS.lean_cue_cdeg / 100, color=ORANGE, lw=0.6, ls=":")
    lean.axhline(-LIMITS.lean_cue_cdeg / 100, color=ORANGE, lw=0.6, ls=":")
    lean.set_ylim(*DEG_VIEW)
    lean.set_yticks(DEG_TICKS)
    for interval in truth.intervals:
        panel.axvspan(interval.start_s, interval.end_s, 0, 0.06, color=STATE_COLOR[interval.state], lw=0)
    for episode in truth.episodes:
        end_s = max(episode.end_s, episode.start_s + 0.012 * t_s[-1])
        panel.axvspan(episode.start_s, end_s, 0.9, 1, color=EVENT_COLOR[episode.kind], lw=0)
    panel.set_xlim(0, t_s[-1])
    for axes in (panel, lean):
        axes.tick_params(labelsize=7, length=2)
        axes.spines["top"].set_visible(False)


def title(name: str) -> str:
    """The walk's name, and what no curve shows."""
    remarks = ["on a belt"] if scenario(name).manner.belt else []
    if scenario(name).clip != Clip():
        remarks.append("clip worn otherwise than calibrated")
    return " | ".join([name, *remarks])


def legend(figure: plt.Figure) -> None:
    """What the colours mean, once."""
    states = [mpl.patches.Patch(color=color, label=f"below: {state}") for state, color in STATE_COLOR.items()]
    kinds = [mpl.patches.Patch(color=color, label=kind.replace("_", " ")) for kind, color in EVENT_COLOR.items()]
    lines = [
        mpl.lines.Line2D([], [], color=BLUE, marker=".", ls="", label="steps/min, left axis; limit dotted"),
        mpl.lines.Line2D([], [], color=ORANGE, label="forward lean, degrees, right axis; cue limits dotted"),
        mpl.lines.Line2D([], [], color=PURPLE, label="side lean, degrees, right axis"),
        mpl.lines.Line2D([], [], color=GREEN, label="twist of the pelvis, degrees, right axis"),
    ]
    figure.legend(handles=[*lines, *states, *kinds], loc="outside lower center", ncols=6, fontsize=8, frameon=False)


def main() -> None:
    """Write cast.png beside this file."""
    mpl.use("agg")
    shown = names()
    n_rows = -(-len(shown) // COLUMNS)
    figure, grid = plt.subplots(n_rows, COLUMNS, figsize=(15, 1.75 * n_rows), layout="constrained")
    for panel, name in zip(grid.flat, shown, strict=False):
        draw(panel, name, model(name, seed=1).truth)
    for panel in grid.flat[len(shown) :]:
        panel.axis("off")
    legend(figure)
    figure.savefig(Path(__file__).with_name("cast.png"), dpi=80, metadata={"Software": None})


if __name__ == "__main__":
    main()
