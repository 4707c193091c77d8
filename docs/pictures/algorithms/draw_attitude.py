"""Draws attitude.png for docs/explanation/algorithms/attitude.md."""

import numpy as np
from followed import BLUE, GREY, MODEL_AXES, ORANGE, arguments, follow, legend, panels, push_all, save, title

from retrowalk.wearer.script import BACKWARD, Segment

SCRIPT = (
    Segment(4.0), Segment(10.0, BACKWARD, 0.55, 90.0), Segment(7.0, BACKWARD, 0.55, 90.0, lean_deg=14.0),
    Segment(10.0, BACKWARD, 0.55, 90.0), Segment(3.0),
)  # fmt: skip
PROBES = {
    "lean": lambda engine: engine.lean_cdeg / 100,
    "force": lambda engine: np.degrees(np.arctan2(-engine._mounting.ax, engine._mounting.az)),
}
SLIP_DEG = 20.0


def main() -> None:
    """Two panels: lean with its truth, and the same walk with a clip that slips."""
    args = arguments(__doc__)
    figure, axes = panels(2, 2.3)
    found = follow(args, "waist", SCRIPT, PROBES)
    axes[0].plot(found.t_s, found.curves["force"], color=GREY, lw=0.5, label="from the accelerometer alone")
    draw_lean(axes[0], found)
    if found.truth is not None:
        values = found.counts.astype(float)
        half = len(values) * 4 // 5
        c, s = np.cos(np.radians(SLIP_DEG)), np.sin(np.radians(SLIP_DEG))
        # The model's sensor: body X is its -z, body Z its x. The clip tips forward about the wearer's left.
        slip = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        values[half:, :3] = values[half:, :3] @ slip.T
        values[half:, 3:] = values[half:, 3:] @ slip.T
        slipped = push_all(np.rint(values).clip(-32768, 32767).astype(np.int16), "waist", MODEL_AXES["waist"], PROBES)
        slipped.truth = found.truth
        draw_lean(axes[1], slipped)
        axes[1].axvline(half / 104, color="black", lw=0.8, ls=":")
    title(axes[1], "where it fails: the clip slips by 20 degrees (dotted), and that looks like lean")
    axes[1].set(xlabel="seconds; dashed: the coach's limits")
    save(figure, args, "attitude")


def draw_lean(panel, followed) -> None:
    """Lean told, and true where it is known."""
    if followed.truth is not None:
        panel.plot(followed.t_s, followed.truth.lean_deg, color=ORANGE, lw=1.4, label="true lean of the pelvis")
    panel.plot(followed.t_s, followed.curves["lean"], color=BLUE, lw=1, label="lean told")
    for level in (-8, 8):
        panel.axhline(level, color=GREY, lw=0.8, ls="--")
    panel.set(ylabel="degrees, forward +", ylim=(-30, 30))
    legend(panel)


if __name__ == "__main__":
    main()
