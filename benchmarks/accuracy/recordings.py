"""The recorded walks in ../shared/data as trials with their truth, each in seconds of its file's own t_s.

A trial knows its file, how the sensor was worn (`axes` as for --axes) and when feet touched the ground. Time-reversed
trials stand in for backward walking (a proxy): a mirrored toe-off is a contact. Called by accuracy.measure.
"""

import csv
import gzip
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
IPOL = DATA / "ipol_gait_lowerback_feet"
MOBILISED = DATA / "mobilised_lab_lowerback"
OXFORD = DATA / "oxford_stepcounter_pocket"
GAITMAP = DATA / "gaitmap_foot_examples"
NEURA = DATA / "neura_sparse_sample" / "dev"
BROAD = DATA / "broad_orientation" / "dev"

# Forward, left, up on the wearer. Shank sensors sit on the outer side of the leg, so left and right are mirrored.
NEURA_AXES = {"L_LowLeg": "y,z,x", "R_LowLeg": "-y,-z,x", "L_Foot": "-x,-y,z", "R_Foot": "-x,-y,z"}

_BEFORE_TOE_OFF_S = 0.2


@dataclass(frozen=True)
class Trial:
    """One recording. `change` is "", "reversed" or "x1.5": what is done to it before it is analysed.

    `contacts_s`: true steps; `others_s`: annotated contacts that are no truth of the main score; `first_s`, `last_s`:
    the file's first and last t_s; `straight_s` and `walking_s`: spans of walking; `turn_s`: the U-turn.
    """

    name: str
    subject: str
    path: Path
    mount: str
    axes: str | None
    first_s: float
    last_s: float
    contacts_s: np.ndarray
    toe_offs_s: np.ndarray
    others_s: np.ndarray
    walking_s: tuple[tuple[float, float], ...] = ()
    straight_s: tuple[tuple[float, float], ...] = ()
    turn_s: tuple[float, float] | None = None
    still_s: float = 0.0
    height_m: float | None = None
    speed_mps: float | None = None
    change: str = ""

    def reversed(self) -> "Trial":
        """The same walk run backward in time."""
        both = self.first_s + self.last_s

        def mirror(spans):
            return tuple((both - end, both - start) for start, end in reversed(spans))

        return replace(
            self,
            contacts_s=np.sort(both - self.toe_offs_s),
            toe_offs_s=np.sort(both - self.contacts_s),
            walking_s=mirror(self.walking_s),
            straight_s=mirror(self.straight_s),
            turn_s=mirror((self.turn_s,))[0] if self.turn_s else None,
            still_s=0.0,
            change="reversed",
        )

    def stretched(self, times: float) -> "Trial":
        """The same walk slowed: `times` as long from the first sample on (a proxy for slow walking)."""
        return replace(
            self,
            last_s=self.first_s + times * (self.last_s - self.first_s),
            contacts_s=self.first_s + times * (self.contacts_s - self.first_s),
            change=f"x{times}",
        )


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def ends_s(path: Path) -> tuple[float, float]:
    """First and last t_s of a recording."""
    with gzip.open(path, "rt") as lines:
        t_s = [line.split(",", 1)[0] for line in lines][1:]
    return float(t_s[0]), float(t_s[-1])


def ipol() -> list[Trial]:
    """L5, ten subjects, 60 trials: stand, walk 10 m, turn, walk back. Truth: the swings inside the trial."""
    events = rows(IPOL / "gait_events.csv")
    return [
        _ipol_trial(row, f"{row['trial']}_lb", "waist", "-z,y,x", [e for e in events if e["trial"] == row["trial"]])
        for row in rows(IPOL / "trials.csv")
        if (IPOL / "dev" / f"{row['trial']}_lb.csv.gz").exists()
    ]


def ipol_feet() -> list[Trial]:
    """Both feet of two trials of each subject: the swings of the foot that wears the sensor."""
    events = rows(IPOL / "gait_events.csv")
    found = []
    for row in rows(IPOL / "trials.csv"):
        for side in "lr":
            name = f"{row['trial']}_{side}f"
            if (IPOL / "dev" / f"{name}.csv.gz").exists():
                mine = [e for e in events if e["trial"] == row["trial"] and e["foot"].lower() == side]
                found.append(_ipol_trial(row, name, "ankle", "-x,-y,z", mine))
    return found


