"""The 100 Hz IMUs at 104 Hz: as many steps, the same ways and turns, as from a sensor that runs at 104 Hz.

The walks are at 104 Hz: to make what a chip at 100 Hz would have told, they are read between their samples, which takes
away from them once more than the firmware's own straight lines do.
"""

import importlib.util
from array import array
from pathlib import Path

import numpy as np
import pytest

from retrogait import RATE_HZ
from retrogait.engine import WaistEngine
from retrogait.events import STEP, TURN
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import load_recording, resample_to_counts, time_reversed
from retrowalk.wearer.cast import model

FIRMWARE = Path(__file__).parents[2] / "firmware"
TRIALS = ("S01_T3", "S05_T4", "S09_T2")
ACCEL_UG, GYRO_UDPS = 244, 17500
# Counts: two roundings of a half, and the factor is good to 27 millionths.
TOLERANCE = 1.6


def load_rate104():
    spec = importlib.util.spec_from_file_location("rate104", FIRMWARE / "drivers" / "rate104.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Fake:
    """A 100 Hz IMU that has all of `counts` [n, 6] waiting, but for the samples numbered in `lost`."""

    def __init__(self, counts, lost=()):
        self.lost_samples = 0
        self._counts = counts
        self._lost = set(lost)
        self._next = 0

    def start(self, *ignored):
        pass

    def read(self, into):
        count = 0
        while self._next < len(self._counts) and self._next in self._lost and count == 0:
            self._next += 1
            self.lost_samples += 1
        while self._next < len(self._counts) and self._next not in self._lost and count < len(into) // 6:
            into[6 * count : 6 * count + 6] = array("h", self._counts[self._next].tolist())
            self._next += 1
            count += 1
        return count


def at_104(counts, lost=(), ranges=(8, 500)):
    """[(lost so far, row)] of everything that comes out."""
    imu = load_rate104().At104(Fake(counts, lost))
    imu.start(*ranges, 26)
    batch = array("h", bytes(2 * 6 * 64))
    out = []
    while count := imu.read(batch):
        out += [(imu.lost_samples, list(batch[6 * i : 6 * i + 6])) for i in range(count)]
    return out


def as_chip(counts):
    """104 Hz counts of the LSM6DSOX as a chip with 32768 counts for 8 g and 500 dps tells them at 100 Hz."""
    at = np.arange(int((len(counts) - 1) * 100 / RATE_HZ)) * RATE_HZ / 100
    between = np.stack([np.interp(at, np.arange(len(counts)), counts[:, axis]) for axis in range(6)], axis=1)
    between[:, :3] *= ACCEL_UG * 32768 / 8e6
    between[:, 3:] *= GYRO_UDPS * 32768 / 500e6
    return np.clip(np.rint(between), -32768, 32767).astype(int)


def followed(rows):
    """(steps, their ways, turns in degrees) of a whole signal."""
    engine = WaistEngine(Settings(), Mounting.from_axes("-z,y,x"), 8, 500)
    events = []
    for row in rows:
        engine.push(row)
        while engine.events.take():
            events.append((engine.events.index, engine.events.kind, engine.events.value_a, engine.events.value_b))
    engine.finish()
    while engine.events.take():
        events.append((engine.events.index, engine.events.kind, engine.events.value_a, engine.events.value_b))
    return [e for e in events if e[1] == STEP], [e[3] for e in events if e[1] == TURN]


def both_ways(counts):
    straight = followed(counts.tolist())
    through = followed([row for _, row in at_104(as_chip(counts))])
    return straight, through


def counts_of(frames):
    scaled = frames.values / np.array([ACCEL_UG] * 3 + [140] * 3)
    return np.clip(np.rint(scaled), -32768, 32767).astype(int)


@pytest.mark.parametrize("name", ["steady", "slowest", "turns"])
def test_the_steps_of_the_model_are_the_same(name):
    (steps, turns), (steps_100, turns_100) = both_ways(counts_of(model(name).frames))
    assert len(steps) > 20
    assert abs(len(steps_100) - len(steps)) <= max(1, len(steps) // 100), (len(steps), len(steps_100))
    assert sum(a[2] == b[2] for a, b in zip(steps, steps_100, strict=False)) >= 0.97 * len(steps)
    assert len(turns) == len(turns_100)
    assert all(abs(a - b) <= 3 for a, b in zip(turns, turns_100, strict=True)), (turns, turns_100)


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("backward", [False, True])
def test_the_steps_of_recorded_walks_are_the_same(recorded, trial, backward):
    recording = load_recording(recorded / "ipol_gait_lowerback_feet" / "dev" / f"{trial}_lb.csv.gz")
    segments = resample_to_counts(time_reversed(recording) if backward else recording, 8, 500)[0]
    counts = max((segment.values for segment in segments), key=len)
    (steps, _), (steps_100, _) = both_ways(counts)
    assert len(steps) > 10
    assert abs(len(steps_100) - len(steps)) <= 1, (len(steps), len(steps_100))


def test_a_straight_line_stays_one():
    counts = np.zeros((500, 6), dtype=int)
    counts[:, 0] = np.arange(500) * 50 - 12000
    rows = [row for _, row in at_104(counts, ranges=(8, 500))]
    assert len(rows) == 499 * 26 // 25 + 1 or len(rows) == 499 * 26 // 25
    wanted = (np.arange(len(rows)) * 25 / 26 * 50 - 12000) * (8e6 / 32768) / ACCEL_UG
    assert np.abs(np.array([row[0] for row in rows]) - wanted).max() <= TOLERANCE


@pytest.mark.parametrize("first", range(100, 126, 5))
def test_a_gap_of_any_length_at_any_place_keeps_time(first):
    counts = np.zeros((600, 6), dtype=int)
    counts[:, 0] = np.arange(600) * 50 - 15000
    for length in (1, 2, 25, 26, 27, 103, 333):
        out = at_104(counts, lost=range(first, first + length))
        for number, (lost, row) in enumerate(out):
            at = (number + lost) * 25 / 26
            assert not first - 1 < at < first + length, "nothing is made up inside a gap"
            assert abs(row[0] - (at * 50 - 15000) * (8e6 / 32768) / ACCEL_UG) <= TOLERANCE


def test_a_gap_before_the_first_sample_keeps_time():
    counts = np.zeros((200, 6), dtype=int)
    counts[:, 0] = np.arange(200) * 50
    out = at_104(counts, lost=range(40))
    assert out[0][0] == 42, "40 samples of 100 Hz are 41.6 of 104"
    assert all(
        abs(row[0] - (n + lost) * 25 / 26 * 50 * (8e6 / 32768) / ACCEL_UG) <= TOLERANCE
        for n, (lost, row) in enumerate(out)
    )


def test_the_ends_of_the_range_stay_the_ends():
    counts = np.full((10, 6), 32767)
    counts[:, 1] = -32768
    assert all(row == [32767, -32768, 32767, 32767, 32767, 32767] for _, row in at_104(counts))


@pytest.mark.parametrize("ranges", [(8, 500), (16, 2000)])
def test_every_product_stays_a_small_int(ranges):
    rate104 = load_rate104().At104(Fake(np.zeros((0, 6))))
    rate104.start(*ranges, 26)
    assert max(rate104._accel_factor, rate104._gyro_factor) * 32768 + 8192 < 2**30
