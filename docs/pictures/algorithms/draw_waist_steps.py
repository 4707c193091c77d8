"""Draws waist_steps.png for docs/explanation/algorithms/waist-steps.md."""

from followed import BLUE, GREEN, GREY, arguments, follow, legend, mark_steps, mark_true_steps, panels, save, title

from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

USUAL = (
    Segment(3.0),
    Segment(7.0, FORWARD, 1.0, 104.0),
    Segment(3.0),
    Segment(7.0, BACKWARD, 0.55, 88.0),
    Segment(3.0),
)
HARD = (Segment(3.0), Segment(16.0, BACKWARD, 0.12, 24.0), Segment(4.0))
PROBES = {
    "vertical": lambda engine: engine.attitude.vertical_mg,
    "level": lambda engine: engine.gait._signal.level / 400,
}


def main() -> None:
    """Three panels: force, step signal, and a walk too slow and too soft."""
    args = arguments(__doc__)
    figure, axes = panels(3)
    usual = follow(args, "waist", USUAL, PROBES)
    axes[0].plot(usual.t_s, usual.curves["vertical"], color=GREY, lw=0.6)
    axes[0].set(ylabel="vertical force\nminus 1 g, mg")
    draw_signal(axes[1], usual)
    axes[1].set(ylabel="step signal, mg")
    title(axes[1], "forward, then backward")
    hard = follow(args, "waist", HARD, PROBES)
    draw_signal(axes[2], hard)
    axes[2].set(ylabel="step signal, mg", xlabel="seconds (the signal is drawn 0.26 s early: its delay is taken off)")
    title(axes[2], "where it fails: 24 steps a minute at 0.12 m/s")
    save(figure, args, "waist_steps")


def draw_signal(panel, followed) -> None:
    """The step signal with true and told steps."""
    level = followed.curves["level"]
    top = max(60.0, level.max() * 1.15)
    mark_true_steps(panel, followed.truth, level.min(), top)
    panel.plot(followed.t_s - 27 / 104, level, color=BLUE, lw=1)
    panel.axhline(35, color=GREEN, lw=0.8, ls="--", label="least first bump")
    mark_steps(panel, followed, top)
    legend(panel)


if __name__ == "__main__":
    main()