def _ipol_trial(row, name, mount, axes, events) -> Trial:
    path = IPOL / "dev" / f"{name}.csv.gz"
    first_s, last_s = ends_s(path)
    inside = [e for e in events if e["in_trial"] == "True"]
    outside = [e for e in events if e["in_trial"] != "True"]
    start_s, end_s, turn_s, back_s = (
        float(row[key]) for key in ("trial_start_s", "trial_end_s", "uturn_start_s", "uturn_end_s")
    )
    return Trial(
        name,
        row["trial"].split("_")[0],
        path,
        mount,
        axes,
        first_s,
        last_s,
        times(inside, "heel_strike_s"),
        times(inside, "toe_off_s"),
        times(outside, "heel_strike_s"),
        walking_s=((start_s, end_s),),
        straight_s=((start_s, turn_s), (back_s, end_s)),
        turn_s=(turn_s, back_s),
        still_s=start_s - _BEFORE_TOE_OFF_S,
        height_m=float(row["height_cm"]) / 100,
        speed_mps=20 / (end_s - start_s),
    )


def times(events, key) -> np.ndarray:
    """One column as sorted seconds; empty cells and NaN are left out."""
    values = np.array([float(e[key] or "nan") for e in events])
    return np.sort(values[np.isfinite(values)])


def mobilised(truth="INDIP") -> list[Trial]:
    """Lower back, one subject's short walks and daily life. `truth`: INDIP, Stereophoto or union (either system).

    Only walking bouts are annotated, so whole-recording precision is a lower bound.
    """
    events = rows(MOBILISED / "gait_events.csv")
    bouts = [b for b in rows(MOBILISED / "walking_bouts.csv") if b["system"] == "INDIP" and b["level"] == "MicroWB"]
    found = []
    for path in sorted((MOBILISED / "dev").glob("*.csv.gz")):
        name = path.name.split(".")[0]
        mine = [e for e in events if e["trial"] == name and e["event"] == "IC"]
        indip, optical = (times([e for e in mine if e["system"] == s], "t_s") for s in ("INDIP", "Stereophoto"))
        contacts = {"INDIP": indip, "Stereophoto": optical, "union": union(indip, optical)}[truth]
        spans = tuple((float(b["start_s"]), float(b["end_s"])) for b in bouts if b["trial"] == name)
        first_s, last_s = ends_s(path)
        if len(contacts):
            none = np.array([])
            found.append(
                Trial(
                    name,
                    name.split("_")[0],
                    path,
                    "waist",
                    "z,-y,x",
                    first_s,
                    last_s,
                    contacts,
                    none,
                    none,
                    walking_s=spans,
                )
            )
    return found


def union(one, other, tolerance_s=0.25) -> np.ndarray:
    """Contacts that either system saw; seen by both (within 0.25 s) they count once, at their mean."""
    i, j = matched(one, other, tolerance_s)
    both = (one[i] + other[j]) / 2
    return np.sort(np.concatenate([both, np.delete(one, i), np.delete(other, j)]))


def matched(found_s, true_s, tolerance_s) -> tuple[np.ndarray, np.ndarray]:
    """One-to-one matches in order of time, as many as there can be: index arrays of found and of true events."""
    pairs, i, j = [], 0, 0
    while i < len(found_s) and j < len(true_s):
        apart = found_s[i] - true_s[j]
        if abs(apart) <= tolerance_s:
            pairs.append((i, j))
        i += apart <= tolerance_s
        j += apart >= -tolerance_s
    found, true = np.array(pairs, dtype=int).reshape(-1, 2).T
    return found, true


def oxford() -> list[Trial]:
    """A phone in a trouser pocket or neck pouch, in any pose: no axes are given and there is no gyro."""
    events = rows(OXFORD / "step_events.csv")
    found = []
    for path in sorted((OXFORD / "dev").glob("*.csv.gz")):
        name = path.name.split(".")[0]
        contacts = times([e for e in events if e["trial"] == name], "contact_s")
        none = np.array([])
        found.append(Trial(name, name.split("_")[0], path, "waist", None, *ends_s(path), contacts, none, none))
    return found


