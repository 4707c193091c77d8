"""How well the core knows which way is up, against the optical orientation recorded in ../shared/data.

Every recording goes through Scale, Mounting and Attitude as `retrowalk analyze` sends it: resampled to 104 Hz, in
counts of 16 g and 2000 dps. BROAD: angle between the found and the true up while `movement` is 1. NeuRA pelvis: from
2 s on, after the best constant rotation between the sensor and the body segment that Vicon followed, as the peers were
scored; and against the filter of the Xsens sensor itself. Run from the checkout:
    .venv/bin/python benchmarks/attitude_accuracy.py
"""

import sys
from pathlib import Path

import numpy as np

from retrogait import RATE_HZ
from retrogait.attitude import Attitude
from retrogait.mounting import Mounting
from retrogait.scale import Scale
from retrowalk.recordings.recording import load_recording, resample_to_counts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
BROAD = DATA / "broad_orientation" / "dev"
NEURA = DATA / "neura_sparse_sample" / "dev" / "S02_walk1_Pelvis.csv.gz"
ACCEL_RANGE_G = 16
GYRO_RANGE_DPS = 2000
SETTLED_S = 2.0


def up_by_core(path):
    """Seconds [n] in the file's time and unit vectors to the sky [n, 3] in the file's axes."""
    recording = load_recording(path)
    segments, _ = resample_to_counts(recording, ACCEL_RANGE_G, GYRO_RANGE_DPS)
    scale, body, attitude = Scale(ACCEL_RANGE_G, GYRO_RANGE_DPS), Mounting(), Attitude()
    t_s, up = [], []
    for segment in segments:
        attitude.restart()
        for index, sample in enumerate(segment.values.tolist(), start=segment.first_index):
            body.rotate(scale, sample)
            attitude.push(body.ax, body.ay, body.az, body.gx, body.gy, body.gz, False)
            t_s.append(recording.t_s[0] + index / RATE_HZ)
            up.append((attitude.up_x, attitude.up_y, attitude.up_z))
    return np.array(t_s), unit(np.array(up, float))


def truth(path, system=""):
    """All columns of the file, and true unit vectors to the sky [n, 3] in the body's axes (NaN where unknown)."""
    rows = np.genfromtxt(path, delimiter=",", names=True)
    w, x, y, z = (rows[f"{system}q{name}"] for name in "wxyz")
    return rows, unit(np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1))


def unit(vectors):
    """Each row at length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def at_times(t_s, times_s, vectors):
    """The vectors [n, 3] at other times, interpolated."""
    return unit(np.stack([np.interp(times_s, t_s, vectors[:, k]) for k in range(3)], axis=1))


def rms_angle_deg(a, b):
    """Root mean square of the angle between rows."""
    return float(np.sqrt(np.mean(np.degrees(np.arccos(np.clip((a * b).sum(axis=1), -1, 1))) ** 2)))


def best_rotation(a, b):
    """The rotation R [3, 3] that brings the rows of `a` nearest to those of `b` (Kabsch 1976)."""
    u, _, vt = np.linalg.svd(b.T @ a)
    return u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt


def broad_error_deg(path):
    """RMS inclination error in the phase of the trial that counts."""
    t_s, up = up_by_core(path)
    rows, sky = truth(path)
    counted = (rows["movement"] > 0) & np.isfinite(sky[:, 0])
    return rms_angle_deg(at_times(t_s, rows["t_s"][counted], up), sky[counted])


def neura_error_deg(system, aligned):
    """RMS angle against `system` (vicon_ or xsens_) after the first two seconds; `aligned`: best rotation taken out."""
    t_s, up = up_by_core(NEURA)
    rows, sky = truth(NEURA, system)
    counted = (rows["t_s"] >= rows["t_s"][0] + SETTLED_S) & np.isfinite(sky[:, 0])
    found, true = at_times(t_s, rows["t_s"][counted], up), sky[counted]
    return rms_angle_deg(found @ best_rotation(found, true).T if aligned else found, true)


def main():
    """Print the table; 1 if the recordings are absent."""
    if not DATA.is_dir():
        print(f"no recordings: {DATA} is absent", file=sys.stderr)
        return 1
    errors = {path.name.split(".")[0]: broad_error_deg(path) for path in sorted(BROAD.glob("*.csv.gz"))}
    print("inclination error, degrees RMS")
    for name, error in errors.items():
        print(f"  broad {name:<38}{error:6.2f}")
    print(f"  {'broad, mean / worst':<44}{np.mean(list(errors.values())):6.2f} /{max(errors.values()):5.2f}")
    print(f"  {'neura pelvis, optical, best rotation':<44}{neura_error_deg('vicon_', True):6.2f}")
    print(f"  {'neura pelvis, filter of the Xsens sensor':<44}{neura_error_deg('xsens_', False):6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
