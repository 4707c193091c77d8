"""How well the ankle gait finds strides and direction on recorded feet and shanks; prints a table.

Run from the checkout: `.venv/bin/python benchmarks/ankle_accuracy.py`. Data: ../shared/data (see its README). Each file
is turned to the body frame (AXES below), levelled by its own still samples, resampled to 104 Hz and quantised to the
counts of a +-16 g, +-2000 deg/s IMU; lost packets become `skip`. Time-reversed recordings stand in for walking backward
(order reversed, rates negated, mirrored toe-offs are the contacts): a proxy, marked as one.

Scored are the strides of the leg that wears the sensor, inside the annotated part of the recording.
"""

import csv
import gzip
import sys
from pathlib import Path

import numpy as np

from retrogait.ankle import AnkleGait
from retrogait.events import BACKWARD, FORWARD, STEP, UNKNOWN, EventQueue
from retrogait.mounting import Mounting
from retrogait.scale import Scale

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RATE_HZ = 104

# Which axis of the file is our X (forward), Y (left), Z (up). Checked by gravity (Z reads +1 g standing) and by the
# swing (gy negative walking forward). Shank sensors sit on the outer side, so left and right are mirrored.
AXES = {
    "ipol_feet": "-x,-y,z",
    "gaitmap_feet": "x,y,z",
    "neura_left_shank": "y,z,x",
    "neura_right_shank": "-y,-z,x",
    "neura_feet": "-x,-y,z",
}


class Trial:
    """One recording: counts[n, 6] at 104 Hz, `present`[n] (not lost), contacts and toe-offs in s."""

    def __init__(self, site, name, path, axes, contacts_s, toe_offs_s):
        self.site = site
        self.name = name
        self.contacts_s = contacts_s
        self.toe_offs_s = toe_offs_s
        with gzip.open(path, "rt") as lines:
            next(lines)
            table = np.array([[float(v) for v in line.split(",")[:7]] for line in lines])
        self.counts, self.present = resample(table)
        self.mounting = level(Mounting.from_axes(axes), self.counts)

    def reversed(self):
        """The same walk run backward in time."""
        other = object.__new__(Trial)
        length_s = len(self.counts) / RATE_HZ
        other.site = self.site + ", time-reversed (proxy)"
        other.name = self.name
        other.contacts_s = sorted(length_s - t for t in self.toe_offs_s)
        other.toe_offs_s = sorted(length_s - t for t in self.contacts_s)
        other.counts = self.counts[::-1] * np.array([1, 1, 1, -1, -1, -1])
        other.present = self.present[::-1]
        other.mounting = self.mounting
        return other


def resample(table):
    """(counts[n, 6], present[n]) at 104 Hz from rows of t_s, m/s2 and rad/s, by straight lines between samples."""
    t = table[:, 0] - table[0, 0]
    grid = np.arange(0, t[-1], 1 / RATE_HZ)
    per_count = [0.000488 * 9.80665] * 3 + [np.radians(0.07)] * 3
    columns = [np.interp(grid, t, table[:, i + 1]) / per_count[i] for i in range(6)]
    before = np.clip(np.searchsorted(t, grid, side="right") - 1, 0, len(t) - 2)
    present = np.diff(t)[before] < 1.5 * np.median(np.diff(t))
    return np.clip(np.rint(np.array(columns).T), -32768, 32767).astype(int), present


def level(mounting, counts):
    """The mounting with its Z along the mean specific force of the still samples, if there is half a second of them."""
    still = np.abs(counts[:, 3:]).sum(axis=1) < 430
    if still.sum() < RATE_HZ // 2:
        return mounting
    return mounting.with_neutral(*(int(v) for v in np.median(counts[still, :3], axis=0)))


def own_strides(trial):
    """[(contact in s, direction)] of the sensor's own leg, and the number of steps of both feet."""
    events = EventQueue()
    gait = AnkleGait(events)
    scale = Scale(16, 2000)
    body = trial.mounting
    strides, inferred_next = [], True
    lost = 0
    for i, (sample, here) in enumerate(zip(trial.counts.tolist(), trial.present, strict=True)):
        if not here:
            lost += 1
            continue
        if lost:
            gait.skip(lost)
            lost = 0
        body.rotate(scale, sample)
        gait.push(i, body.ax, body.ay, body.az, body.gx, body.gy, body.gz)
        while events.take():
            if events.kind != STEP:
                continue
            # Steps come in pairs, the other leg's first; only the first stride of a walk has no pair.
            if events.value_b and inferred_next:
                inferred_next = False
                continue
            inferred_next = True
            strides.append((events.index / RATE_HZ, events.value_a))
    return strides, gait.step_count


def match(found_s, true_s, tolerance_s):
    """Pairs (i, j) of one-to-one matches between two rising lists of times."""
    i = j = 0
    pairs = []
    while i < len(found_s) and j < len(true_s):
        off = found_s[i] - true_s[j]
        if abs(off) <= tolerance_s:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif off < 0:
            i += 1
        else:
            j += 1
    return pairs


def ipol():
    """Both feet, 10 subjects, two trials each: walk 10 m, turn, walk back; heel strikes inside the trial."""
    folder = DATA / "ipol_gait_lowerback_feet"
    swings = {}
    with (folder / "gait_events.csv").open() as lines:
        for row in csv.DictReader(lines):
            if row["in_trial"] == "True":
                key = f"{row['trial']}_{row['foot'].lower()}f"
                swings.setdefault(key, []).append((float(row["toe_off_s"]), float(row["heel_strike_s"])))
    for path in sorted(folder.glob("dev/*_[lr]f.csv.gz")):
        name = path.name[:9]
        yield Trial("ipol foot", name, path, AXES["ipol_feet"], *zip_contacts(swings[name]))


