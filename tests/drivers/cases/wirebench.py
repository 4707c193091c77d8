"""The bench on which drivers meet chip models, inside MicroPython: a clock, two wires, and chips on them.

Import it before any driver: it puts its own `time` and `machine` in place. The wires know of electrical trouble that a
register model cannot know: a chip that holds SDA low, a transfer that breaks off half way. (test_on_virtual_board.py
uses the whole virtual board instead.)
"""

import errno
import sys
from array import array

from clock import Clock

SDA = 3
SCL = 4
# Where the LSM6DSOX, the BMI270 and the MPU6886 are read in bursts.
FIFO_REGISTERS = (0x78, 0x26, 0x74)


class _Module:
    pass


clock = Clock()


class Wires:
    """SDA and SCL with the chips on them, by address."""

    def __init__(self):
        self.chips = {}
        self.held_clocks = 0
        self.clocks_seen = 0
        self.stops_seen = 0
        self.fail_transfers = 0
        # The next FIFO burst ends after so many bytes.
        self.break_after_bytes = None
        self.log = []
        self._scl = 1
        self._sda = 1

    def scl(self, level):
        if level and not self._scl:
            self.clocks_seen += 1
            self.held_clocks = max(0, self.held_clocks - 1)
        self._scl = level

    def sda(self, level):
        if level and not self._sda and self._scl and not self.held_clocks:
            self.stops_seen += 1
        self._sda = level

    def read_sda(self):
        return 0 if self.held_clocks else self._sda

    def chip(self, address, size, freq_hz):
        clock.advance((size + 3) * 9 * 1000000 // freq_hz)
        if self.held_clocks:
            raise OSError(errno.ETIMEDOUT)
        if self.fail_transfers:
            self.fail_transfers -= 1
            raise OSError(errno.ETIMEDOUT)
        if address not in self.chips:
            raise OSError(errno.ENODEV)
        return self.chips[address]


wires = Wires()


class Pin:
    """A processor pin: open drain on the two wires, anything else keeps its level."""

    IN = 0
    OPEN_DRAIN = 3

    def __init__(self, number, mode=-1, value=None):
        self.number = number
        self.level = 1
        if value is not None:
            self.value(value)

    def value(self, level=None):
        if level is None:
            return wires.read_sda() if self.number == SDA else self.level
        self.level = level
        if self.number == SCL:
            wires.scl(level)
        elif self.number == SDA:
            wires.sda(level)
        return None


class I2C:
    """The processor's bus on the wires; `opened` counts how often it was set up."""

    opened = 0

    def __init__(self, bus_id, scl, sda, freq):
        assert scl.number == SCL and sda.number == SDA
        I2C.opened += 1
        self.freq = freq

    def readfrom_mem_into(self, address, register, buffer):
        chip = wires.chip(address, len(buffer), self.freq)
        cut = wires.break_after_bytes
        if cut is not None and register in FIFO_REGISTERS and len(buffer) > cut:
            wires.break_after_bytes = None
            chip.read(register, bytearray(cut))
            raise OSError(errno.ETIMEDOUT)
        chip.read(register, buffer)
        wires.log.append(("r", address, register, len(buffer)))

    def writeto_mem(self, address, register, buffer):
        wires.chip(address, len(buffer), self.freq).write(register, buffer)
        for offset, value in enumerate(buffer):
            wires.log.append(("w", address, register + offset, value))


machine = _Module()
machine.Pin = Pin
machine.I2C = I2C

# The ESP32's tick counters have 30 bits, those of the unix port 62.
_TICKS = 1 << 30
time = _Module()
time.ticks_ms = lambda: clock.us // 1000 % _TICKS
time.ticks_diff = lambda later, earlier: (later - earlier + _TICKS // 2) % _TICKS - _TICKS // 2
time.sleep_us = clock.advance
time.sleep_ms = lambda ms: clock.advance(ms * 1000)

sys.modules["machine"] = machine
sys.modules["time"] = time


class Ramp:
    """A wearer whose every sample tells its own number modulo ROUND: ax = number x ug, gz = -number x udps_125."""

    ROUND = 16384

    def __init__(self, ug, udps_125):
        self.number = 0
        self._ug = ug
        self._udps_125 = udps_125

    def read_into(self, values, t_us):
        told = self.number % self.ROUND
        values[0] = told * self._ug
        values[1] = values[2] = values[3] = values[4] = 0
        values[5] = -told * self._udps_125
        self.number += 1


class Still:
    """A wearer who never changes: six values in ug and 125 udps."""

    def __init__(self, *values):
        self.values = array("i", values)

    def read_into(self, values, t_us):
        for i in range(6):
            values[i] = self.values[i]


class Level:
    """An interrupt pin that remembers its edges."""

    def __init__(self):
        self.level = 0
        self.edges = []

    def drive(self, level):
        self.level = level
        self.edges.append((clock.us, level))


def raises(kind, function, *arguments):
    """The exception of class `kind` that the call raises; an assertion fails if it raises none."""
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError("did not raise " + kind.__name__)
