"""Frames: units, files, resampling, and the turn from the wearer's frame to a sensor's."""

import numpy as np
import pytest

from retrowalk.recordings.recording import load_recording as load
from retrowalk.recordings.recording import resample, time_reversed
from retrowalk.wearer.frames import ANKLE_MOUNTING, WAIST_MOUNTING, Frames
from retrowalk.wearer.recorded import frames_from_recording

G = 9.80665


def some(n=50):
    return Frames(np.random.default_rng(4).integers(-(2**24), 2**24, (n, 6)))


def test_a_track_survives_the_file(tmp_path):
    track = some()
    track.save(tmp_path / "walk.i32")
    assert (tmp_path / "walk.i32").stat().st_size == 50 * 24
    assert (tmp_path / "walk.i32").read_bytes()[:4] == int(track.values[0, 0]).to_bytes(4, "little", signed=True)
    assert np.array_equal(Frames.load(tmp_path / "walk.i32").values, track.values)


def test_a_torn_file_is_refused(tmp_path):
    (tmp_path / "torn").write_bytes(bytes(25))
    with pytest.raises(ValueError, match="25 bytes"):
        Frames.load(tmp_path / "torn")


def test_units_are_micro_g_and_125_micro_degrees_per_second():
    still = Frames.from_si([0, 1], [[0, 0, G]] * 2, np.radians([[0, 1.0, -2.0]] * 2))
    assert len(still) == 105
    assert still.duration_s == pytest.approx(105 / 104)
    assert still.values[7].tolist() == [0, 0, 1_000_000, 0, 8000, -16000]
    assert still.accel_mps2[7] == pytest.approx([0, 0, G])
    assert np.degrees(still.gyro_radps[7]) == pytest.approx([0, 1, -2])


def test_resampling_keeps_a_slow_wave():
    t_s = np.arange(0, 4, 1 / 60)
    accel = np.column_stack([np.sin(2 * np.pi * t_s), 0 * t_s, G + 0 * t_s])
    track = Frames.from_si(t_s, accel, np.zeros((len(t_s), 3)))
    at_s = np.arange(len(track)) / 104
    assert track.accel_mps2[:, 0] == pytest.approx(np.sin(2 * np.pi * at_s), abs=0.003)


@pytest.mark.parametrize(
    ("t_s", "value", "words"),
    [([0, 0], 0, "rise"), ([1, 0], 0, "rise"), ([0], 0, "at least 2"), ([0, 1], np.nan, "finite")],
)
def test_what_is_no_track_is_refused(t_s, value, words):
    with pytest.raises(ValueError, match=words):
        Frames.from_si(t_s, np.full((len(t_s), 3), value), np.zeros((len(t_s), 3)))


def test_a_track_has_six_columns():
    with pytest.raises(ValueError, match="six"):
        Frames(np.zeros((4, 5)))


def test_at_the_waist_up_is_the_sensors_x():
    body = Frames.from_si([0, 1], [[1.0, 2.0, G]] * 2, np.zeros((2, 3)))
    sensor = body.to_sensor(WAIST_MOUNTING)
    assert sensor.accel_mps2[0] == pytest.approx([G, 2.0, -1.0], abs=1e-4)
    assert np.array_equal(sensor.to_body(WAIST_MOUNTING).values, body.values)
    assert np.array_equal(body.to_sensor(ANKLE_MOUNTING).values, body.values)


def test_mountings_are_those_of_the_core():
    from retrogait.mounting import Mounting

    for mounting, axes in ((WAIST_MOUNTING, "-z,y,x"), (ANKLE_MOUNTING, "x,y,z")):
        assert (mounting * 16384).ravel().tolist() == Mounting.from_axes(axes).as_list()


def test_concatenate():
    assert np.array_equal(Frames.concatenate([some(3), some(2)]).values, np.vstack([some(3).values, some(2).values]))


def write_recording(path, t_s):
    """A recording that stands, but for an ax that tells the time."""
    rows = [f"{t:.3f},{t:.3f},0,9.81,0.1,0,{t / 100:.5f}" for t in t_s]
    path.write_text("t_s,ax,ay,az,gx,gy,gz\n" + "\n".join(rows) + "\n")
    return path


def test_a_recording_becomes_a_track(tmp_path):
    track = frames_from_recording(write_recording(tmp_path / "walk.csv", np.arange(0, 6, 0.01)))
    assert track.duration_s == pytest.approx(6, abs=0.03)
    assert track.accel_mps2[208] == pytest.approx([2.0, 0, 9.81], abs=1e-3)
    assert track.gyro_radps[208] == pytest.approx([0.1, 0, 0.02], abs=1e-4)


def test_run_backward_it_keeps_forces_and_negates_rates(tmp_path):
    path = write_recording(tmp_path / "walk.csv", np.arange(0, 6, 0.01))
    forward, backward = frames_from_recording(path), frames_from_recording(path, backward=True)
    assert backward.accel_mps2[104] == pytest.approx([5.99 - 1.0, 0, 9.81], abs=1e-3)
    assert backward.gyro_radps[104] == pytest.approx([-0.1, 0, -0.0499], abs=1e-4)
    twice = resample(time_reversed(time_reversed(load(path))))[0].values
    assert twice[:, 0] == pytest.approx(forward.accel_mps2[:, 0], abs=1e-4)


def test_a_hole_is_held_without_rotation(tmp_path):
    t_s = np.concatenate([np.arange(0, 3, 0.01), np.arange(4, 7, 0.01)])
    track = frames_from_recording(write_recording(tmp_path / "walk.csv", t_s))
    assert track.duration_s == pytest.approx(7, abs=0.03)
    hole = slice(312, 415)
    assert np.ptp(track.values[hole, :3], axis=0).tolist() == [0, 0, 0]
    assert track.accel_mps2[350, 0] == pytest.approx(2.98, abs=0.02)
    assert not track.values[hole, 3:].any()
