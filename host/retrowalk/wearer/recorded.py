"""A recorded walk as the track of the virtual wearer, forward as recorded or run backward.

Called by `retrowalk virtual --walk FILE` and by tests. The track stays in the frame of the recording's sensor: the
mounting is found on the device, by calibration, as with a real clip.
"""

import numpy as np

from retrogait import RATE_HZ
from retrowalk.recordings.recording import load_recording, resample, time_reversed
from retrowalk.wearer.frames import Frames


def frames_from_recording(path, accel_unit="m/s2", gyro_unit="rad/s", backward=False):
    """The recording CSV at `path` as Frames; `backward` runs it in reverse (a stand-in for backward walking).

    A hole in the recording is held: the force of the last sample before it, and no rotation. A file without a gyro
    gives rates of 0. Raises UsageError and DamagedError as `load_recording` does.
    """
    recording = load_recording(path, accel_unit, gyro_unit)
    if backward:
        recording = time_reversed(recording)
    return frames_of(resample(recording))


def frames_of(segments):
    """Segments of [n, 6] in m/s^2 and rad/s at 104 Hz (recordings.recording.Segment) as one track, holes held."""
    first = segments[0].first_index
    values = np.zeros((segments[-1].end_index - first, 6))
    end = 0
    for segment in segments:
        start = segment.first_index - first
        if start > end > 0:
            values[end:start, :3] = values[end - 1, :3]
        end = start + len(segment.values)
        values[start:end] = segment.values
    return Frames.from_si(np.arange(len(values)) / RATE_HZ, values[:, :3], values[:, 3:])
