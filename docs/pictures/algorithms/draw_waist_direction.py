"""Draws waist_direction.png for docs/explanation/algorithms/waist-direction.md."""

import numpy as np
from followed import BLUE, GREY, ORANGE, arguments, follow, legend, mark_steps, panels, save, shade_states, title

from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

SCRIPT = (
    Segment(3.0), Segment(10.0, BACKWARD, 0.55, 90.0), Segment(3.0, BACKWARD, 0.3, 90.0, turn_deg=180.0),
    Segment(8.0, BACKWARD, 0.55, 90.0), Segment(3.0), Segment(10.0, FORWARD, 1.0, 104.0), Segment(3.0),
    Segment(14.0, BACKWARD, 0.12, 30.0), Segment(3.0),
)  # fmt: skip
PROBES = {
    "d": lambda engine: engine.gait._direction.d_percent / 100,
    "vertical": lambda engine: engine.gait._signal.vertical / 400,
    "forward": lambda engine: engine.gait._signal.forward / 400,
}


def main() -> None:
    """Three panels: the two forces over some steps each way, D over the walk."""
    args = arguments(__doc__)
    figure, axes = panels(3)
    found = follow(args, "waist", SCRIPT, PROBES)
    for panel, (start_s, what) in zip(axes, ((7.0, "walking backward"), (31.0, "walking forward")), strict=False):
        show = (found.t_s >= start_s) & (found.t_s < start_s + 3)
        rise = np.gradient(found.curves["vertical"][::4]) * 26 / 10
        panel.plot(found.t_s[::4], rise, color=BLUE, label="d(vertical)/dt, 10 mg/s")
        panel.plot(found.t_s[::4], found.curves["forward"][::4], color=ORANGE, label="fore-aft force, mg")
        panel.set(xlim=(start_s, start_s + 3), ylabel="smoothed")
        panel.set_ylim(-1.2 * np.abs(found.curves["forward"][show]).max() - 30, None)
        title(panel, what)
        legend(panel)
    panel = axes[2]
    shade_states(panel, found)
    panel.plot(found.t_s, found.curves["d"], color="black", lw=1)
    for level in (-0.5, -0.3, 0.3, 0.5):
        panel.axhline(level, color=GREY, lw=0.6, ls="--")
    mark_steps(panel, found, 1.0)
    panel.set(ylabel="D over 2 s", xlabel="seconds; ribbon: state told (blue backward, orange forward, purple turn)")
    title(panel, "from 40 s on: 0.12 m/s")
    legend(panel)
    save(figure, args, "waist_direction")


if __name__ == "__main__":
    main()
