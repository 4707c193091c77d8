"""Draws ankle_distance.png for docs/explanation/algorithms/ankle-distance.md."""

import numpy as np
from draw_distance import SCRIPT, WAY_PROBES, draw_way
from followed import BLUE, GREY, arguments, follow, legend, mark_steps, panels, save, title

PROBES = WAY_PROBES | {"pitch": lambda engine: engine._mounting.gy / 10}


def main() -> None:
    """Three panels: the shank's pitch rate and angle, the length of each step, the way summed up."""
    args = arguments(__doc__)
    found = follow(args, "ankle", SCRIPT, PROBES)
    figure, axes = panels(3, 1.8)
    part = (found.t_s > 6) & (found.t_s < 10)
    rate = found.curves["pitch"][part]
    axes[0].plot(found.t_s[part], rate, color=GREY, lw=0.9, label="pitch rate, deg/s")
    axes[0].plot(found.t_s[part], 5 * np.cumsum(rate - rate.mean()) / 104, color=BLUE, label="its angle, deg x 5")
    mark_steps(axes[0], found, 250)
    axes[0].set(xlim=(6, 10))
    title(axes[0], "Four seconds: the range of the angle within a stride")
    legend(axes[0])
    draw_way(axes, found)
    save(figure, args, "ankle_distance")


if __name__ == "__main__":
    main()
