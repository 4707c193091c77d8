"""Draws coach.png for docs/explanation/algorithms/coach.md."""

import numpy as np
from followed import BLUE, GREEN, GREY, ORANGE, arguments, follow, legend, panels, save, shade_states

from retrogait.events import CUE, FAULT_NAMES, GOOD_AGAIN
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

STEADY = Segment(9.0, BACKWARD, 0.55, 90.0)
SCRIPT = (
    Segment(4.0), STEADY, Segment(7.0, BACKWARD, 0.55, 90.0, lean_deg=14.0), STEADY,
    Segment(9.0, BACKWARD, 0.85, 130.0), STEADY, Segment(3.0), Segment(9.0, FORWARD, 0.9, 100.0, lean_deg=14.0),
    Segment(3.0),
)  # fmt: skip
PROBES = {
    "lean": lambda engine: engine.lean_cdeg / 100,
    "cadence": lambda engine: engine.gait.cadence_dspm / 10,
}


def main() -> None:
    """Two panels, lean and cadence with their limits; cues over both."""
    args = arguments(__doc__)
    figure, axes = panels(2, 2.2)
    found = follow(args, "waist", SCRIPT, PROBES)
    smooth = np.convolve(found.curves["lean"], np.ones(52) / 52, "full")[: len(found.t_s)]
    axes[0].plot(found.t_s, found.curves["lean"], color=GREY, lw=0.6, label="lean")
    axes[0].plot(found.t_s, smooth, color=BLUE, label="mean of half a second")
    draw_limits(axes[0], found, (8, -8), (5, -5), 17, ("lean_forward", "lean_back", "lean_side"))
    axes[0].set(ylabel="degrees, forward +", ylim=(-12, 21))
    cadence = np.where(found.curves["cadence"] > 0, found.curves["cadence"], np.nan)
    axes[1].plot(found.t_s, cadence, color=BLUE, label="cadence")
    draw_limits(axes[1], found, (110,), (104,), 140, ("too_fast",))
    axes[1].set(
        ylabel="steps a minute", ylim=(40, 155),
        xlabel="seconds; ribbon: the state told. The last lean gets no cue: the wearer walks forward",
    )  # fmt: skip
    save(figure, args, "coach")


def draw_limits(panel, followed, cue, clear, at, faults) -> None:
    """Cue and clear limits, and the cues and ticks about these faults."""
    shade_states(panel, followed)
    for level in cue:
        panel.axhline(level, color=ORANGE, lw=0.8, ls="--")
    for level in clear:
        panel.axhline(level, color=GREEN, lw=0.8, ls=":")
    for kind, mark, color, name in ((CUE, "s", ORANGE, "cue"), (GOOD_AGAIN, "o", GREEN, "tick: good again")):
        told = [t_s for t_s, fault, _ in followed.of_kind(kind) if FAULT_NAMES[fault] in faults]
        panel.plot(told, [at] * len(told), mark, color=color, ms=5, label=name)
    legend(panel)


if __name__ == "__main__":
    main()
