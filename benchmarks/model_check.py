"""The walking model beside recorded walks: `python benchmarks/model_check.py [--picture FILE]`; a table on stdout.

Lower back: ten subjects of the ipol set, forward, against the model walking at the same speeds and cadences. Ankle:
the NeuRA shanks. The recordings lie in ../shared/data beside the checkout. tests/wearer asserts how near they are.
"""

import argparse
import csv
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from retrowalk.recordings.recording import load_recording
from retrowalk.wearer.frames import ANKLE_MOUNTING, WAIST_MOUNTING, Frames
from retrowalk.wearer.measures import STEP_HARMONICS, STRIDE_HARMONICS, mean_of, measure
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import FORWARD, Segment

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
TRIALS = ("S01_T3", "S03_T3", "S05_T3", "S07_T4", "S09_T3", "S11_T3", "S13_T5", "S15_T3", "S17_T3", "S19_T3")
CHANNELS = ("forward", "left", "up", "roll rate", "pitch rate", "yaw rate")
SHOWN = tuple((channel, k) for channel in (0, 2, 4) for k in STEP_HARMONICS) + tuple(
    (channel, k) for channel in (1, 3, 5) for k in STRIDE_HARMONICS
)
_EDGE_S = 1.5
_WALK_M = 20.0
_SHANK_STRIDES_S = (0.9, 2.0)


def rows(path):
    """A CSV file as a list of dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def recorded_waists(data):
    """[(WaistMeasures, speed m/s, cadence steps/min)] of the straight stretches of TRIALS."""
    folder = data / "ipol_gait_lowerback_feet"
    trials = {row["trial"]: row for row in rows(folder / "trials.csv")}
    events = rows(folder / "gait_events.csv")
    out = []
    for name in TRIALS:
        recording = load_recording(folder / "dev" / f"{name}_lb.csv.gz")
        body = Frames.from_si(recording.t_s, recording.accel_mps2, recording.gyro_rps).to_body(WAIST_MOUNTING)
        left_s = [float(e["heel_strike_s"]) for e in events if e["trial"] == name and e["foot"] == "L"]
        start_s, turn_s, back_s, end_s = (
            float(trials[name][key]) for key in ("trial_start_s", "uturn_start_s", "uturn_end_s", "trial_end_s")
        )
        speed_mps = _WALK_M / (end_s - start_s - (back_s - turn_s))
        for first_s, last_s in ((start_s + _EDGE_S, turn_s - _EDGE_S / 2), (back_s + _EDGE_S / 2, end_s - _EDGE_S)):
            found = stretch(body, first_s - recording.t_s[0], last_s - recording.t_s[0], left_s - recording.t_s[0])
            stride_s = np.median(np.diff([t for t in left_s if first_s < t < last_s]))
            out.append((found, speed_mps, 120 / stride_s))
    return out


def modelled_waist(speed_mps, cadence_spm, seed=0, direction=FORWARD):
    """WaistMeasures of the model walking 30 s at that speed and cadence."""
    made = walk([Segment(3.0), Segment(36.0, direction, speed_mps, cadence_spm), Segment(2.0)], seed=seed)
    left = np.array(made.truth.step_feet) == "left"
    return stretch(made.frames.to_body(WAIST_MOUNTING), 6.0, 36.0, made.truth.step_times_s[left])


def stretch(body, start_s, end_s, left_contacts_s):
    """WaistMeasures of Frames in the body frame from start_s to end_s of the track."""
    first, last = round(start_s * 104), round(end_s * 104)
    contacts_s = np.asarray(left_contacts_s) - first / 104
    return measure(body.accel_mps2[first:last], body.gyro_radps[first:last], contacts_s[contacts_s > 0])


def recorded_swings_dps(data):
    """Peak mid-swing rates (deg/s, negative forward) of the NeuRA shanks, long strides only."""
    folder = data / "neura_sparse_sample" / "dev"
    truth = np.genfromtxt(folder / "S02_walk1_vicon_positions_contacts.csv.gz", delimiter=",", skip_header=1)
    out = []
    for name, column, ankle in (("L", 16, 4), ("R", 17, 7)):
        recording = load_recording(folder / f"S02_walk1_{name}_LowLeg.csv.gz")
        up = recording.accel_mps2[:100].mean(axis=0)
        gyro = recording.gyro_rps - np.outer(recording.gyro_rps @ up, up) / (up @ up)
        pitch = gyro @ np.linalg.svd(gyro, full_matrices=False)[2][0]
        pitch *= np.sign(-pitch[np.argmax(np.abs(pitch))])
        starts = np.flatnonzero(np.diff(truth[:, column]) > 0)
        for first, last in pairwise(starts):
            if np.hypot(*(truth[last, ankle : ankle + 2] - truth[first, ankle : ankle + 2])) > 1.2:
                out.append(np.degrees(pitch[first:last].min()))
    return np.array(out)


def modelled_swings_dps(speed_mps, cadence_spm, direction=FORWARD, seed=0):
    """Peak mid-swing rates (deg/s) of the model's right shank: the largest of each stride, with its sign."""
    made = walk([Segment(3.0), Segment(30.0, direction, speed_mps, cadence_spm), Segment(2.0)], "ankle", seed)
    pitch = np.degrees(made.frames.to_body(ANKLE_MOUNTING).gyro_radps[:, 1])
    right = made.truth.step_times_s[np.array(made.truth.step_feet) == "right"]
    peaks = []
    for start_s, end_s in pairwise(right[1:-1]):
        stride = pitch[round(start_s * 104) : round(end_s * 104)]
        peaks.append(stride[np.argmax(np.abs(stride))])
    return np.array(peaks)


