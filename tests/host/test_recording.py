"""Recordings: what is read, how it becomes counts, and what each bad file is told."""

import gzip
import time

import numpy as np
import pytest
from recordings_made import GRAVITY, HEADER, standing_then_stepping, write_csv

from retrowalk.errors import DamagedError, UsageError
from retrowalk.recordings.recording import load_recording, resample, resample_to_counts, time_reversed, to_counts


@pytest.fixture
def walk():
    return standing_then_stepping()


def refused(path, kind, *words, **units):
    """The error that loading `path` raises: of `kind`, naming every one of `words`, with a next action."""
    with pytest.raises(kind) as caught:
        load_recording(path, **units)
    assert type(caught.value) is kind
    for word in words:
        assert word in str(caught.value)
    assert caught.value.next_step.rstrip().endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("name", ["walk.csv", "walk.csv.gz"])
def test_reads_plain_and_gzipped(tmp_path, walk, name):
    recording = load_recording(write_csv(tmp_path / name, walk))
    assert recording.rate_hz == pytest.approx(100)
    assert recording.duration_s == pytest.approx(15.99)
    assert np.allclose(recording.accel_mps2, walk[:, 1:4], atol=1e-4)
    assert np.allclose(recording.gyro_rps, walk[:, 4:7], atol=1e-4)
    assert recording.notes == []


def test_units_extra_columns_order_and_byte_order_mark(tmp_path, walk):
    moved = np.column_stack([walk[:, 0], np.arange(len(walk)), np.degrees(walk[:, 4:7]), walk[:, 1:4] / GRAVITY])
    path = write_csv(tmp_path / "walk.csv", moved, "\ufefft_s, note ,gx,gy,gz,ax,ay,az")
    recording = load_recording(path, accel_unit="g", gyro_unit="dps")
    assert np.allclose(recording.accel_mps2, walk[:, 1:4], atol=1e-3)
    assert np.allclose(recording.gyro_rps, walk[:, 4:7], atol=1e-4)


def test_windows_line_ends_quotes_and_blank_lines(tmp_path, walk):
    path = write_csv(tmp_path / "walk.csv", walk)
    text = path.read_text().replace(HEADER, ",".join(f'"{name}"' for name in HEADER.split(",")))
    path.write_bytes(text.replace("\n", "\r\n\r\n").encode())
    assert len(load_recording(path).t_s) == len(walk)


def test_twenty_thousand_rows_in_a_tenth_of_a_second(tmp_path):
    path = write_csv(tmp_path / "long.csv", standing_then_stepping(step_s=196))
    load_recording(path)
    began = time.process_time()
    recording = load_recording(path)
    assert len(recording.t_s) == 20000
    assert time.process_time() - began < 0.3  # measured 0.06 s; the margin is for a busy machine


def test_without_gyro_the_rates_are_zero_and_it_is_said(tmp_path, walk):
    recording = load_recording(write_csv(tmp_path / "acc.csv", walk[:, :4], "t_s,ax,ay,az"))
    assert not recording.has_gyro
    assert not recording.gyro_rps.any()
    assert "no gyro" in recording.notes[0]


def test_missing_file_and_folder(tmp_path):
    refused(tmp_path / "nowhere.csv", UsageError, "There is no file", "nowhere.csv")
    refused(tmp_path, UsageError, "is a folder")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["is empty"]),
        (b"\n \n\n", ["blank lines"]),
        (f"{HEADER}\n".encode(), ["a header but no samples"]),
        (b"\x00\xff\xfe\x80binary", ["is not text"]),
        (f"{HEADER}\n0,0,0,9.8,0,0,0\n0.01,0,0,oops,0,0,0\n".encode(), ["line 3", "column az", '"oops"']),
        (f"{HEADER}\n0,0,0,9.8,0,0,0\n0.01,0,0\n".encode(), ["line 3", "3 values", "7 columns", "cut short"]),
        (f"{HEADER}\n0,0,0,9.8,0,0,0\n".encode(), ["1 usable samples"]),
    ],
)
def test_damaged_content(tmp_path, content, words):
    path = tmp_path / "walk.csv"
    path.write_bytes(content)
    refused(path, DamagedError, *words)


