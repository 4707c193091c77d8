"""Draws patterns.svg, the picture of docs/explanation/patterns.md: what the motor does for what.

Run `.venv/bin/python docs/pictures/draw_patterns.py`. From retrogait.patterns, in
milliseconds; cues at the length of an error half-way.
"""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from retrogait import events, patterns
from retrogait.cueing import STUMBLE_MS

CUE_MS = 200
CUES = [
    (name.replace("_", " "), patterns.of_cue(code, STUMBLE_MS if code == events.STUMBLED else CUE_MS))
    for code, name in enumerate(events.FAULT_NAMES)
    if name
]
REST = [
    ("good again", (60,)),
    ("start: countdown of 3 s", patterns.countdown(3)),
    ("end", patterns.STOP),
    ("pause", patterns.PAUSED),
    ("on again", patterns.RESUMED),
    ("goal reached", patterns.SUCCESS),
    ("marked", patterns.MARKED),
    ("pain stop", patterns.PAIN),
    ("no: refused", patterns.REFUSED),
    ("calibrating: stand still", patterns.STAND_STILL),
    ("calibrating: move now", patterns.MOVE_NOW),
    ("calibration passed", patterns.PASSED),
    ("failed", patterns.FAILED),
    ("clip moved: calibrate again", patterns.FIT_AGAIN),
    ("battery low", patterns.BATTERY_LOW),
    ("walking test: ready", patterns.TRIAL_READY),
    ("trial ended", patterns.TRIAL_DONE),
    ("app gives up", patterns.GIVEN_UP),
    ("hello: just flashed", patterns.HELLO),
]


def draw(panel: Axes, rows: list[tuple[str, tuple[int, ...]]], title: str, colour: str) -> None:
    """One row a pattern, pulses as bars over milliseconds."""
    for place, (_, pattern) in enumerate(rows):
        at = 0
        for i, ms in enumerate(pattern):
            if i % 2 == 0:
                panel.barh(place, ms, left=at, height=0.62, color=colour)
            at += ms
        panel.text(at + 25, place, f"{at} ms", va="center", fontsize=8, color="#555555")
    panel.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=9)
    panel.invert_yaxis()
    panel.set_title(title, loc="left", fontsize=10)
    panel.set_xlabel("ms")
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="x", color="#dddddd", lw=0.6)
    panel.set_axisbelow(True)


def main() -> None:
    """Write the picture beside this file."""
    mpl.rcParams["svg.hashsalt"] = "retrowalk"
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5.6), layout="constrained")
    draw(left, CUES, f"Cues (pulses that grow with the error, here {CUE_MS} ms)", "#0072B2")
    draw(right, REST, "Everything else", "#B25D00")
    left.set_xlim(0, 1100)
    right.set_xlim(0, 3800)
    figure.savefig(Path(__file__).with_name("patterns.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