def compare(data, seed=0):
    """(recorded, modelled) WaistMeasures, the means over the same walks."""
    found = recorded_waists(data)
    made = [modelled_waist(speed, cadence, seed + i) for i, (_, speed, cadence) in enumerate(found)]
    return mean_of([each for each, _, _ in found]), mean_of(made)


def phase_difference_deg(a, b):
    """Angle from b to a, -180 to 180."""
    return float(np.degrees(np.angle(a * np.conj(b))))


def table(recorded, modelled, swings):
    """The comparison as lines of text."""
    lines = [f"{'':24}{'recorded':>10}{'model':>10}"]
    for name, field in (("up RMS m/s2", "up_rms"), ("forward RMS m/s2", "forward_rms"), ("direction D", "direction")):
        lines.append(f"{name:24}{getattr(recorded, field):10.2f}{getattr(modelled, field):10.2f}")
    for i, name in enumerate(("roll", "pitch", "yaw")):
        lines.append(f"{name + ' rate RMS rad/s':24}{recorded.gyro_rms[i]:10.3f}{modelled.gyro_rms[i]:10.3f}")
    lines.append(f"{'shank mid-swing deg/s':24}{np.median(swings[0]):10.0f}{np.median(swings[1]):10.0f}")
    lines.append(f"{'harmonic of the stride':24}{'amplitude':>20}{'phase, deg':>20}{'phase off':>11}")
    for channel, k in SHOWN:
        a, b = recorded.cycle[k, channel], modelled.cycle[k, channel]
        phases = f"{np.degrees(np.angle(a)):10.0f}{np.degrees(np.angle(b)):10.0f}{phase_difference_deg(b, a):11.0f}"
        lines.append(f"{CHANNELS[channel] + ' ' + str(k):24}{abs(a):10.3f}{abs(b):10.3f}{phases}")
    return lines


def draw(path, recorded, modelled):
    """One stride of both, each channel a panel."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    phase = np.linspace(0, 1, 200)
    figure, panels = plt.subplots(2, 3, figsize=(12, 6), layout="constrained")
    for channel, panel in enumerate(panels.flat):
        for each, name, style in ((recorded, "recorded", "-"), (modelled, "model", "--")):
            wave = sum((each.cycle[k, channel] * np.exp(2j * np.pi * k * phase)).real for k in range(1, 13))
            panel.plot(100 * phase, wave, style, label=name)
        panel.set_title(CHANNELS[channel] + (" m/s2" if channel < 3 else " rad/s"))
        panel.set_xlabel("% of stride from the left contact")
    panels.flat[0].legend()
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description="The walking model beside recorded walks.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the recorded walks")
    parser.add_argument("--picture", type=Path, help="draw one stride of both into this PNG")
    args = parser.parse_args()
    if not args.data.is_dir():
        sys.exit(f"no recorded walks at {args.data}: nothing to compare with")
    recorded, modelled = compare(args.data)
    swings = recorded_swings_dps(args.data), modelled_swings_dps(1.0, 84.0)
    sys.stdout.write("\n".join(table(recorded, modelled, swings)) + "\n")
    if args.picture:
        draw(args.picture, recorded, modelled)


if __name__ == "__main__":
    main()
