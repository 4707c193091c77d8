"""Draws lifecycle.svg, the picture of docs/explanation/how-it-works.md: a session from the button to the archive.

Run `.venv/bin/python docs/pictures/draw_lifecycle.py`. No units, a sketch.
"""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

DEVICE = "#D9E8F5"
HOST = "#E6F2DF"
WIDTH, HEIGHT = 2.5, 1.0

# name: (x, y, colour, text)
BOXES = {
    "idle": (0.0, 2.0, DEVICE, "idle\nclip calibrated"),
    "recording": (4.2, 2.0, DEVICE, "recording\nflush every 5 s"),
    "sealed": (8.4, 2.0, DEVICE, "sealed\nEND block written"),
    "cut": (4.2, 0.0, DEVICE, "cut off\nno END block"),
    "part": (8.4, -2.0, HOST, "being copied\n.part file"),
    "archived": (4.2, -2.0, HOST, "archived\nhash verified"),
    "deleted": (0.0, -2.0, DEVICE, "may be deleted\non the device"),
}

# from, to, text, and where the text stands
ARROWS = (
    ("idle", "recording", "short press", (2.1, 2.3)),
    ("recording", "sealed", "short press,\nlong press (pain)", (6.3, 2.45)),
    ("recording", "cut", "power lost", (4.35, 1.0)),
    ("cut", "part", "sync: what was flushed", (4.0, -1.15)),
    ("sealed", "part", "sync", (8.55, 0.0)),
    ("part", "archived", "same hash\non both sides", (6.3, -2.6)),
    ("archived", "deleted", "only then", (2.1, -1.7)),
)


def centre(name: str) -> tuple[float, float]:
    """Where a box stands."""
    return BOXES[name][0], BOXES[name][1]


def edge(name: str, towards: str) -> tuple[float, float]:
    """The point of a box's rim that faces another box: a side if that one is beside it, else top or bottom."""
    (x, y), (other_x, other_y) = centre(name), centre(towards)
    if abs(other_y - y) < HEIGHT:
        return x + (WIDTH / 2 if other_x > x else -WIDTH / 2), y
    return x, y + (HEIGHT / 2 if other_y > y else -HEIGHT / 2)


def draw(panel: Axes) -> None:
    """All boxes and arrows."""
    for x, y, color, text in BOXES.values():
        low = (x - WIDTH / 2, y - HEIGHT / 2)
        panel.add_patch(FancyBboxPatch(low, WIDTH, HEIGHT, boxstyle="round,pad=0.05", fc=color, ec="#444444", lw=1.5))
        panel.text(x, y, text, ha="center", va="center", fontsize=11)
    for start, end, text, where in ARROWS:
        ends = edge(start, end), edge(end, start)
        panel.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=16, lw=1.8, shrinkA=3, shrinkB=3))
        panel.text(*where, text, ha="left" if start in ("recording", "sealed") and end in ("cut", "part") else "center")
    panel.text(-1.3, 3.0, "blue: on the device   green: on the computer", fontsize=10)
    panel.set_xlim(-1.6, 10.2)
    panel.set_ylim(-2.8, 3.3)
    panel.axis("off")


def main() -> None:
    """Write lifecycle.svg beside this file; the same bytes every time."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "retrowalk"
    figure, panel = plt.subplots(figsize=(11, 5.6))
    draw(panel)
    figure.tight_layout()
    figure.savefig(Path(__file__).with_name("lifecycle.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