def test_truncated_gzip_says_what_can_be_saved(tmp_path, walk):
    path = write_csv(tmp_path / "walk.csv.gz", walk)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    message = refused(path, DamagedError, "cut short or corrupt", "rows are readable", "gzip -dc")
    rows = int(message.split("Its first ")[1].split()[0])
    assert 0.2 * len(walk) < rows < 0.9 * len(walk)
    path.write_bytes(gzip.compress(b"x")[:6] + b"garbage" * 9)
    refused(path, DamagedError, "cut short or corrupt")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("time,x,y,z,a,b,c", ["lacks the columns t_s, ax, ay, az", "It has: time, x"]),
        ("t_s,ax,ay,az,gx,gy,rz", ["lacks the column gz"]),
        ("t_s,ax,ay,az,gx,gy,gy", ["lacks the column gz"]),
        ("t_s,ax,ay,az,az,gx,gy", ["lacks the column gz"]),
        ("t_s;ax;ay;az", ["by semicolons"]),
        ("0,1,2,3,4,5,6", ["has no header"]),
        ("t_s,ax,ay,az,\x1b[31mgx,gy,gz", ["lacks the column gx"]),
    ],
)
def test_wrong_columns(tmp_path, walk, header, words):
    message = refused(write_csv(tmp_path / "walk.csv", walk, header), UsageError, *words)
    assert "\x1b" not in message


def test_a_column_twice(tmp_path, walk):
    doubled = np.column_stack([walk, walk[:, 1]])
    refused(write_csv(tmp_path / "walk.csv", doubled, f"{HEADER},ax"), UsageError, "ax more than once")


def test_some_rows_without_numbers_become_gaps(tmp_path, walk):
    walk[100:130, 3] = np.nan
    path = write_csv(tmp_path / "walk.csv", walk)
    path.write_text(path.read_text().replace("nan", "", 5))
    recording = load_recording(path)
    assert "30 rows without a number (the first in line 102)" in recording.notes[0]
    segments = resample(recording)
    assert [each.first_index for each in segments] == [0, 136]
    assert segments[0].end_index == 103


def test_too_many_rows_without_numbers(tmp_path, walk):
    walk[::8, 5] = np.nan
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "200 of 1600 rows", "line 2")
    walk[:, 5] = np.inf
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "100 %")


def test_time_that_goes_back(tmp_path, walk):
    walk[[500, 501]] = walk[[501, 500]]
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "line 503", "goes back")


def test_repeated_stamps(tmp_path, walk):
    walk[300, 0] = walk[299, 0]
    recording = load_recording(write_csv(tmp_path / "walk.csv", walk))
    assert recording.notes == ["1 repeated time stamps dropped"]
    assert np.diff(recording.t_s).min() > 0
    walk[:, 0] = np.floor(walk[:, 0] * 20) / 20
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "repeat the one before")


@pytest.mark.parametrize(
    ("factor", "words"),
    [(10, ["10 Hz"]), (1000, ["0.1 Hz", "milliseconds"]), (1 / 50, ["5e+03 Hz"]), (1 / 19, ["long"])],
)
def test_wrong_rate_or_too_short(tmp_path, walk, factor, words):
    walk[:, 0] *= factor
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, *words)


def test_wildly_irregular_time(tmp_path, walk):
    rng = np.random.default_rng(3)
    walk[:, 0] = np.sort(rng.uniform(0, 16, len(walk))).round(6)
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "sampled wildly")


def test_mostly_holes(tmp_path, walk):
    walk[:, 0] += np.floor(np.arange(len(walk)) / 10)
    refused(write_csv(tmp_path / "walk.csv", walk), DamagedError, "have no samples")


@pytest.mark.parametrize(
    ("scale", "unit", "words"),
    [
        (1 / GRAVITY, "m/s2", ["looks like g", "--accel-unit g"]),
        (1.0, "g", ["looks like m/s2", "--accel-unit m/s2"]),
        (1000 / GRAVITY, "m/s2", ["milli-g"]),
        (0.01, "m/s2", ["gravity had been taken out"]),
        (4.0, "m/s2", ["convert ax, ay, az"]),
    ],
)
def test_wrong_accelerometer_unit(tmp_path, walk, scale, unit, words):
    walk[:, 1:4] *= scale
    refused(write_csv(tmp_path / "walk.csv", walk), UsageError, *words, accel_unit=unit)


def test_wrong_gyro_unit(tmp_path, walk):
    path = write_csv(tmp_path / "walk.csv", walk)
    refused(path, UsageError, "looks like rad/s", gyro_unit="dps")
    walk[:, 4:7] = np.degrees(walk[:, 4:7]) * 4
    path = write_csv(tmp_path / "walk.csv", walk)
    refused(path, UsageError, "degrees per second", "--gyro-unit dps")


