"""What a session costs the flash, on real MicroPython and LittleFS; sent there by flash_cost.py, which reads the JSON.

Arguments: a file of int16 counts, six a sample, and the minutes to record. The flash is the NOR model of the virtual
device, 2 MB, half of it in use.
"""

import json
import sys
import time
from array import array

import bench
import logged
import machine
from nor import Nor, tree

from app.sampler import Sampler
from boards import virtual as board
from drivers.bus import Bus
from drivers.lsm6dsox import Lsm6dsox

PERIODS_S = (1, 2, 5, 10, 30)
STALL_STEP_MS = 10
FILL_BYTES = 1 << 20


def repeated(counts):
    """Generator of the samples, from the beginning again at the end."""
    sample = array("h", (0 for _ in range(6)))
    while True:
        for at in range(0, len(counts) - 5, 6):
            for axis in range(6):
                sample[axis] = counts[at + axis]
            yield sample


class Figures:
    """The flash's work since the last look: the longest between two flushes, in milliseconds of the model."""

    def __init__(self, flash, clock):
        self.worst_ms = 0
        self._clock = clock
        self._then_us = clock.us
        self.flash = flash

    def look(self, _index):
        """A flush has returned: the clock moves in flash operations only."""
        self.worst_ms = max(self.worst_ms, (self._clock.us - self._then_us) // 1000)
        self._then_us = self._clock.us


def cost(minutes, flush_s, samples):
    """Figures of one session."""
    nor = Nor(512, bench.clock)
    flash = nor.mount()
    with open("/filler", "wb") as file:  # noqa: PTH123 MicroPython has no pathlib
        for _ in range(FILL_BYTES // 4096):
            file.write(bytes(4096))
    erases, programmed = flash.erases, flash.programmed_bytes
    figures = Figures(flash, bench.clock)
    logged.walk(60 * minutes, flush_s, on_flush=figures.look, samples=samples)
    n_bytes = sum(len(data) for path, data in tree().items() if path.endswith(".rwl"))
    nor.unmount()
    return {
        "flush_s": flush_s,
        "bytes": n_bytes,
        "erases": flash.erases - erases,
        "programmed": flash.programmed_bytes - programmed,
        "worst_ms": figures.worst_ms,
    }


class Counted:
    """A consumer of the sampler."""

    def __init__(self):
        self.lost = 0

    def push(self, sample):
        """Taken."""

    def skip(self, n_samples):
        """Lost."""
        self.lost += n_samples


def longest_stall_ms():
    """The longest stop, in steps of 10 ms, after which the sampler finds every sample in the FIFO."""
    for pin, level in board.POWER_PINS:
        machine.Pin(pin, machine.Pin.OUT, value=level)
    time.sleep_ms(20)
    sampler = Sampler(Lsm6dsox(Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ), board.IMU_ADDRESS),
                      logged.Faults())  # fmt: skip
    stall_ms = 1000
    while True:
        consumer = Counted()
        sampler.start(8, 500)
        for _ in range(20):
            time.sleep_ms(40)
            sampler.pump(consumer)
        time.sleep_ms(40)
        bench.clock.advance(1000 * stall_ms)
        for _ in range(20):
            sampler.pump(consumer)
            time.sleep_ms(40)
        sampler.stop()
        if consumer.lost:
            return stall_ms - STALL_STEP_MS
        stall_ms += STALL_STEP_MS


def main():
    """Print one JSON object."""
    path, minutes = sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as file:  # noqa: PTH123
        counts = array("h", file.read())
    print(json.dumps({
        "rows": [cost(minutes, period_s, repeated(counts)) for period_s in PERIODS_S],
        "longest_stall_ms": longest_stall_ms(),
    }))  # fmt: skip


main()
