"""One walk followed through the core, sample by sample, for the pictures of docs/explanation/algorithms.

The committed pictures show the walking model only. `draw_X.py --recorded FILE --axes=-z,y,x --out FOLDER` draws the
same picture from a recording of yours; such pictures do not belong in the repository, for the data sets' licences.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from retrogait import RATE_HZ
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.events import BACKWARD, FORWARD, STATE, STEP
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import load_recording, resample_to_counts, to_counts
from retrowalk.wearer.model import walk

HERE = Path(__file__).resolve().parent
RANGES = {"waist": (8, 500), "ankle": (16, 2000)}
MODEL_AXES = {"waist": "-z,y,x", "ankle": "x,y,z"}
BLUE, ORANGE, GREEN, GREY, PURPLE = "#0072B2", "#D55E00", "#009E73", "#777777", "#7B3294"
WAY_COLOR = {BACKWARD: BLUE, FORWARD: ORANGE}
WAY_NAME = {BACKWARD: "backward", FORWARD: "forward"}


@dataclass
class Followed:
    """`t_s` [n]; `curves` {name: [n]} of the probes; `events` (index, kind, a, b); `truth` of the model or None."""

    t_s: np.ndarray
    curves: dict[str, np.ndarray]
    events: list[tuple[int, int, int, int]]
    truth: Any = None
    counts: np.ndarray = field(default_factory=lambda: np.zeros((0, 6)))

    def of_kind(self, kind: int) -> list[tuple[float, int, int]]:
        """(seconds, value_a, value_b) of the events of a kind, in order of time."""
        return [(index / RATE_HZ, a, b) for index, found, a, b in sorted(self.events) if found == kind]


def arguments(text: str | None) -> argparse.Namespace:
    """--recorded, --axes and --out."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--recorded", type=Path, metavar="FILE", help="draw a recording instead of the walking model")
    parser.add_argument("--axes", default="x,y,z", help="the file's axes that point forward, left and up")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of the picture")
    args = parser.parse_args()
    if args.recorded and args.out.resolve() == HERE:
        parser.error("pictures of recordings go elsewhere: add --out FOLDER")
    return args


def follow(
    args: argparse.Namespace, mount: str, script: Any, probes: dict[str, Callable[[Any], float]], seed: int = 1
) -> Followed:
    """Push the recording that `args` name, or else the model's walk of `script`, and read the probes each sample."""
    truth = None
    if args.recorded:
        segments, _ = resample_to_counts(load_recording(args.recorded), *RANGES[mount])
        counts = np.concatenate([segment.values for segment in segments])
    else:
        made = walk(script, mount, seed)
        truth = made.truth
        counts, _ = to_counts(np.hstack([made.frames.accel_mps2, made.frames.gyro_radps]), *RANGES[mount])
    return push_all(counts, mount, args.axes if args.recorded else MODEL_AXES[mount], probes, truth)


def push_all(
    counts: np.ndarray, mount: str, axes: str, probes: dict[str, Callable[[Any], float]], truth: Any = None
) -> Followed:
    """The same for counts at hand, int16 [n, 6]."""
    kind = WaistEngine if mount == "waist" else AnkleEngine
    engine = kind(Settings(), Mounting.from_axes(axes), *RANGES[mount])
    rows: list[list[float]] = []
    events: list[tuple[int, int, int, int]] = []

    def drain() -> None:
        queue = engine.events
        while queue.take():
            events.append((queue.index, queue.kind, queue.value_a, queue.value_b))

    for sample in counts.tolist():
        engine.push(sample)
        drain()
        rows.append([probe(engine) for probe in probes.values()])
    engine.finish()
    drain()
    values = np.array(rows, float).T
    return Followed(np.arange(len(counts)) / RATE_HZ, dict(zip(probes, values, strict=True)), events, truth, counts)


def panels(n: int, height: float = 2.1) -> tuple[Any, Any]:
    """A figure of `n` panels one above the other."""
    mpl.use("agg")
    mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "legend.fontsize": 8})
    figure, axes = plt.subplots(n, 1, figsize=(9, 0.6 + height * n), layout="constrained")
    return figure, np.atleast_1d(axes)


def save(figure: Any, args: argparse.Namespace, name: str) -> None:
    """Write NAME.png into the folder of the arguments."""
    figure.savefig(args.out / f"{name}.png", dpi=90, metadata={"Software": None})
    plt.close(figure)


def mark_true_steps(panel: Any, truth: Any, low: float, high: float) -> None:
    """The contacts that the model really made, as grey ticks."""
    if truth is not None:
        panel.vlines(truth.step_times_s, low, high, color=GREY, lw=0.8, label="true contact")


def mark_steps(panel: Any, followed: Followed, at: float) -> None:
    """The steps that were told, as triangles in the colour of their direction."""
    steps = followed.of_kind(STEP)
    for way, color, name in ((BACKWARD, BLUE, "backward"), (FORWARD, ORANGE, "forward"), (0, "black", "unknown")):
        times = [t_s for t_s, told, _ in steps if told == way]
        if times:
            panel.plot(times, [at] * len(times), "v", ms=6, color=color, label=f"step told, {name}")


def shade_states(panel: Any, followed: Followed) -> None:
    """A ribbon at the bottom: the state that was told."""
    told = followed.of_kind(STATE)
    ends = [t_s for t_s, _, _ in told[1:]] + [float(followed.t_s[-1])]
    colors = ["#dddddd", BLUE, ORANGE, PURPLE, "white"]
    for (start_s, state, _), end_s in zip(told, ends, strict=True):
        panel.axvspan(start_s, end_s, 0, 0.06, color=colors[state], lw=0)


def legend(panel: Any) -> None:
    """One row above the panel."""
    panel.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=6, frameon=False, borderaxespad=0.1)


def title(panel: Any, text: str) -> None:
    """Above the legend's row, on the left."""
    panel.set_title(text, loc="left", fontsize=9, pad=17)
