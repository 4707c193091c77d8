"""Draws stumble.png for docs/explanation/algorithms/stumble.md."""

import numpy as np
from followed import BLUE, GREY, MODEL_AXES, ORANGE, RANGES, arguments, legend, mark_steps, panels, push_all, save

from retrogait.events import STUMBLE
from retrowalk.recordings.recording import to_counts
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, Segment

SCRIPT = (Segment(3.0), Segment(20.0, BACKWARD, 0.55, 90.0), Segment(3.0))
PROBES = {"tipping": lambda engine: max(abs(engine._mounting.gx), abs(engine._mounting.gy)) / 10}
_AT, _STAND, _TIP = 12 * 104, 75, 30


def main() -> None:
    """One panel: tipping rate and steps of a walk in which a step is held back and the trunk tips. Made up, by rule."""
    args = arguments(__doc__)
    made = walk(SCRIPT, "waist", 1)
    values = np.hstack([made.frames.accel_mps2, made.frames.gyro_radps])
    held = np.repeat(values[_AT : _AT + 1], _STAND, axis=0)
    held[20 : 20 + _TIP, 4] += np.radians(160) * np.sin(np.linspace(0, np.pi, _TIP))
    values = np.vstack([values[:_AT], held, values[_AT:]])
    counts, _ = to_counts(values, *RANGES["waist"])
    found = push_all(counts, "waist", MODEL_AXES["waist"], PROBES)
    figure, axes = panels(1, 2.6)
    panel = axes[0]
    panel.plot(found.t_s, found.curves["tipping"], color=GREY, lw=0.8, label="rate about a horizontal axis")
    panel.axhline(100, color=ORANGE, lw=0.8, ls="--", label="100 deg/s")
    mark_steps(panel, found, 190)
    told = [t_s for t_s, _, _ in found.of_kind(STUMBLE)]
    panel.plot(told, [170] * len(told), "*", ms=12, color=ORANGE, label="stumble told")
    panel.axvspan(_AT / 104, (_AT + _STAND) / 104, color=BLUE, alpha=0.15, lw=0)
    panel.set(ylabel="deg/s", ylim=(0, 210), xlim=(5, 20), xlabel="seconds; shaded: a step held back, the trunk tips")
    legend(panel)
    save(figure, args, "stumble")


if __name__ == "__main__":
    main()
