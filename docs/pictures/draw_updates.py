"""Draws updates.svg, the picture of docs/explanation/updates.md: what the boot guard does at a start, state by state.

Run `.venv/bin/python docs/pictures/draw_updates.py`. No units, a sketch; the boxes are the states of slots.json.
"""

from matplotlib.axes import Axes
from sketch import Point, arrow, box, canvas, edge, save

GOOD = "#E6F2DF"
TRIAL = "#FBF3D0"
HOST = "#D9E8F5"
SIZE = 3.0, 1.2

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
    ("first", "second", "crash, hang, reset,\npower cut: again", (7.8, -0.45), 0.0),
    ("second", "back", "once more:\nit goes back", (2.6, -0.45), 0.0),
    ("first", "new", "it confirms itself", (10.6, -2.05), 0.0),
    ("second", "new", "it confirms itself", (6.5, -2.75), 0.0),
    ("back", "trial", "flash again", (4.4, 0.8), 0.0),
    ("new", "trial", "rollback, or the next flash:\nthe other slot, on trial", (13.5, -1.0), 0.5),
)


def ends_of(start: str, end: str, bend: float) -> tuple[Point, Point]:
    """Where an arrow begins and ends: a bent one leaves by the rim that it bends towards."""
    one, other = BOXES[start][:2], BOXES[end][:2]
    (x, y), (other_x, other_y), (width, height) = one, other, SIZE
    if not bend:
        return edge(one, other, SIZE), edge(other, one, SIZE)
    if y == other_y:
        return (x, y + height / 2), (other_x, other_y + height / 2)
    return (x + width / 2, y), (other_x + width / 2, other_y)


def draw(panel: Axes) -> None:
    """All boxes and arrows."""
    for x, y, color, text in BOXES.values():
        box(panel, (x, y), SIZE, color, text)
    for start, end, text, where, bend in ARROWS:
        arrow(panel, *ends_of(start, end, bend), bend)
        is_beside = BOXES[start][0] == BOXES[end][0]
        panel.text(*where, text, ha="left" if is_beside else "center", va="bottom", fontsize=10)
    panel.text(-1.5, 4.3, "green: confirmed   yellow: on trial   blue: the computer is at work", fontsize=10)


def main() -> None:
    """Write updates.svg beside this file."""
    figure, panel = canvas(14, 6.6, (-1.8, 17.0), (-4.2, 4.7))
    draw(panel)
    figure.tight_layout()
    save(figure, "updates")


if __name__ == "__main__":
    main()
