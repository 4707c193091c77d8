"""Draws turns.png for docs/explanation/algorithms/turns.md."""

import numpy as np
from followed import BLUE, GREY, PURPLE, arguments, follow, legend, panels, save

from retrogait.events import TURN
from retrowalk.wearer.script import BACKWARD, Segment

WALK = Segment(6.0, BACKWARD, 0.55, 90.0)
SCRIPT = (
    Segment(3.0), WALK, Segment(3.0, BACKWARD, 0.3, 90.0, turn_deg=180.0), WALK,
    Segment(2.5, BACKWARD, 0.3, 90.0, turn_deg=-90.0), WALK, Segment(14.0, BACKWARD, 0.5, 90.0, turn_deg=90.0), WALK,
    Segment(3.0),
)  # fmt: skip


def main() -> None:
    """Two panels: the rate about the vertical and the heading."""
    args = arguments(__doc__)
    found = follow(args, "waist", SCRIPT, {"yaw": lambda engine: engine.attitude.yaw_ddps / 10})
    figure, axes = panels(2)
    yaw = found.curves["yaw"]
    mean = np.convolve(yaw, np.ones(104) / 104, "same")
    axes[0].plot(found.t_s, yaw, color=GREY, lw=0.5, label="rate about the vertical")
    axes[0].plot(found.t_s, mean, color=BLUE, label="mean of a second")
    for level in (-8, 8):
        axes[0].axhline(level, color=GREY, lw=0.8, ls="--")
    axes[0].set(ylabel="deg/s, left +")
    legend(axes[0])
    if found.truth is not None:
        axes[1].plot(found.t_s, found.truth.heading_deg, color="black", lw=1, label="true heading")
    axes[1].plot(found.t_s, np.cumsum(yaw) / 104, color=BLUE, lw=1, label="rate summed up")
    for start_s, length, degrees in found.of_kind(TURN):
        axes[1].axvspan(start_s, start_s + length / 104, color=PURPLE, alpha=0.25, lw=0)
        axes[1].text(start_s, 200, f"{degrees:+d} deg", color=PURPLE)
    axes[1].set(ylabel="degrees, left +", xlabel="seconds; shaded: turns told. Not told: 90 degrees left over 14 s")
    axes[1].set_ylim(None, 230)
    legend(axes[1])
    save(figure, args, "turns")


if __name__ == "__main__":
    main()
