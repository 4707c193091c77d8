"""What a clip felt, in the wearer's axes, and pieces of it; for the tests of the cast."""

import numpy as np

from retrowalk.wearer.frames import MOUNTINGS

RATE_HZ = 104


def felt(walked, mount="waist"):
    """Specific force [n, 3] in g and rate [n, 3] in deg/s, in the wearer's axes if the clip hangs straight."""
    track = walked.frames.to_body(MOUNTINGS[mount])
    return track.values[:, :3] / 1e6, track.values[:, 3:] / 8000


def between(values, start_s, end_s):
    return values[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]


def intervals_s(truth, start_s, end_s):
    """Step intervals within a span."""
    times_s = truth.step_times_s
    return np.diff(times_s[(times_s > start_s) & (times_s < end_s)])
