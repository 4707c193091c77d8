"""What the conformance cases of the IMUs share: a chip on the wires with its driver, and a keeper of time."""

import io
from array import array

from chips.catalogue import IMUS, USUAL_ADDRESS
from wirebench import clock, wires

from app import parts
from drivers import bmi270_config
from drivers.bus import Bus

KINDS = ("lsm6dsox", "bmi270", "mpu6886")
G = 1000000
DPS = 8000
# The longest burst: 16 frames of the longest kind.
MOST_BYTES = 16 * 14
STEP_US = 1000000 / 104
# A sample and a half, and half a sample for the measuring: a count is 0.4 of a sample.
LOOSE = {"lsm6dsox": 2.0, "bmi270": 2.0, "mpu6886": 3.5}


class Board:
    """As much of a board file as the factory asks for."""

    def __init__(self, kind):
        self.IMU = kind
        self.IMU_ADDRESS = USUAL_ADDRESS[kind]


class Clockwork:
    """A wearer whose acceleration along x tells the time, for four minutes: -7.2 g at first, 0.06 ug more each us."""

    def __init__(self):
        self.zero_us = clock.us

    def read_into(self, values, t_us):
        for field in range(6):
            values[field] = 0
        values[0] = (t_us - self.zero_us) * 6 // 100 - 7200000


def give_config(content):
    """What the driver finds when it opens the file of the configuration."""
    bmi270_config.open = lambda path, mode: io.BytesIO(content)


def fit(kind, wearer, clock_ppm=0, freq_hz=400000, **settings):
    """A chip on the wires and its driver, as the app gets it."""
    give_config(bytes(range(256)) * 32)
    wires.chips.clear()
    wires.log.clear()
    chip = IMUS[kind](clock, wearer, None, clock_ppm, **settings)
    board = Board(kind)
    wires.chips[board.IMU_ADDRESS] = chip
    return chip, parts.open_imu(board, Bus(0, 4, 3, freq_hz))


def samples(imu, room=64):
    batch = array("h", (0 for _ in range(room * 6)))
    count = imu.read(batch)
    return [list(batch[6 * i : 6 * i + 6]) for i in range(count)]


def hesitate(chip, longest_ms):
    """From now on the processor goes on late after one in three transfers with the chip, by up to `longest_ms`."""
    seed = 1

    def late(transfer):
        def late_transfer(register, buffer):
            nonlocal seed
            transfer(register, buffer)
            seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
            late_us = (seed >> 8) % (3000 * longest_ms + 1)
            if late_us < 1000 * longest_ms:
                clock.advance(late_us)

        return late_transfer

    chip.read = late(chip.read)
    chip.write = late(chip.write)


class Keeper:
    """Reads an IMU and compares, for each sample, the time that it tells with its number."""

    def __init__(self, kind, clock_ppm=0, freq_hz=400000):
        self.chip, self.imu = fit(kind, Clockwork(), clock_ppm, freq_hz)
        self.imu.start(8, 500, 26)
        self.step_us = STEP_US * 1000000 / (1000000 + clock_ppm)
        self.first_us = None
        self.worst = 0

    def read(self, room=64):
        lost_before = self.imu.lost_samples
        index = self.imu.samples_read + lost_before
        rows = samples(self.imu, room)
        index += self.imu.lost_samples - lost_before
        for row in rows:
            told_us = (row[0] * 244 + 7200000) / 0.06
            if self.first_us is None:
                self.first_us = told_us
            off = abs((told_us - self.first_us) / self.step_us - index)
            self.worst = max(self.worst, off)
            index += 1
        return len(rows)

    def drain(self):
        while self.read():
            pass


class Canned:
    """A bus that answers like a chip with good frames, allocating nothing."""

    def __init__(self, kind):
        self._frame_bytes = 13 if kind == "bmi270" else 14
        self._is_little = kind == "bmi270"
        self.frames = 0
        self.made = 0

    def offer(self, frames):
        self.frames = frames
        self.made += frames
        clock.advance(frames * 10000)

    def read_into(self, address, register, buffer):
        for place in range(len(buffer)):
            buffer[place] = 0
        n_bytes = self.frames * self._frame_bytes
        if register == 0x72:
            buffer[0] = n_bytes >> 8
            buffer[1] = n_bytes & 255
        elif register == 0x18:
            # 256 ticks a sample; the level is 12 registers on.
            buffer[1] = self.made & 255
            buffer[2] = self.made >> 8
            buffer[12] = n_bytes & 255
            buffer[13] = n_bytes >> 8

    def read_once(self, address, register, buffer):
        for place in range(len(buffer)):
            buffer[place] = place % self._frame_bytes
        if self._is_little:
            for place in range(0, len(buffer), 13):
                buffer[place] = 0x8C
        self.frames -= len(buffer) // self._frame_bytes
