"""What the sketches share: boxes of one size, arrows between them, and a file that is the same bytes every time."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

Point = tuple[float, float]


def canvas(width_in: float, height_in: float, x: Point, y: Point) -> tuple[Figure, Axes]:
    """An empty picture and its panel without axes, from x[0] to x[1] and from y[0] to y[1]."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "retrowalk"
    figure, panel = plt.subplots(figsize=(width_in, height_in))
    panel.set(xlim=x, ylim=y)
    panel.axis("off")
    return figure, panel


def box(panel: Axes, middle: Point, size: Point, color: str, text: str) -> None:
    """A box with its words; size: width and height."""
    (x, y), (width, height) = middle, size
    low = (x - width / 2, y - height / 2)
    panel.add_patch(FancyBboxPatch(low, width, height, boxstyle="round,pad=0.05", fc=color, ec="#444444", lw=1.5))
    panel.text(x, y, text, ha="center", va="center", fontsize=11)


def edge(middle: Point, towards: Point, size: Point) -> Point:
    """The point of a box's rim that faces another box: a side if that one is beside it, else top or bottom."""
    (x, y), (other_x, other_y), (width, height) = middle, towards, size
    if abs(other_y - y) < height:
        return x + (width / 2 if other_x > x else -width / 2), y
    return x, y + (height / 2 if other_y > y else -height / 2)


def arrow(panel: Axes, start: Point, end: Point, bend: float = 0.0, **look: Any) -> None:
    """An arrow; bend: by how much of its length it leaves the straight line; look: what matplotlib knows of patches."""
    style = f"arc3,rad={bend}"
    look = {"lw": 1.8} | look
    panel.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=16, shrinkA=3, shrinkB=3, connectionstyle=style, **look
        )
    )


def save(figure: Figure, name: str, **options: Any) -> None:
    """Write NAME.svg beside this file."""
    figure.savefig(Path(__file__).with_name(f"{name}.svg"), metadata={"Date": None}, **options)
