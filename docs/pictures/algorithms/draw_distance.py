"""Draws distance.png for docs/explanation/algorithms/distance.md."""

import numpy as np
from followed import BLUE, GREY, ORANGE, arguments, follow, legend, mark_steps, panels, save, title

from retrogait.events import STEP
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

SCRIPT = (
    Segment(3.0), Segment(16.0, BACKWARD, 0.55, 90.0), Segment(3.0), Segment(16.0, FORWARD, 1.1, 105.0), Segment(3.0),
)  # fmt: skip
WAY_PROBES = {
    "step": lambda engine: engine.distance.step_mm / 1000,
    "total": lambda engine: engine.distance.total_mm / 1000,
}
PROBES = WAY_PROBES | {"vertical": lambda engine: engine.attitude.vertical_mg / 1000}


def main() -> None:
    """Three panels: the vertical force, the length of each step, the way summed up."""
    args = arguments(__doc__)
    found = follow(args, "waist", SCRIPT, PROBES)
    figure, axes = panels(3, 1.8)
    part = (found.t_s > 6) & (found.t_s < 10)
    axes[0].plot(found.t_s[part], found.curves["vertical"][part], color=GREY, lw=0.9, label="vertical force - 1 g")
    mark_steps(axes[0], found, 0.35)
    axes[0].set(xlim=(6, 10), ylabel="g")
    title(axes[0], "Four seconds: between two triangles one step rises and falls")
    legend(axes[0])
    draw_way(axes, found)
    axes[2].set(xlabel=f"seconds; {len(found.of_kind(STEP))} steps told")
    save(figure, args, "distance")


def draw_way(axes, found) -> None:
    """The second and the third panel, from the probes "step" and "total"."""
    axes[1].step(found.t_s, found.curves["step"], where="post", color=BLUE, label="length of the last step")
    axes[1].set(ylabel="metres", ylim=(0, 1))
    if found.truth is not None:
        draw_truth(axes, found)
    axes[2].plot(found.t_s, found.curves["total"], color=BLUE, label="way told")
    axes[2].set(ylabel="metres", xlabel="seconds")
    legend(axes[1])
    legend(axes[2])


def draw_truth(axes, found) -> None:
    """What the script asked for: speed over pace is the length of a step; both summed up."""
    speed = np.zeros(len(found.t_s))
    start_s = 0.0
    for segment in SCRIPT:
        inside = (found.t_s >= start_s) & (found.t_s < start_s + segment.duration_s)
        speed[inside] = segment.speed_mps
        if segment.cadence_spm:
            length = segment.speed_mps * 60 / segment.cadence_spm
            axes[1].hlines(length, start_s, start_s + segment.duration_s, color=ORANGE, ls="--")
        start_s += segment.duration_s
    axes[2].plot(found.t_s, np.cumsum(speed) / 104, color=ORANGE, ls="--", label="asked for by the script (dashed)")


if __name__ == "__main__":
    main()
