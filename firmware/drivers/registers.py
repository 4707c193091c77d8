"""A chip's registers on the bus, one byte each: what the drivers of the chips share.

int16 is for what is read now and then; where samples are read it stands written out, since there a call costs too much.
"""

from drivers.errors import SensorRefused


def int16(low, high):
    """The signed number of two bytes."""
    return ((low | high << 8) ^ 0x8000) - 0x8000


class Registers:
    """bus: a drivers.bus.Bus; address: the chip's. Errors of all are the bus's; of _verify also SensorRefused."""

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._byte = bytearray(1)

    def _read(self, register):
        self._bus.read_into(self._address, register, self._byte)
        return self._byte[0]

    def _write(self, register, value):
        self._byte[0] = value
        self._bus.write(self._address, register, self._byte)

    def _write_all(self, settings):
        """settings: pairs (register, value), written in this order."""
        for register, value in settings:
            self._write(register, value)

    def _verify(self, settings):
        """SensorRefused, with the register, unless each holds its value."""
        for register, value in settings:
            if self._read(register) != value:
                raise SensorRefused(register)
