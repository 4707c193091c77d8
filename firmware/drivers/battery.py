"""Cell voltage: from the MAX17048 fuel gauge (data sheet 19-6171: one register, big-endian, 78.125 uV a count), or
from the processor's own converter behind a divider, which is good to some percent only.
"""

import machine

_VCELL = 0x02


class Max17048:
    """bus: a drivers.bus.Bus; address: 0x36 as made."""

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._vcell = bytearray(2)

    def millivolts(self):
        """The cell's voltage in mV; None if the gauge does not answer or has not measured yet."""
        try:
            self._bus.read_into(self._address, _VCELL, self._vcell)
        except OSError:
            # A board without its gauge still walks: the caller shows "unknown".
            return None
        count = self._vcell[0] << 8 | self._vcell[1]
        # 78.125 uV is 5/64 mV.
        return (count * 5 + 32) >> 6 if count else None


class DividedBattery:
    """pin: a pin of the converter; parts: the cell's voltage is so many times the pin's."""

    def __init__(self, pin, parts):
        self._adc = machine.ADC(machine.Pin(pin), atten=machine.ADC.ATTN_11DB)
        self._parts = parts

    def millivolts(self):
        """The cell's voltage in mV; None if nothing is there."""
        return self._adc.read_uv() * self._parts // 1000 or None
