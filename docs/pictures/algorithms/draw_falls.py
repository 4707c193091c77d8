"""Draws falls.png for docs/explanation/algorithms/falls.md."""

import numpy as np
from followed import BLUE, GREEN, GREY, MODEL_AXES, ORANGE, RANGES, arguments, legend, panels, push_all, save

from retrogait.events import FALL, PAUSE
from retrowalk.recordings.recording import to_counts
from retrowalk.wearer.cast import model

PROBES = {
    "vertical": lambda engine: engine.attitude.vertical_mg / 1000 + 1,
    "tilt": lambda engine: max(abs(engine.lean_cdeg), abs(engine.side_cdeg)) / 100,
}


def main() -> None:
    """Two panels: force and tilt of the cast's faller, the fall told and the pause that follows. Invented, by rule."""
    args = arguments(__doc__)
    frames = model("faller", "waist", seed=1).frames
    counts, _ = to_counts(np.hstack([frames.accel_mps2, frames.gyro_radps]), *RANGES["waist"])
    found = push_all(counts, "waist", MODEL_AXES["waist"], PROBES)
    figure, axes = panels(2, 1.9)
    axes[0].plot(found.t_s, found.curves["vertical"], color=GREY, lw=0.8, label="specific force along up")
    axes[0].axhline(3, color=ORANGE, lw=0.8, ls="--", label="3 g")
    axes[0].set(ylabel="g", xlim=(25, 60))
    axes[1].plot(found.t_s, found.curves["tilt"], color=BLUE, label="tilt off upright")
    axes[1].axhline(35, color=ORANGE, lw=0.8, ls="--", label="35 degrees")
    told = [t_s for t_s, _, _ in found.of_kind(FALL)]
    axes[1].plot(
        told, [100] * len(told), "*", ms=12, color=ORANGE, label="fall told, at its landing, ten seconds later"
    )
    pauses = [t_s for t_s, _, _ in found.of_kind(PAUSE)]
    axes[1].plot(pauses, [100] * len(pauses), "s", ms=6, color=GREEN, label="session pauses")
    axes[1].set(ylabel="degrees", ylim=(0, 115), xlim=(25, 60), xlabel="seconds")
    for panel in axes:
        legend(panel)
    save(figure, args, "falls")


if __name__ == "__main__":
    main()