def zip_contacts(swings):
    """(contacts, toe-offs) from [(toe-off, contact)]."""
    return [s[1] for s in swings], [s[0] for s in swings]


def gaitmap():
    """Both feet of one subject, 2 x 20 m: initial and terminal contacts."""
    folder = DATA / "gaitmap_foot_examples"
    with (folder / "healthy_2x20m_stride_events.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    for side in ("left", "right"):
        mine = [row for row in rows if row["foot"] == side]
        contacts = sorted({float(row[key]) for row in mine for key in ("pre_ic_s", "ic_s")})
        toe_offs = sorted(float(row["tc_s"]) for row in mine)
        path = folder / "dev" / f"healthy_2x20m_{side}.csv.gz"
        yield Trial("gaitmap foot", side, path, AXES["gaitmap_feet"], contacts, toe_offs)


def neura():
    """Shanks and feet of one subject, 9.6 s, optical events by Zeni et al. 2008.

    A contact is the ankle farthest before the pelvis, a toe-off the toe farthest behind it.
    """
    folder = DATA / "neura_sparse_sample" / "dev"
    with gzip.open(folder / "S02_walk1_vicon_positions_contacts.csv.gz", "rt") as lines:
        optical = np.genfromtxt(lines, delimiter=",", names=True)
    pelvis = np.array([optical["midpelvis_x_m"], optical["midpelvis_y_m"]]).T
    speed = np.array([np.convolve(np.gradient(p), np.ones(50) / 50, "same") for p in pelvis.T]).T
    heading = speed / (np.linalg.norm(speed, axis=1)[:, None] + 1e-9)
    for side, word in (("L", "left"), ("R", "right")):
        contacts = extremes(ahead_m(optical, side + "_ankle", pelvis, heading), optical["t_s"])
        toe_offs = extremes(-ahead_m(optical, side + "_toe", pelvis, heading), optical["t_s"])
        shank = folder / f"S02_walk1_{side}_LowLeg.csv.gz"
        yield Trial("neura shank", side, shank, AXES[f"neura_{word}_shank"], contacts, toe_offs)
        foot = folder / f"S02_walk1_{side}_Foot.csv.gz"
        yield Trial("neura foot", side, foot, AXES["neura_feet"], contacts, toe_offs)


def ahead_m(optical, point, pelvis, heading):
    """How far a marker is before the pelvis along the heading, in m."""
    marker = np.array([optical[point + "_x_m"], optical[point + "_y_m"]]).T
    return ((marker - pelvis) * heading).sum(axis=1)


def extremes(values, times):
    """Times of the maxima over 0.1 m that are largest within 0.2 s at 100 Hz."""
    inside = range(20, len(values) - 20)
    return [float(times[i]) for i in inside if values[i] > 0.1 and values[i] == values[i - 20 : i + 21].max()]


class Score:
    """Sums over the trials of one site."""

    def __init__(self):
        self.found = self.true = self.near = self.close = 0
        self.judged = self.decided = self.right = 0
        self.offsets_ms = []

    def add(self, trial):
        """Run the core over one trial and count."""
        truth = trial.contacts_s
        wanted = BACKWARD if "reversed" in trial.site else FORWARD
        strides, _ = own_strides(trial)
        strides = [s for s in strides if truth[0] - 0.25 <= s[0] <= truth[-1] + 0.25]
        found_s = [s[0] for s in strides]
        pairs = match(found_s, truth, 0.25)
        self.found += len(found_s)
        self.true += len(truth)
        self.close += len(pairs)
        self.near += len(match(found_s, truth, 0.1))
        self.offsets_ms += [1000 * (found_s[i] - truth[j]) for i, j in pairs]
        for _, direction in strides[1:]:
            self.judged += 1
            self.decided += direction != UNKNOWN
            self.right += direction == wanted

    def row(self):
        """F1 at 0.1 s and 0.25 s, median offset in ms, shares decided and right when decided, strides."""
        total = self.found + self.true
        return (
            2 * self.near / total,
            2 * self.close / total,
            float(np.median(self.offsets_ms)),
            self.decided / self.judged,
            self.right / max(1, self.decided),
            self.true,
        )


def scores():
    """{site: Score} over all recordings, forward and time-reversed."""
    result = {}
    for source in (ipol, gaitmap, neura):
        for trial in source():
            for version in (trial, trial.reversed()):
                result.setdefault(version.site, Score()).add(version)
    return result


def main():
    """Print the table; exit code 1 when the recordings are absent."""
    if not DATA.is_dir():
        sys.stderr.write(f"no recordings: {DATA} is absent\n")
        return 1
    out = sys.stdout.write
    out("| recording | --axes |\n|---|---|\n")
    for site, axes in AXES.items():
        out(f"| {site} | {axes} |\n")
    out("\n| site | F1 0.1 s | F1 0.25 s | offset ms | decided | right when decided | strides |\n")
    out("|---|---|---|---|---|---|---|\n")
    for site, score in scores().items():
        near, close, offset_ms, decided, right, strides = score.row()
        out(f"| {site} | {near:.3f} | {close:.3f} | {offset_ms:+.0f} | {decided:.3f} | {right:.3f} | {strides} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
