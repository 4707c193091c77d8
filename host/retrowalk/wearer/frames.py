"""What an ideal IMU feels, sample by sample: the track that the virtual device's sensor plays.

A track is an int32 array [n, 6]: specific force in ug and angular rate in units of 125 udps (ax, ay, az, gx, gy, gz)
at exactly 104 Hz, in the SENSOR's frame. On disk: the same numbers, little-endian, nothing else. Made by
`wearer.recorded` and `wearer.model`; read by the virtual device and by tests that feed the core.
"""

from pathlib import Path

import numpy as np

from retrogait import RATE_HZ
from retrowalk.recordings.recording import STANDARD_GRAVITY_MPS2

RATE_UNIT_DPS = 125e-6

# body = MOUNTING @ sensor. Waist: body X = sensor -z, Y = y, Z = x (`--axes -z,y,x`); ankle: the body's own axes.
WAIST_MOUNTING = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]], float)
ANKLE_MOUNTING = np.eye(3)
MOUNTINGS = {"waist": WAIST_MOUNTING, "ankle": ANKLE_MOUNTING}

_BYTES_PER_SAMPLE = 24


class Frames:
    """A track; `values` is the int32 array [n, 6]. Raises ValueError for another shape."""

    def __init__(self, values):
        values = np.ascontiguousarray(values, dtype=np.int32)
        if values.ndim != 2 or values.shape[1] != 6:
            raise ValueError(f"a track has six numbers a sample, not the shape {values.shape}")
        self.values = values

    def __len__(self):
        return len(self.values)

    @property
    def duration_s(self):
        """Number of samples / 104."""
        return len(self.values) / RATE_HZ

    @property
    def accel_mps2(self):
        """Specific force [n, 3] in m/s^2, sensor frame."""
        return self.values[:, :3] * (STANDARD_GRAVITY_MPS2 / 1e6)

    @property
    def gyro_radps(self):
        """Angular rate [n, 3] in rad/s, sensor frame."""
        return np.radians(self.values[:, 3:] * RATE_UNIT_DPS)

    @classmethod
    def from_si(cls, t_s, accel_mps2, gyro_radps):
        """Resample to 104 Hz from times [n] (rising, s), accel [n, 3] (m/s^2) and gyro [n, 3] (rad/s).

        Linear between samples; a gap in `t_s` is crossed by a straight line unless the caller filled it before.
        Raises ValueError if the times do not rise or the lengths differ.
        """
        t_s, accel_mps2, gyro_radps = (np.asarray(part, float) for part in (t_s, accel_mps2, gyro_radps))
        if t_s.ndim != 1 or len(t_s) < 2 or accel_mps2.shape != (len(t_s), 3) or gyro_radps.shape != (len(t_s), 3):
            raise ValueError("times [n], accel [n, 3] and gyro [n, 3] with n of at least 2 are needed")
        if not np.all(np.diff(t_s) > 0):
            raise ValueError("the times of a recording must rise")
        if not (np.isfinite(accel_mps2).all() and np.isfinite(gyro_radps).all()):
            raise ValueError("a track cannot hold numbers that are not finite")
        n_samples = int(np.floor((t_s[-1] - t_s[0]) * RATE_HZ + 1e-6)) + 1
        at_s = t_s[0] + np.arange(n_samples) / RATE_HZ
        accel_ug = np.column_stack([np.interp(at_s, t_s, column) for column in accel_mps2.T])
        gyro_units = np.column_stack([np.interp(at_s, t_s, column) for column in gyro_radps.T])
        accel_ug *= 1e6 / STANDARD_GRAVITY_MPS2
        gyro_units = np.degrees(gyro_units) / RATE_UNIT_DPS
        return cls(np.rint(np.column_stack([accel_ug, gyro_units])))

    @classmethod
    def concatenate(cls, tracks):
        """One track after the other, without a pause."""
        return cls(np.concatenate([track.values for track in tracks]))

    def rotated(self, rotation):
        """The track with `rotation` [3, 3] laid on force and rate: new = rotation @ old."""
        rotation = np.asarray(rotation, float)
        accel = self.values[:, :3] @ rotation.T
        gyro = self.values[:, 3:] @ rotation.T
        return Frames(np.rint(np.column_stack([accel, gyro])))

    def to_sensor(self, mounting=WAIST_MOUNTING):
        """From the wearer's frame to that of a sensor mounted so that body = mounting @ sensor."""
        return self.rotated(np.asarray(mounting, float).T)

    def to_body(self, mounting=WAIST_MOUNTING):
        """From the sensor's frame to the wearer's: body = mounting @ sensor."""
        return self.rotated(mounting)

    def save(self, path):
        """Write the track: n x 6 int32, little-endian."""
        Path(path).write_bytes(self.values.astype("<i4").tobytes())

    @classmethod
    def load(cls, path):
        """Read a track that `save` wrote. Raises ValueError if the length is not that of whole samples."""
        data = Path(path).read_bytes()
        if len(data) % _BYTES_PER_SAMPLE:
            raise ValueError(f"{path} is no track: {len(data)} bytes are not whole samples of {_BYTES_PER_SAMPLE}")
        return cls(np.frombuffer(data, "<i4").reshape(-1, 6))
