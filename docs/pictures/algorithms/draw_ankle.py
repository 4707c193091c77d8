"""Draws ankle.png for docs/explanation/algorithms/ankle.md."""

import numpy as np
from followed import BLUE, GREEN, GREY, arguments, follow, legend, mark_steps, panels, save, shade_states, title

from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

USUAL = (
    Segment(3.0),
    Segment(9.0, FORWARD, 0.9, 100.0),
    Segment(3.0),
    Segment(10.0, BACKWARD, 0.55, 88.0),
    Segment(3.0),
)
HARD = (Segment(3.0), Segment(20.0, BACKWARD, 0.06, 22.0), Segment(4.0))
PROBES = {
    "pitch": lambda engine: engine._mounting.gy / 10,
    "rate": lambda engine: (abs(engine._mounting.gx) + abs(engine._mounting.gy) + abs(engine._mounting.gz)) / 10,
}


def main() -> None:
    """Three panels: pitch rate, the smoothed movement, and steps too small."""
    args = arguments(__doc__)
    figure, axes = panels(3)
    usual = follow(args, "ankle", USUAL, PROBES)
    draw_pitch(axes[0], usual, "forward, then backward: the swing changes its sign")
    mean = usual.curves["rate"]
    for _ in range(2):
        mean = np.convolve(mean, np.ones(50) / 50, "same")
    axes[1].plot(usual.t_s, usual.curves["rate"], color=GREY, lw=0.5, label="|gx| + |gy| + |gz|")
    axes[1].plot(usual.t_s, mean, color=GREEN, label="two running means of 0.48 s: one hump a stride")
    axes[1].set(ylabel="deg/s")
    legend(axes[1])
    hard = follow(args, "ankle", HARD, PROBES)
    draw_pitch(axes[2], hard, "where it fails: shuffling at 0.06 m/s, swings below 60 deg/s have no direction")
    axes[2].set(xlabel="seconds; ribbon: the state told (blue backward, orange forward, grey unknown)")
    save(figure, args, "ankle")


def draw_pitch(panel, followed, heading) -> None:
    """The pitch rate with contacts of the leg that wears the clip, and the steps told."""
    pitch = followed.curves["pitch"]
    top = max(100.0, np.abs(pitch).max()) * 1.15
    shade_states(panel, followed)
    if followed.truth is not None:
        own = np.array(followed.truth.step_feet) == "right"
        panel.vlines(followed.truth.step_times_s[own], -top, top, color=GREY, lw=0.8, label="true contact, this leg")
    panel.plot(followed.t_s, pitch, color=BLUE, lw=0.8)
    for level in (-60, 60):
        panel.axhline(level, color=GREEN, lw=0.8, ls="--")
    mark_steps(panel, followed, top)
    panel.set(ylabel="pitch rate, deg/s")
    title(panel, heading)
    legend(panel)


if __name__ == "__main__":
    main()
