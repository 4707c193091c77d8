"""`quality` says what is wrong with a signal: each fault is named, and a good recording is not blamed."""

import numpy as np
import pytest
from recordings_made import standing_then_stepping, write_csv
from walks_made import analyzed


def notes_of(tmp_path, change):
    values = standing_then_stepping()
    change(values)
    found = analyzed(write_csv(tmp_path / "walk.csv", values), "--mount", "waist", "--axes", "x,y,z")
    return " | ".join(found["quality"]["notes"]), found["quality"]


def nothing(values):
    """A good recording."""


def dead_gyro_axis(values):
    values[:, 5] = 0


def stuck_accelerometer_axis(values):
    values[:, 2] = 1.5


def frozen(values):
    values[600:900, 1:] = values[600, 1:]


def gravity_off(values):
    values[:, 1:4] *= 1.15


def clipping(values):
    values[500:, 6] += 20 * (np.arange(len(values) - 500) % 10 == 0)


def slow_clock(values):
    values[:, 0] *= 1.05


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dead_gyro_axis, "gy reads 0 throughout"),
        (stuck_accelerometer_axis, "ay reads the same value throughout"),
        (frozen, "frozen for"),
        (gravity_off, "1.15 g where gravity is 1"),
        (clipping, "at the end of the sensor's range (gz)"),
        (slow_clock, "% off the usual"),
    ],
)
def test_each_fault_is_named(tmp_path, change, words):
    notes, _quality = notes_of(tmp_path, change)
    assert words in notes


def test_a_good_recording_is_not_blamed(tmp_path):
    notes, quality = notes_of(tmp_path, nothing)
    assert notes == ""
    assert quality["clipped_percent"] == 0


def test_the_share_of_clipped_samples(tmp_path):
    _notes, quality = notes_of(tmp_path, clipping)
    assert quality["clipped_percent"] == pytest.approx(100 * quality["clipped_samples"] / (16 * 104), abs=0.1)
    assert quality["clipped_percent"] > 3