def test_resampling_is_exact_for_a_straight_line(tmp_path, walk):
    walk[:, 1] = 0.5 * walk[:, 0]
    recording = load_recording(write_csv(tmp_path / "walk.csv", walk))
    (segment,) = resample(recording)
    assert len(segment.values) == int(15.99 * 104) + 1
    assert np.allclose(segment.values[:, 0], 0.5 * np.arange(len(segment.values)) / 104, atol=1e-5)


def test_short_holes_are_interpolated_and_long_ones_are_gaps(tmp_path, walk):
    kept = np.delete(walk, [*range(200, 205), *range(800, 900)], axis=0)
    recording = load_recording(write_csv(tmp_path / "walk.csv", kept))
    first, second = resample(recording)
    assert first.first_index == 0
    assert first.end_index == int(7.99 * 104) + 1
    assert second.first_index == 936  # 9.00 s
    assert recording.interpolated_s == pytest.approx(0.05, abs=0.001)


def test_fast_recordings_are_averaged_first():
    fast = standing_then_stepping(rate_hz=1040.0)
    noisy = fast.copy()
    noisy[:, 3] += np.where(np.arange(len(fast)) % 2, 3.0, -3.0)
    recordings = [_recording(each) for each in (fast, noisy)]
    clean_z, noisy_z = (resample(each)[0].values[:, 2] for each in recordings)
    assert np.abs(clean_z - noisy_z)[5:-5].max() < 0.4


def _recording(values):
    from retrowalk.recordings.recording import Recording

    return Recording(values[:, 0], values[:, 1:4], values[:, 4:7], 1 / float(np.median(np.diff(values[:, 0]))))


def test_counts_round_and_saturate_as_the_chip_does():
    ug = np.array([[-1000, 121, 122, 0, 0, 0], [366, 365, -122, 0, 0, 0], [9e6, -9e6, 0, 0, 0, 0]])
    values = ug * GRAVITY / 1e6
    values[:, 3] = np.radians([0.01750, 0.00875, 600.0])
    counts, n_clipped = to_counts(values, 8, 500)
    assert counts.dtype == np.int16
    assert counts[:, :4].tolist() == [[-4, 0, 1, 1], [2, 1, 0, 1], [32767, -32768, 0, 32767]]
    assert n_clipped == 1


def test_counts_of_the_simulated_imu_are_the_same():
    """The virtual device's chip model and this module must agree to the count."""
    from retrowalk.virtual.inside.chips import lsm6dsox

    rng = np.random.default_rng(2)
    tracks = rng.integers(-12_000_000, 12_000_000, (200, 6))
    values = tracks * np.array([GRAVITY / 1e6] * 3 + [np.radians(125e-6)] * 3)
    counts, _ = to_counts(values, 8, 500)
    chip = lsm6dsox.LSM6DSOX.__new__(lsm6dsox.LSM6DSOX)
    for row, expected in zip(tracks.tolist(), counts.tolist(), strict=True):
        chip._input, chip.counts = row, [0] * 6
        chip._convert(0, 244)
        chip._convert(3, 140)
        assert chip.counts == expected


def test_resample_to_counts(tmp_path, walk):
    walk[500:520, 3] = 100.0
    (segment,), n_clipped = resample_to_counts(load_recording(write_csv(tmp_path / "walk.csv", walk)), 8, 500)
    assert segment.values.dtype == np.int16
    assert 19 <= n_clipped <= 22
    assert abs(int(segment.values[:300, 2].mean()) - round(1e6 / 244)) < 5


def test_time_reversal_turns_the_order_and_the_rates(walk):
    recording = _recording(walk)
    turned = time_reversed(recording)
    assert turned.t_s[0] == recording.t_s[0]
    assert turned.duration_s == pytest.approx(recording.duration_s)
    assert np.array_equal(turned.accel_mps2[0], recording.accel_mps2[-1])
    assert np.array_equal(turned.gyro_rps[0], -recording.gyro_rps[-1])
    again = time_reversed(turned)
    assert np.allclose(again.t_s, recording.t_s)
    assert np.array_equal(again.gyro_rps, recording.gyro_rps)


def test_every_recorded_walk_is_read(recorded):
    paths = sorted((recorded / "ipol_gait_lowerback_feet" / "dev").glob("*_lb.csv.gz"))
    assert len(paths) >= 50
    for path in paths[::6]:
        recording = load_recording(path)
        assert recording.rate_hz == pytest.approx(100, abs=0.5)
        assert resample_to_counts(recording, 8, 500)[1] == 0
