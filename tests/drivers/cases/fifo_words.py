"""FIFO words without a chip: their order, others among them, their extremes; reading them allocates nothing."""

import gc
from array import array

import wirebench  # noqa: F401 its time and machine, before the driver

from drivers.lsm6dsox_fifo import TaggedFifo

ADDRESS = 0x6A
WHOLE = array("h", (0 for _ in range(300 * 6)))


class CannedBus:
    """A bus that answers like a chip with the gyroscope first or last, allocating nothing."""

    def __init__(self, pairs, gyro_first=True):
        words = []
        for pair in range(pairs):
            gyro = [0x08 | (pair & 3) << 1, 0, 0, 1, 0, 2, 0]
            accel = [0x10 | (pair & 3) << 1, pair & 255, pair >> 8, 0x34, 0x12, 0xFE, 0xFF]
            words += gyro + accel if gyro_first else accel + gyro
        self.data = bytes(words)
        self.view = memoryview(self.data)
        self.at = 0
        self.level = 0

    def read_into(self, address, register, buffer):
        buffer[0] = self.level & 255
        buffer[1] = self.level >> 8
        for i in range(2, len(buffer)):
            buffer[i] = 0

    def read_once(self, address, register, buffer):
        data = self.data
        at = self.at
        for i in range(len(buffer)):
            buffer[i] = data[at + i]
        self.at = at + len(buffer)
        self.level -= len(buffer) // 7

    def offer(self, pairs):
        self.at = 0
        self.level = 2 * pairs


def case_the_order_of_the_two_words_does_not_matter():
    for gyro_first in (True, False):
        bus = CannedBus(40, gyro_first)
        fifo = TaggedFifo(bus, ADDRESS)
        fifo.restart()
        bus.offer(40)
        assert fifo.read(WHOLE) == 40
        assert fifo.lost_samples == 0 and fifo.half_pairs == 0
        for pair in range(40):
            assert list(WHOLE[6 * pair : 6 * pair + 6]) == [pair, 0x1234, -2, 0, 1, 2], pair


def case_reading_allocates_nothing():
    bus = CannedBus(256)
    fifo = TaggedFifo(bus, ADDRESS)
    fifo.restart()
    bus.offer(256)
    fifo.read(WHOLE)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    bus.offer(256)
    count = fifo.read(WHOLE)
    used = gc.mem_alloc() - before
    gc.enable()
    assert count == 256
    print("bytes allocated by a read of 256 samples:", used)
    assert used == 0, used


def case_int16_extremes_survive():
    bus = CannedBus(1)
    bus.data = bytes((0x08, 0, 0x80, 0xFF, 0x7F, 0xFF, 0xFF, 0x10, 0xFF, 0x7F, 0, 0x80, 1, 0))
    fifo = TaggedFifo(bus, ADDRESS)
    fifo.restart()
    bus.offer(1)
    assert fifo.read(WHOLE) == 1
    assert list(WHOLE[:6]) == [32767, -32768, 1, -32768, 32767, -1]


def case_words_of_other_sensors_are_passed_over():
    bus = CannedBus(2)
    temperature = bytes((0x18, 1, 2, 3, 4, 5, 6))
    bus.data = bus.data[:7] + temperature + bus.data[7:14] + temperature + bus.data[14:]
    fifo = TaggedFifo(bus, ADDRESS)
    fifo.restart()
    bus.at = 0
    bus.level = 6
    assert fifo.read(WHOLE) == 2
    assert fifo.lost_samples == 0 and list(WHOLE[6:12]) == [1, 0x1234, -2, 0, 1, 2]
