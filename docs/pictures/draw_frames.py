"""Draws frames.svg, the picture of docs/reference/frames.md: `.venv/bin/python docs/pictures/draw_frames.py`.

Four panels: the walker from the right, from behind and from above, with the body axes and the positive senses, and the
sensor axes of the two lower-back data sets. Units: none, a sketch.
"""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, Rectangle

BODY = "#444444"
AXIS = {"X": "#0072B2", "Y": "#D55E00", "Z": "#009E73"}
SENSE = "#7B3294"


def arrow(panel: Axes, start: tuple[float, float], end: tuple[float, float], color: str, curve: float = 0.0) -> None:
    """One arrow; `curve` bends it (positive: counterclockwise seen along the way)."""
    style = f"arc3,rad={curve}"
    patch = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=16, lw=2.2, color=color, zorder=5)
    patch.set_connectionstyle(style)
    panel.add_patch(patch)


def label(panel: Axes, x: float, y: float, text: str, color: str = "black", size: int = 11) -> None:
    """Centred text."""
    panel.text(x, y, text, color=color, fontsize=size, ha="center", va="center")


def pierce(panel: Axes, x: float, y: float, name: str, color: str, towards: bool) -> None:
    """An axis at right angles to the paper: a dot towards the reader, a cross away."""
    panel.add_patch(Circle((x, y), 0.13, fill=False, lw=2, color=color))
    if towards:
        panel.add_patch(Circle((x, y), 0.04, color=color))
    else:
        panel.plot([x - 0.09, x + 0.09], [y - 0.09, y + 0.09], color=color, lw=2)
        panel.plot([x - 0.09, x + 0.09], [y + 0.09, y - 0.09], color=color, lw=2)
    label(panel, x + 0.33, y - 0.02, name, color)


def start(panel: Axes, title: str) -> None:
    """An empty square panel."""
    panel.set_xlim(-2.2, 2.2)
    panel.set_ylim(-2.6, 2.3)
    panel.set_aspect("equal")
    panel.axis("off")
    panel.set_title(title, fontsize=12)


def draw_person(panel: Axes, from_right: bool) -> None:
    """A stick figure, standing."""
    panel.add_patch(Circle((0, 1.35), 0.3, fill=False, lw=2.5, color=BODY))
    panel.plot([0, 0], [1.05, -0.6], color=BODY, lw=2.5)
    if from_right:
        panel.plot([0, 0, 0.35], [-0.6, -2.2, -2.2], color=BODY, lw=2.5)
        panel.plot([0.3, 0.42], [1.35, 1.3], color=BODY, lw=2.5)
        panel.add_patch(Rectangle((-0.26, -0.55), 0.18, 0.36, color=BODY))
    else:
        panel.plot([-0.3, 0, 0.3], [-2.2, -0.6, -2.2], color=BODY, lw=2.5)
        panel.plot([-0.55, 0, 0.55], [0.0, 0.95, 0.0], color=BODY, lw=2.5)
        panel.add_patch(Rectangle((-0.2, -0.55), 0.4, 0.36, color=BODY))


def draw_side(panel: Axes) -> None:
    """From the wearer's right: X to the right of the paper, Y away from the reader."""
    start(panel, "from the wearer's right")
    draw_person(panel, from_right=True)
    arrow(panel, (0, -0.37), (1.5, -0.37), AXIS["X"])
    label(panel, 1.25, -0.65, "X forward", AXIS["X"])
    arrow(panel, (0, -0.37), (0, 0.8), AXIS["Z"])
    label(panel, -0.45, 0.62, "Z up", AXIS["Z"])
    pierce(panel, 0.45, -1.2, "Y", AXIS["Y"], towards=False)
    arrow(panel, (0.1, 1.95), (1.25, 1.3), SENSE, -0.3)
    label(panel, 1.3, 1.95, "lean +", SENSE)
    label(panel, 1.45, 1.05, "bow: gy +", SENSE, 10)
    arrow(panel, (-0.5, -1.7), (-1.7, -1.7), "black")
    label(panel, -1.2, -2.0, "walking\nbackward", size=10)


def draw_back(panel: Axes) -> None:
    """From behind: Y to the left of the paper, X away from the reader."""
    start(panel, "from behind")
    draw_person(panel, from_right=False)
    arrow(panel, (0, -0.37), (-1.5, -0.37), AXIS["Y"])
    label(panel, -1.3, -0.65, "Y left", AXIS["Y"])
    arrow(panel, (0, -0.37), (0, 0.8), AXIS["Z"])
    label(panel, -0.75, 0.75, "Z up", AXIS["Z"])
    pierce(panel, 0.75, -1.2, "X", AXIS["X"], towards=False)
    arrow(panel, (0.1, 1.95), (1.25, 1.3), SENSE, -0.3)
    label(panel, 1.3, 1.95, "side lean +", SENSE)


def draw_top(panel: Axes) -> None:
    """From above: X up the paper, Y to the left, Z towards the reader."""
    start(panel, "from above")
    panel.add_patch(Ellipse((0, -0.2), 2.0, 0.8, fill=False, lw=2.5, color=BODY))
    panel.add_patch(Circle((0, -0.2), 0.3, fill=False, lw=2.5, color=BODY))
    panel.add_patch(Rectangle((-0.2, -0.8), 0.4, 0.18, color=BODY))
    arrow(panel, (0, -0.2), (0, 1.5), AXIS["X"])
    label(panel, -0.75, 1.4, "X forward", AXIS["X"])
    arrow(panel, (0, -0.2), (-1.7, -0.2), AXIS["Y"])
    label(panel, -1.6, -0.5, "Y left", AXIS["Y"])
    pierce(panel, 0.6, -1.35, "Z", AXIS["Z"], towards=True)
    arrow(panel, (1.45, 0.35), (0.55, 1.0), SENSE, 0.35)
    label(panel, 1.5, 1.22, "turn, twist +", SENSE)
    label(panel, 1.65, 0.7, "gz +", SENSE, 10)
    arrow(panel, (0, -1.0), (0, -2.2), "black")
    label(panel, -0.75, -1.9, "walking\nbackward", size=10)


def draw_sensors(panel: Axes) -> None:
    """The sensors' own axes in two data sets, from the wearer's right."""
    start(panel, "sensor axes, from the wearer's right")
    for height, name, axes, z_sign, y_towards in (
        (0.75, "ipol lower back", "--axes=-z,y,x", -1, False),
        (-1.45, "mobilised lower back", "--axes=z,-y,x", 1, True),
    ):
        panel.add_patch(Rectangle((-0.2, height - 0.2), 0.4, 0.4, fill=False, lw=2, color=BODY))
        arrow(panel, (0, height), (0, height + 0.95), AXIS["Z"])
        label(panel, 0.25, height + 0.8, "x", AXIS["Z"])
        arrow(panel, (0, height), (1.1 * z_sign, height), AXIS["X"])
        label(panel, 1.0 * z_sign, height - 0.28, "z", AXIS["X"])
        pierce(panel, -1.3 * z_sign, height, "y", AXIS["Y"], y_towards)
        label(panel, 0, height - 0.5, f"{name}: {axes}", size=10)
    label(panel, 0, -2.45, "dot: towards you, cross: away from you", size=9)


def main() -> None:
    """Write frames.svg beside this file; the same bytes every time."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "retrowalk"
    figure, panels = plt.subplots(1, 4, figsize=(15, 4.6))
    for draw, panel in zip((draw_side, draw_back, draw_top, draw_sensors), panels, strict=True):
        draw(panel)
    figure.tight_layout()
    figure.savefig(Path(__file__).with_name("frames.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
