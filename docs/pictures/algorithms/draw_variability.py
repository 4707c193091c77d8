"""Draws variability.png for docs/explanation/algorithms/variability.md."""

import numpy as np
from followed import BLUE, GREY, ORANGE, arguments, follow, legend, panels, save

from retrogait.events import STEP
from retrowalk.wearer.script import BACKWARD, Segment

SCRIPT = (Segment(3.0), Segment(50.0, BACKWARD, 0.55, 90.0), Segment(3.0))
PROBES = {"cv": lambda engine: engine.variability.cv_permille / 10}


def main() -> None:
    """Two panels: the told step intervals with the band that counts, and their coefficient of variation."""
    args = arguments(__doc__)
    found = follow(args, "waist", SCRIPT, PROBES)
    figure, axes = panels(2)
    steps = [(t_s, interval / 104) for t_s, _, interval in found.of_kind(STEP) if interval]
    usual = float(np.median([interval for _, interval in steps]))
    axes[0].plot([t for t, _ in steps], [interval for _, interval in steps], ".", color=BLUE, label="step interval")
    axes[0].axhspan(0.6 * usual, 1.6 * usual, color=GREY, alpha=0.2, lw=0, label="counts: 0.6 to 1.6 of the usual")
    axes[0].set(ylabel="seconds", ylim=(0, 1.3))
    legend(axes[0])
    cv = np.where(found.curves["cv"] >= 0, found.curves["cv"], np.nan)
    axes[1].plot(found.t_s, cv, color=ORANGE, label="coefficient of variation")
    axes[1].set(
        ylabel="percent", xlabel="seconds; nothing is told under 40 steps", xlim=axes[0].get_xlim(), ylim=(0, 8)
    )
    legend(axes[1])
    save(figure, args, "variability")


if __name__ == "__main__":
    main()
