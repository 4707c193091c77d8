"""An I2C bus that frees itself: each transfer is tried twice, then the bus is clocked free and opened anew.

A chip that lost count of the clock (power dip, reset in the middle of a transfer) holds SDA low and waits. Nine clocks
with SDA released let it finish its byte and see a NACK; a STOP condition then ends the transfer (I2C specification
UM10204, 3.1.16). Every chip on the bus shares one Bus; registers have one-byte addresses.
"""

from errno import ENODEV
from time import sleep_us

import machine

from drivers.errors import BusStuck, SensorAbsent
from retrogait import const

_HALF_CLOCK_US = const(5)
_CLOCKS = const(9)


class Bus:
    """The bus `i2c_id` on the pins `scl` and `sda` (numbers), at `freq_hz`.

    Counts: `retries` (second attempts), `recoveries` (times the lines were clocked), `failures` (BusStuck raised).
    """

    def __init__(self, i2c_id, scl, sda, freq_hz):
        self.retries = 0
        self.recoveries = 0
        self.failures = 0
        self._i2c_id = i2c_id
        self._scl = scl
        self._sda = sda
        self._freq_hz = freq_hz
        self._i2c = self._open()
        self._is_stale = False

    def slept(self):
        """The processor was in light sleep: the next transfer opens the bus anew first. Allocates nothing."""
        self._is_stale = True

    def read_into(self, address, register, buffer):
        """Fill `buffer` from `register` on. BusStuck if the bus stays stuck, SensorAbsent if no one answers."""
        if self._is_stale:
            self._reopen()
        try:
            self._i2c.readfrom_mem_into(address, register, buffer)
        except OSError:
            self._persist(False, address, register, buffer)

    def write(self, address, register, buffer):
        """Write `buffer` from `register` on; errors as read_into."""
        if self._is_stale:
            self._reopen()
        try:
            self._i2c.writeto_mem(address, register, buffer)
        except OSError:
            self._persist(True, address, register, buffer)

    def read_once(self, address, register, buffer):
        """As read_into but a single attempt: for a FIFO, where a repeated read would hide that data were lost."""
        if self._is_stale:
            self._reopen()
        self._i2c.readfrom_mem_into(address, register, buffer)

    def recover(self):
        """Clock the bus free and open it anew; True if both lines are high afterwards."""
        self.recoveries += 1
        pin = machine.Pin
        # Both lines have pull-ups: open drain at 1 releases the line and lets it be read.
        scl = pin(self._scl, pin.OPEN_DRAIN, value=1)
        sda = pin(self._sda, pin.OPEN_DRAIN, value=1)
        sleep_us(_HALF_CLOCK_US)
        for _ in range(_CLOCKS):
            scl.value(0)
            sleep_us(_HALF_CLOCK_US)
            scl.value(1)
            sleep_us(_HALF_CLOCK_US)
        # STOP: SDA rises while SCL is high.
        scl.value(0)
        sda.value(0)
        sleep_us(_HALF_CLOCK_US)
        scl.value(1)
        sleep_us(_HALF_CLOCK_US)
        sda.value(1)
        sleep_us(_HALF_CLOCK_US)
        free = sda.value() == 1 and scl.value() == 1
        self._reopen()
        return free

    def _reopen(self):
        self._is_stale = False
        self._i2c = self._open()

    def _open(self):
        return machine.I2C(self._i2c_id, scl=machine.Pin(self._scl), sda=machine.Pin(self._sda), freq=self._freq_hz)

    def _persist(self, is_write, address, register, buffer):
        """The second attempt, the recovery, and the last attempt."""
        self.retries += 1
        try:
            self._transfer(is_write, address, register, buffer)
            return
        except OSError:
            free = self.recover()
        try:
            self._transfer(is_write, address, register, buffer)
            return
        except OSError as error:
            code = error.errno
        # A NACK on free lines means that no chip has this address: that is not the bus's fault.
        if free and code == ENODEV:
            raise SensorAbsent(code)
        self.failures += 1
        raise BusStuck(code)

    def _transfer(self, is_write, address, register, buffer):
        if is_write:
            self._i2c.writeto_mem(address, register, buffer)
        else:
            self._i2c.readfrom_mem_into(address, register, buffer)
