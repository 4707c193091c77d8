"""Draws calibration.png for docs/explanation/algorithms/mounting-and-calibration.md."""

import numpy as np
from followed import BLUE, GREEN, GREY, ORANGE, RANGES, arguments, legend, panels, save, title

from retrogait.calibration import FAILED, MOVE, PASSED, PHASE_NAMES, Calibration
from retrowalk.recordings.recording import load_recording, resample_to_counts, to_counts
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import Segment

BOW = (Segment(5.0), Segment(1.2, lean_deg=25.0, ramp_s=1.2), Segment(1.2, ramp_s=1.2), Segment(2.0))
TWIST = (Segment(5.0), Segment(1.2, turn_deg=40.0), Segment(1.2, turn_deg=-40.0), Segment(2.0))
CLIP = Clip(pitch_deg=20, roll_deg=50, twist_deg=-70)
COLORS = (BLUE, ORANGE, GREEN)


def main() -> None:
    """Two panels: a bow that passes with a clip worn askew, and a turn of the trunk that fails."""
    args = arguments(__doc__)
    figure, axes = panels(2, 2.3)
    if args.recorded:
        segments, _ = resample_to_counts(load_recording(args.recorded), *RANGES["waist"])
        draw(axes[0], segments[0].values, "the recording")
        axes[1].set_visible(False)
    else:
        draw(axes[0], counts_of(BOW), "clip askew, a bow")
        draw(axes[1], counts_of(TWIST), "where it fails, as it should: the trunk was twisted, not bowed")
    axes[1].set(xlabel="seconds")
    save(figure, args, "calibration")


def counts_of(script) -> np.ndarray:
    """What the askew clip feels."""
    frames = walk(script, "waist", 3, CLIP).frames
    return to_counts(np.hstack([frames.accel_mps2, frames.gyro_radps]), *RANGES["waist"])[0]


def draw(panel, counts, heading) -> None:
    """The angles turned about the sensor's own axes, the phases and the result."""
    calibration = Calibration("waist", *RANGES["waist"])
    phases = [calibration.push(row) for row in counts.tolist()]
    t_s = np.arange(len(counts)) / 104
    moving = next((i for i, phase in enumerate(phases) if phase == MOVE), len(phases))
    rate_dps = counts[:, 3:] * 0.0175 - np.array(calibration.bias_ddps) / 10
    angle = np.cumsum(np.where(np.arange(len(counts))[:, None] >= moving, rate_dps, 0), axis=0) / 104
    for axis, color in enumerate(COLORS):
        panel.plot(t_s, angle[:, axis], color=color, label=f"about the sensor's {'xyz'[axis]}")
    panel.axvspan(0, moving / 104, color=GREY, alpha=0.2, lw=0)
    panel.text(0.1, 20, "stand: gravity, noise, bias", color="black")
    for i, phase in enumerate(phases):
        if phase in (PASSED, FAILED):
            panel.axvline(i / 104, color="black", lw=1)
            text = PHASE_NAMES[phase] + (f": {calibration.reason}" if calibration.reason else "")
            if calibration.mounting is not None:
                rows = np.round(np.array(calibration.mounting.as_list()).reshape(3, 3) / 16384, 2)
                truth = np.round(CLIP.mounting("waist"), 2)
                text += f"\nX = {rows[0]}  (true {truth[0]})\nZ = {rows[2]}  (true {truth[2]})"
            panel.text(i / 104 + 0.05, -40, text, fontsize=8)
            break
    panel.set(ylabel="degrees turned", ylim=(-45, 45))
    title(panel, heading)
    legend(panel)


if __name__ == "__main__":
    main()
