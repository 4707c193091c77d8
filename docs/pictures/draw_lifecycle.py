"""Draws lifecycle.svg, the picture of docs/explanation/how-it-works.md: a session from the button to the archive.

Run `.venv/bin/python docs/pictures/draw_lifecycle.py`. No units, a sketch.
"""

from matplotlib.axes import Axes
from sketch import arrow, box, canvas, edge, save

DEVICE = "#D9E8F5"
HOST = "#E6F2DF"
SIZE = 2.5, 1.0

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


def draw(panel: Axes) -> None:
    """All boxes and arrows."""
    for x, y, color, text in BOXES.values():
        box(panel, (x, y), SIZE, color, text)
    for start, end, text, where in ARROWS:
        one, other = BOXES[start][:2], BOXES[end][:2]
        arrow(panel, edge(one, other, SIZE), edge(other, one, SIZE))
        panel.text(*where, text, ha="left" if start in ("recording", "sealed") and end in ("cut", "part") else "center")
    panel.text(-1.3, 3.0, "blue: on the device   green: on the computer", fontsize=10)


def main() -> None:
    """Write lifecycle.svg beside this file."""
    figure, panel = canvas(11, 5.6, (-1.6, 10.2), (-2.8, 3.3))
    draw(panel)
    figure.tight_layout()
    save(figure, "lifecycle")


if __name__ == "__main__":
    main()