def gaitmap_feet() -> list[Trial]:
    """Both feet of one subject, 2 x 20 m; initial and terminal contacts of 57 strides."""
    found = []
    for side in ("left", "right"):
        mine = [e for e in rows(GAITMAP / "healthy_2x20m_stride_events.csv") if e["foot"] == side]
        contacts = np.unique(np.concatenate([times(mine, "pre_ic_s"), times(mine, "ic_s")]))
        path = GAITMAP / "dev" / f"healthy_2x20m_{side}.csv.gz"
        toe_offs = times(mine, "tc_s")
        found.append(
            Trial(side, "healthy5047", path, "ankle", "x,y,z", *ends_s(path), contacts, toe_offs, np.array([]))
        )
    return found


def neura_legs() -> list[Trial]:
    """Shanks and feet of one subject, optical events by Zeni et al. 2008.

    A contact is the ankle farthest before the pelvis, a toe-off the toe farthest behind it. (The set's own flags tell
    when the foot is flat, 0.28 s later.)
    """
    optical = table(NEURA / "S02_walk1_vicon_positions_contacts.csv.gz")
    found = []
    for segment, axes in NEURA_AXES.items():
        contacts = extremes_s(optical["t_s"], ahead_m(optical, f"{segment[0]}_ankle"))
        toe_offs = extremes_s(optical["t_s"], -ahead_m(optical, f"{segment[0]}_toe"))
        path = NEURA / f"S02_walk1_{segment}.csv.gz"
        found.append(Trial(segment, "S02", path, "ankle", axes, *ends_s(path), contacts, toe_offs, np.array([])))
    return found


def ahead_m(optical, point) -> np.ndarray:
    """How far a marker is before the pelvis along the pelvis' path (0.5 s mean), in m."""
    marker, pelvis = (np.stack([optical[f"{p}_x_m"], optical[f"{p}_y_m"]], axis=1) for p in (point, "midpelvis"))
    velocity = np.stack([np.convolve(np.gradient(c), np.ones(50) / 50, "same") for c in pelvis.T], axis=1)
    heading = velocity / (np.linalg.norm(velocity, axis=1, keepdims=True) + 1e-9)
    return ((marker - pelvis) * heading).sum(axis=1)


def extremes_s(t_s, values) -> np.ndarray:
    """Times of the maxima over 0.1 m that are the largest within 0.2 s, at 100 Hz."""
    inside = range(20, len(values) - 20)
    return t_s[[i for i in inside if values[i] > 0.1 and values[i] == values[i - 20 : i + 21].max()]]


def table(path: Path) -> np.ndarray:
    """A gzip'd CSV as a structured array; empty cells are NaN."""
    with gzip.open(path, "rt") as lines:
        return np.genfromtxt(lines, delimiter=",", names=True)


def up_from(quaternions: np.ndarray) -> np.ndarray:
    """[n, 3]: the direction to the sky in the sensor's frame, from [n, 4] w, x, y, z of sensor in a z-up world."""
    w, x, y, z = quaternions.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)


def broad() -> list[tuple[Path, np.ndarray, np.ndarray]]:
    """A board moved by hand: (file, t_s, optical up in the sensor's frame), NaN outside the moving phase."""
    found = []
    for path in sorted(BROAD.glob("*.csv.gz")):
        columns = table(path)
        up = up_from(np.stack([columns[key] for key in ("qw", "qx", "qy", "qz")], axis=1))
        up[columns["movement"] != 1] = np.nan
        found.append((path, columns["t_s"], up))
    return found


def neura_pelvis() -> tuple[Path, np.ndarray, np.ndarray]:
    """(file, t_s, optical up in the pelvis' frame); a constant rotation lies between sensor and segment."""
    path = NEURA / "S02_walk1_Pelvis.csv.gz"
    columns = table(path)
    return path, columns["t_s"], up_from(np.stack([columns[f"vicon_q{key}"] for key in "wxyz"], axis=1))
