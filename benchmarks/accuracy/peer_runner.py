"""What the peers find in a recording. Runs under the peers' own Python (.venv/peers), never under ours.

    .venv/peers/bin/python benchmarks/accuracy/peer_runner.py < jobs.json > found.json

jobs: [[peer, path, axes or null, change]]; found: a list with, for each job, the times of the steps (file's t_s), or
[[t_s, up_x, up_y, up_z]] for attitude, or {"error": text}. Default settings; the frame is levelled by its
quiet samples (the peers ask for a sensor that hangs straight), and holes are bridged, for none of them knows holes.
"""

import gzip
import json
import sys
import warnings

import numpy as np

RATE_HZ = 100.0


def load(path, axes, change):
    """(t0_s, t1_s, accel [n, 3], gyro [n, 3]) in the wearer's axes at 100 Hz, m/s^2 and rad/s."""
    with gzip.open(path, "rt") as lines:
        table = np.genfromtxt(lines, delimiter=",", skip_header=1)
    table = table[np.append(True, np.diff(table[:, 0]) > 0)]
    t_s = table[:, 0]
    if change == "reversed":
        table = table[::-1].copy()
        table[:, 0] = t_s[0] + t_s[-1] - table[:, 0]
        table[:, 4:7] *= -1
    grid = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
    values = [np.interp(grid, table[:, 0], table[:, k]) for k in range(1, min(7, table.shape[1]))]
    values += [np.zeros(len(grid))] * (6 - len(values))
    accel, gyro = np.array(values[:3]).T, np.array(values[3:]).T
    if axes:
        accel, gyro = turned(accel, axes), turned(gyro, axes)
    return t_s[0], accel, gyro


def turned(vectors, axes):
    """Vectors in the axes named as for --axes."""
    words = axes.split(",")
    return np.array([vectors[:, "xyz".index(w[-1])] * (-1 if w[0] == "-" else 1) for w in words]).T


def levelled(accel, gyro):
    """With the mean specific force of the quietest fifth along Z, by the shortest rotation."""
    spin = np.linalg.norm(gyro, axis=1)
    up = accel[spin <= np.quantile(spin, 0.2)].mean(axis=0)
    up = up / np.linalg.norm(up)
    v = np.cross(up, [0, 0, 1.0])
    if 1 + up[2] < 1e-6:
        return accel * [1, -1, -1], gyro * [1, -1, -1]
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    rotation = np.eye(3) + k + k @ k / (1 + up[2])
    return accel @ rotation.T, gyro @ rotation.T


def mobgap(path, axes, change):
    """The impaired-walking pipeline's gait sequences and initial contacts (GsdIonescu, then IcdIonescu)."""
    import pandas as pd
    from mobgap.gait_sequences import GsdIonescu
    from mobgap.initial_contacts import IcdIonescu

    t0_s, accel, gyro = load(path, axes, change)
    accel, gyro = levelled(accel, gyro)
    columns = {"acc_is": accel[:, 2], "acc_ml": accel[:, 1], "acc_pa": accel[:, 0]}
    columns |= {"gyr_is": gyro[:, 2], "gyr_ml": gyro[:, 1], "gyr_pa": gyro[:, 0]}
    data = pd.DataFrame(columns)
    data[["gyr_is", "gyr_ml", "gyr_pa"]] *= 180 / np.pi
    found = []
    spans = GsdIonescu().detect(data, sampling_rate_hz=RATE_HZ).gs_list_
    for start, end in spans[["start", "end"]].to_numpy().astype(int):
        part = data.iloc[start:end].reset_index(drop=True)
        contacts = IcdIonescu().detect(part, sampling_rate_hz=RATE_HZ).ic_list_["ic"].to_numpy()
        found += list(t0_s + (start + contacts) / RATE_HZ)
    return sorted(found)


def skdh(path, axes, change):
    """scikit-digital-health GaitLumbar, the whole recording taken for one bout."""
    from skdh.gait import GaitLumbar

    t0_s, accel, gyro = load(path, axes, change)
    accel, gyro = levelled(accel, gyro)
    t_s = np.arange(len(accel)) / RATE_HZ
    order = [2, 1, 0]
    result = GaitLumbar().predict(
        time=t_s + 1.6e9, accel=accel[:, order] / 9.80665, gyro=gyro[:, order], fs=RATE_HZ, v_axis=0, ap_axis=2
    )
    contacts = np.unique(np.asarray(result.get("IC Rel Timestamp", []), float))
    return sorted(t0_s + contacts[np.isfinite(contacts)])


def gaitmap(path, axes, change):
    """Barth's stride segmentation (DTW) and Rampp's events on one foot: the initial contacts."""
    import pandas as pd
    from gaitmap.event_detection import RamppEventDetection
    from gaitmap.stride_segmentation import BarthDtw
    from gaitmap.utils.coordinate_conversion import convert_left_foot_to_fbf, convert_right_foot_to_fbf

    t0_s, accel, gyro = load(path, axes, change)
    accel, gyro = levelled(accel, gyro)
    names = [f"{kind}_{axis}" for kind in ("acc", "gyr") for axis in "xyz"]
    to_foot = convert_right_foot_to_fbf if "right" in path or "_rf." in path else convert_left_foot_to_fbf
    data = to_foot(pd.DataFrame(np.hstack([accel, np.degrees(gyro)]), columns=names))
    strides = BarthDtw().segment(data, sampling_rate_hz=RATE_HZ).stride_list_
    events = RamppEventDetection().detect(data, strides, sampling_rate_hz=RATE_HZ).segmented_event_list_
    contacts = events["ic"].to_numpy(dtype=float)
    return sorted(t0_s + contacts[np.isfinite(contacts)] / RATE_HZ)


def vqf(path, _axes, _change):
    """VQF, online, six axes: direction to the sky in the sensor's frame."""
    from vqf import VQF

    t_s, accel, gyro = raw(path)
    found = VQF(float(np.median(np.diff(t_s)))).updateBatch(gyro, accel)["quat6D"]
    return np.column_stack([t_s, up_from(found)]).tolist()


def imufusion(path, _axes, _change):
    """imufusion's AHRS without magnetometer."""
    import imufusion as fusion

    t_s, accel, gyro = raw(path)
    filter_ = fusion.Ahrs()
    settings = fusion.AhrsSettings()
    settings.sample_rate = 1 / float(np.median(np.diff(t_s)))
    filter_.set_settings(settings)
    found = []
    for rate, force in zip(np.degrees(gyro), accel / 9.80665, strict=True):
        filter_.update_no_magnetometer(rate, force)
        found.append(filter_.get_gravity())
    return np.column_stack([t_s, found]).tolist()


def raw(path):
    """t_s, accel and gyro as in the file."""
    with gzip.open(path, "rt") as lines:
        table = np.genfromtxt(lines, delimiter=",", skip_header=1)
    return table[:, 0], np.ascontiguousarray(table[:, 1:4]), np.ascontiguousarray(table[:, 4:7])


def up_from(quaternions):
    """Direction to the sky in the sensor's frame, [n, 3]."""
    w, x, y, z = quaternions.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)


PEERS = {each.__name__: each for each in (mobgap, skdh, gaitmap, vqf, imufusion)}


def main():
    """Jobs from stdin, findings to stdout; a peer that fails says so, and the others go on."""
    warnings.filterwarnings("ignore")
    found = []
    for peer, path, axes, change in json.load(sys.stdin):
        try:
            found.append([float(t) for t in f] if np.ndim(f := PEERS[peer](path, axes, change)) == 1 else f)
        except Exception as error:  # noqa: BLE001 - whatever a foreign library raises is its result
            found.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
