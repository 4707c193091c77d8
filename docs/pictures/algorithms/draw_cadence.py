"""Draws cadence.png for docs/explanation/algorithms/cadence.md."""

import numpy as np
from followed import BLUE, GREY, ORANGE, arguments, follow, legend, panels, save, shade_states

from retrogait.events import STEP
from retrowalk.wearer.script import BACKWARD, Segment

SCRIPT = (
    Segment(3.0), Segment(14.0, BACKWARD, 0.55, 90.0), Segment(10.0, BACKWARD, 0.85, 130.0),
    Segment(8.0, BACKWARD, 0.55, 90.0), Segment(4.0), Segment(24.0, BACKWARD, 0.25, 38.0), Segment(4.0),
)  # fmt: skip


def main() -> None:
    """One panel: true pace, the pace of each single interval, and the trimmed mean."""
    args = arguments(__doc__)
    found = follow(args, "waist", SCRIPT, {"cadence": lambda engine: engine.gait.cadence_dspm / 10})
    figure, axes = panels(1, 2.9)
    panel = axes[0]
    shade_states(panel, found)
    if found.truth is not None:
        times = found.truth.step_times_s
        gaps = np.diff(times)
        keep = gaps < 3
        panel.plot(times[1:][keep], 60 / gaps[keep], ".", color=GREY, ms=5, label="true, step by step")
    steps = [(t_s, interval) for t_s, _, interval in found.of_kind(STEP) if interval]
    panel.plot(
        [t_s for t_s, _ in steps], [6240 / interval for _, interval in steps], "+", color=ORANGE, label="told intervals"
    )
    cadence = np.where(found.curves["cadence"] > 0, found.curves["cadence"], np.nan)
    panel.plot(found.t_s, cadence, color=BLUE, label="cadence told")
    panel.axhline(110, color=GREY, lw=0.8, ls="--")
    panel.set(ylabel="steps a minute", xlabel="seconds; dashed: the coach's limit of pace")
    panel.set_ylim(0, 170)
    legend(panel)
    save(figure, args, "cadence")


if __name__ == "__main__":
    main()
