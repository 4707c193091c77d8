"""Draws twist.png for docs/explanation/algorithms/twist.md."""

import numpy as np
from followed import BLUE, GREY, ORANGE, arguments, follow, legend, panels, save

from retrowalk.wearer.script import BACKWARD, Segment

WALK = Segment(9.0, BACKWARD, 0.55, 90.0)
SCRIPT = (
    Segment(3.0), WALK, Segment(9.0, BACKWARD, 0.55, 90.0, turn_deg=45.0), WALK, WALK,
    Segment(3.0, BACKWARD, 0.3, 90.0, turn_deg=180.0), WALK, Segment(3.0),
)  # fmt: skip
PROBES = {
    "yaw": lambda engine: engine.attitude.yaw_ddps / 10,
    "degrees": lambda engine: engine.twist.degrees,
    "active": lambda engine: engine.twist.active,
}


def main() -> None:
    """Two panels: the heading summed up, and the leaky angle with its limits."""
    args = arguments(__doc__)
    found = follow(args, "waist", SCRIPT, PROBES)
    figure, axes = panels(2)
    axes[0].plot(
        found.t_s, np.cumsum(found.curves["yaw"]) / 104, color=GREY, label="rate about the vertical, summed up"
    )
    axes[0].set(ylabel="degrees, left +")
    legend(axes[0])
    axes[1].plot(found.t_s, found.curves["degrees"], color=BLUE, label="off the mean heading")
    for limit in (-20, 20):
        axes[1].axhline(limit, color=ORANGE, lw=0.8, ls="--")
    active = found.curves["active"] > 0
    axes[1].fill_between(found.t_s, -45, 45, where=active, color=ORANGE, alpha=0.25, lw=0, label="twist")
    axes[1].set(ylabel="degrees, left +", ylim=(-45, 45))
    axes[1].set_xlabel(
        "seconds. A slow curve of 45 degrees is a twist; a turn of 180 is none, and sets the angle to zero"
    )
    legend(axes[1])
    save(figure, args, "twist")


if __name__ == "__main__":
    main()
