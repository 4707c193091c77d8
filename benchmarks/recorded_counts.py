"""The recorded walks as the counts of our IMU, data set by data set: what `make compression` and its test pack.

Counts are made as the virtual device makes them: resampled to 104 Hz, at the ranges of the mount (waist 8 g and
500 dps, ankle 16 g and 2000 dps), rounded, and with the noise that the recording has. Nothing is added.
"""

from dataclasses import dataclass

import numpy as np
from accuracy.recordings import DATA

from retrogait.scale import RANGES
from retrowalk.recordings.recording import load_recording, resample_to_counts


@dataclass(frozen=True)
class Recordings:
    """A data set: which files, and where the sensor sat."""

    name: str
    mount: str
    pattern: str

    @property
    def folder(self) -> str:
        """The set's folder."""
        return self.pattern.partition("/")[0]

    def counts(self, most_files: int | None = None) -> list[np.ndarray]:
        """Segments without a hole, int16 [n, 6], of all files or the first `most_files`."""
        segments: list[np.ndarray] = []
        for path in sorted(DATA.glob(self.pattern))[:most_files]:
            found, _n_clipped = resample_to_counts(load_recording(path), *RANGES[self.mount])
            segments += [each.values for each in found]
        return segments


SETS = (
    Recordings("ipol, lower back", "waist", "ipol_gait_lowerback_feet/dev/*_lb.csv.gz"),
    Recordings("mobilised, lower back", "waist", "mobilised_lab_lowerback/dev/*.csv.gz"),
    Recordings("sdh, lower back", "waist", "sdh_lumbar/dev/*.csv.gz"),
    Recordings("neura, pelvis", "waist", "neura_sparse_sample/dev/*_Pelvis.csv.gz"),
    Recordings("broad, by hand", "waist", "broad_orientation/dev/*.csv.gz"),
    Recordings("ipol, feet", "ankle", "ipol_gait_lowerback_feet/dev/*_[lr]f.csv.gz"),
    Recordings("neura, legs", "ankle", "neura_sparse_sample/dev/S02_walk1_[LR]_*.csv.gz"),
    Recordings("gaitmap, feet", "ankle", "gaitmap_foot_examples/dev/healthy_2x20m_[lr]*.csv.gz"),
)
