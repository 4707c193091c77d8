"""The neutral stance of a recording: found, given or the mean; and what is said when --axes cannot be right."""

import numpy as np
import pytest

from retrowalk.errors import UsageError
from retrowalk.recordings.recording import Segment
from retrowalk.walk.neutral import axes_mounting, find_neutral, right_handed_axes

G, DPS = 244e-6, 0.0175


def segment(force_g, seconds, first=0, noise=0.002, rate_dps=0.0):
    """Counts around one force; `rate_dps` is the amplitude of a sway."""
    rng = np.random.default_rng(5)
    n = round(seconds * 104)
    counts = np.zeros((n, 6))
    counts[:, :3] = (np.array(force_g) + rng.normal(0, noise, (n, 3))) / G
    counts[:, 3] = rate_dps / DPS * np.sin(np.arange(n) / 8)
    return Segment(first, np.rint(counts).astype(np.int16))


def find(segments, axes="x,y,z", given_s=None):
    return find_neutral(segments, axes_mounting(axes), G, DPS, axes, given_s)


def up_of(mounting):
    return np.array(mounting.as_list()[6:9]) / 16384


def test_found_after_moving():
    mounting, neutral = find([segment((0.1, 0, 1), 3, noise=0.2), segment((0.2, 0, 0.98), 3, first=312)])
    assert neutral.source == "found"
    assert neutral.start_s == pytest.approx(3.0)
    assert neutral.end_s - neutral.start_s == pytest.approx(2.0)
    assert up_of(mounting) == pytest.approx([0.2, 0, 0.98], abs=0.005)
    assert neutral.doubt == ""


def test_a_swaying_or_lying_sensor_is_no_stance():
    lying = segment((1, 0, 0.1), 3)
    swaying = segment((0, 0, 1), 3, first=312, rate_dps=20)
    standing = segment((0, 0.1, 1), 1.2, first=624)
    assert find([lying, swaying, standing])[1].start_s == pytest.approx(6.0, abs=0.2)


def test_an_instep_that_slopes_steeply_is_a_stance():
    """A sensor on the foot lies on the instep: 56 degrees in one person of ten."""
    mounting, neutral = find([segment((-0.83, 0, 0.56), 3)])
    assert (neutral.source, neutral.doubt) == ("found", "")
    assert up_of(mounting) == pytest.approx([-0.83, 0, 0.56], abs=0.01)


def test_given_and_outside_the_recording():
    segments = [segment((0, 0, 1), 2), segment((0.3, 0, 0.95), 2, first=208)]
    mounting, neutral = find(segments, given_s=(2.5, 3.5))
    assert neutral.source == "given"
    assert up_of(mounting)[0] == pytest.approx(0.3, abs=0.01)
    with pytest.raises(UsageError, match=r"4\.0 s long"):
        find(segments, given_s=(9, 12))


def test_mean_when_nobody_stands_still():
    mounting, neutral = find([segment((0.1, 0, 1), 5, noise=0.2)])
    assert neutral.source == "mean"
    assert (neutral.start_s, neutral.end_s) == (0, 5)
    assert up_of(mounting)[0] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(("force", "near"), [((1, 0.1, 0), "x"), ((0, -1, 0.1), "-y"), ((0, 0.05, -1), "-z")])
def test_wrong_axes_are_doubted_and_up_is_still_right(force, near):
    mounting, neutral = find([segment(force, 3)])
    assert f"near the file's {near}" in neutral.doubt
    assert up_of(mounting) == pytest.approx(np.array(force) / np.linalg.norm(force), abs=0.01)


@pytest.mark.parametrize("axes", ["x,y", "x,y,q", "x,y,x", "x,y,-z", "", "1,2,3", "xx,y,z"])
def test_axes_that_cannot_be_used(axes):
    with pytest.raises(UsageError, match="--axes="):
        axes_mounting(axes)


def test_right_handed_axes_are_four_with_that_up():
    found = right_handed_axes("-y")
    assert len(found) == 4
    assert all(each.endswith(",-y") and axes_mounting(each) for each in found)
