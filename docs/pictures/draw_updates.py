"""Draws updates.svg, the picture of docs/explanation/updates.md: what the boot guard does at a start, state by state.

Run `.venv/bin/python docs/pictures/draw_updates.py`. No units, a sketch; the boxes are the states of slots.json.
"""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

GOOD = "#E6F2DF"
TRIAL = "#FBF3D0"
HOST = "#D9E8F5"
WIDTH, HEIGHT = 3.0, 1.2

# name: (x, y, colour, text)
BOXES = {
    "confirmed": (0.0, 2.0, GOOD, "version 1 confirmed\nslot a"),
    "filled": (5.2, 2.0, HOST, "version 2 being copied\ninto b; a starts"),
    "trial": (10.4, 2.0, TRIAL, "version 2 on trial\nno start counted"),
    "first": (10.4, -0.6, TRIAL, "on trial\none start counted"),
    "second": (5.2, -0.6, TRIAL, "on trial\ntwo starts counted"),
    "back": (0.0, -0.6, GOOD, "version 1 confirmed\nb was given up"),
    "new": (10.4, -3.4, GOOD, "version 2 confirmed\nslot b; a kept"),
}

# from, to, text, where the text stands, and how far the arrow bends
ARROWS = (
    ("confirmed", "filled", "flash", (2.6, 2.15), 0.0),
    ("filled", "trial", "all hashes right:\none rename", (7.8, 2.15), 0.0),
    ("filled", "confirmed", "power cut: flash\nagain goes on", (2.6, 3.15), 0.45),
    ("trial", "first", "start", (10.6, 0.65), 0.0),
    ("first", "second", "start again: crash,\nhang, reset, power cut", (7.8, -0.45), 0.0),
    ("second", "back", "start again:\ngoes back by itself", (2.6, -0.45), 0.0),
    ("first", "new", "it confirms itself", (10.6, -2.05), 0.0),
    ("second", "new", "it confirms itself", (5.5, -2.5), 0.0),
    ("back", "trial", "flash again", (4.4, 0.8), 0.0),
    ("new", "trial", "rollback, or the next flash:\nthe other slot, on trial", (15.2, -1.2), 0.5),
)


def edge(name: str, towards: str) -> tuple[float, float]:
    """The point of a box's rim that faces another box: a side if that one is beside it, else top or bottom."""
    (x, y), (other_x, other_y) = BOXES[name][:2], BOXES[towards][:2]
    if abs(other_y - y) < HEIGHT:
        return x + (WIDTH / 2 if other_x > x else -WIDTH / 2), y
    return x, y + (HEIGHT / 2 if other_y > y else -HEIGHT / 2)


def ends_of(start: str, end: str, bend: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow begins and ends: a bent one leaves by the rim that it bends towards."""
    (x, y), (other_x, other_y) = BOXES[start][:2], BOXES[end][:2]
    if not bend:
        return edge(start, end), edge(end, start)
    if y == other_y:
        return (x, y + HEIGHT / 2), (other_x, other_y + HEIGHT / 2)
    return (x + WIDTH / 2, y), (other_x + WIDTH / 2, other_y)


def draw(panel: Axes) -> None:
    """All boxes and arrows."""
    for x, y, color, text in BOXES.values():
        low = (x - WIDTH / 2, y - HEIGHT / 2)
        panel.add_patch(FancyBboxPatch(low, WIDTH, HEIGHT, boxstyle="round,pad=0.05", fc=color, ec="#444444", lw=1.5))
        panel.text(x, y, text, ha="center", va="center", fontsize=11)
    for start, end, text, where, bend in ARROWS:
        ends = ends_of(start, end, bend)
        arc = f"arc3,rad={bend}"
        arrow = FancyArrowPatch(
            *ends, arrowstyle="-|>", mutation_scale=16, lw=1.8, shrinkA=3, shrinkB=3, connectionstyle=arc
        )
        panel.add_patch(arrow)
        is_beside = BOXES[start][0] == BOXES[end][0]
        panel.text(*where, text, ha="left" if is_beside else "center", va="bottom", fontsize=10)
    panel.text(-1.5, 4.3, "green: confirmed   yellow: on trial   blue: the computer is at work", fontsize=10)
    panel.set_xlim(-1.8, 17.0)
    panel.set_ylim(-4.2, 4.7)
    panel.axis("off")


def main() -> None:
    """Write updates.svg beside this file; the same bytes every time."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "retrowalk"
    figure, panel = plt.subplots(figsize=(14, 6.6))
    draw(panel)
    figure.tight_layout()
    figure.savefig(Path(__file__).with_name("updates.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
