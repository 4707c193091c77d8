"""The I2C peripheral and the bus behind it: chips by address, time per byte, a chip that can hold the bus.

Errors are the ESP32's: 19 ENODEV when nobody acknowledges, 116 ETIMEDOUT when the bus is held. A held bus comes free
when the program has clocked SCL nine times by hand (bus_stuck), or never (bus_dead).
"""

from pins import Pin

_ENODEV = 19
_ETIMEDOUT = 116
_HELD_TIMEOUT_US = 50000
_FREEING_CLOCKS = 9


class Bus:
    """The wires of one bus. chips: address -> model; an address in `silenced` does not acknowledge.

    Nor do those in `switched` while is_powered() is false.
    """

    def __init__(self, clock, sda, scl):
        self.chips = {}
        self.silenced = set()
        self.switched = ()
        self.is_powered = None
        self.bytes_moved = 0
        self.transfers = 0
        self._clock = clock
        self._sda = sda
        self._clocks_to_free = 0
        scl.on_change = self._clocked

    def hold(self, is_for_ever):
        """A chip pulls SDA low in the middle of a byte."""
        self._clocks_to_free = -1 if is_for_ever else _FREEING_CLOCKS
        self._sda.drive(0)

    def release(self):
        """Nobody holds SDA any more."""
        self._clocks_to_free = 0
        self._sda.drive(None)

    def chip(self, address, n_bytes, freq_hz):
        """The chip at `address`, after the time that `n_bytes` take; OSError as the ESP32 raises it."""
        if self._clocks_to_free:
            self._clock.advance(_HELD_TIMEOUT_US)
            raise OSError(_ETIMEDOUT)
        chip = self._answering(address)
        n_bytes = n_bytes if chip is not None else 1
        self._clock.advance((n_bytes * 9 + 3) * 1000000 // freq_hz)
        if chip is None:
            raise OSError(_ENODEV)
        self.bytes_moved += n_bytes
        self.transfers += 1
        return chip

    def present(self):
        """The addresses that acknowledge; none while SDA is held."""
        if self._clocks_to_free:
            return []
        return sorted(address for address in self.chips if self._answering(address) is not None)

    def _answering(self, address):
        if address in self.silenced:
            return None
        if address in self.switched and self.is_powered is not None and not self.is_powered():
            return None
        return self.chips.get(address)

    def _clocked(self, level):
        if level == 1 and self._clocks_to_free > 0:
            self._clocks_to_free -= 1
            if self._clocks_to_free == 0:
                self.release()


class I2C:
    """machine.I2C and machine.SoftI2C (without the id): register access, the only kind that our chips are asked."""

    buses = {}
    nobody = None
    # Goes up with each light sleep; on_stale() hears of transfers through a driver that was made before the last one.
    epoch = 0
    on_stale = None

    def __init__(self, *ids, scl=None, sda=None, freq=400000, timeout=50000):
        if scl is None or sda is None:
            raise ValueError("name the pins: the default ones differ between boards")
        self._freq_hz = freq
        self._epoch = I2C.epoch
        for pin in (scl, sda):
            pin.init(Pin.OPEN_DRAIN, value=1)
        self._bus = self.buses.get((sda.number(), scl.number()), self.nobody)

    def scan(self):
        """Addresses that acknowledge."""
        self._check()
        return self._bus.present()

    def readfrom_mem_into(self, address, register, buffer, *, addrsize=8):
        """Fill `buffer` from `register` on."""
        self._check()
        self._bus.chip(address, len(buffer) + 3, self._freq_hz).read(register, buffer)

    def readfrom_mem(self, address, register, n_bytes, *, addrsize=8):
        """`n_bytes` from `register` on."""
        buffer = bytearray(n_bytes)
        self.readfrom_mem_into(address, register, buffer)
        return bytes(buffer)

    def writeto_mem(self, address, register, buffer, *, addrsize=8):
        """Write `buffer` from `register` on."""
        self._check()
        self._bus.chip(address, len(buffer) + 2, self._freq_hz).write(register, buffer)

    def _check(self):
        if self._epoch != I2C.epoch:
            self._epoch = I2C.epoch
            I2C.on_stale()
