"""Frames and requests as bytes: any damage costs the frames it hits and no other, and never passes."""

import random

import pytest

from retrowalk.bulk.frames import (
    ANSWER,
    DATA,
    MOST_PAYLOAD,
    OVERHEAD,
    SYNC,
    Frame,
    FrameReader,
    frame_bytes,
    request_line,
)

FRAMES = [Frame(DATA, n & 0xFF, 1000 * n, bytes((n * i) & 0xFF for i in range(n * 7 % 90))) for n in range(1, 40)]
STREAM = b"".join(map(frame_bytes, FRAMES))


def read(data, chunk=4096):
    reader = FrameReader()
    return [frame for at in range(0, len(data), chunk) for frame in reader.push(data[at : at + chunk])]


@pytest.mark.parametrize("chunk", [1, 2, 13, 4096])
def test_frames_come_back_however_they_are_cut(chunk):
    assert read(STREAM, chunk) == FRAMES


def test_text_between_frames_is_skipped():
    noisy = b'RW {"state": "idle"}\r\n' + b"\xf7".join(frame_bytes(each) + b">>> \xf7R" for each in FRAMES)
    # The false beginnings hold back the last one until more comes.
    assert read(noisy + bytes(2000)) == FRAMES


def test_every_single_byte_flipped_dropped_or_doubled_costs_one_frame_at_most():
    data = b"".join(map(frame_bytes, FRAMES[:6]))
    tail = b"".join(map(frame_bytes, FRAMES[6:])) + bytes(MOST_PAYLOAD + OVERHEAD)
    for at in range(len(data)):
        for hurt in (b"", bytes([data[at] ^ 0x10]), data[at : at + 1] * 2):
            heard = read(data[:at] + hurt + data[at + 1 :] + tail)
            assert all(frame in FRAMES for frame in heard), "a damaged frame has passed"
            assert len(heard) >= len(FRAMES) - 1


def test_noise_is_never_a_frame_and_never_held_for_ever():
    chance = random.Random(5)
    reader = FrameReader()
    for _ in range(300):
        assert list(reader.push(chance.randbytes(997) + SYNC)) == []
    assert reader.n_skipped > 300 * 900


def test_a_length_beyond_all_bounds_is_not_waited_for():
    huge = SYNC + bytes([ANSWER, 1]) + bytes(4) + b"\xff\xff"
    assert read(huge + STREAM) == FRAMES


def test_requests_are_printable_lines_that_a_device_takes():
    line = request_line(255, "get", 99999, 9999, 1 << 24, 4096, 1024)
    assert line.endswith(b"\n")
    assert all(32 <= byte < 127 for byte in line[:-1])
    assert len(line) <= 80
    with pytest.raises(ValueError, match="too long"):
        request_line(1, "do", "x" * 80)
