"""The fuel gauge MAX17048 as its data sheet describes it (19-6171): 16-bit big-endian registers, most of them constant.

Modelled: cell voltage, a state of charge that follows it, version, and the configuration's power-on values. A write to
anything but the configuration is refused.
"""

from .violation import ModelViolation

_VCELL = 0x02
_SOC = 0x04
_CONSTANTS = {0x06: 0x0000, 0x08: 0x0012, 0x0A: 0x8030, 0x0C: 0x971C, 0x14: 0x00FF, 0x16: 0x0000, 0x18: 0x9600}
_STATUS = 0x1A
_EMPTY_MV = 3300
_FULL_MV = 4200


class MAX17048:
    """clock: unused, as every chip gets it; millivolt_source(): the cell's voltage now, in mV."""

    def __init__(self, clock, millivolt_source):
        self._clock = clock
        self._millivolts = millivolt_source

    def write(self, register, buffer):
        """The model takes no writes."""
        raise ModelViolation("MAX17048: write to register 0x%02x" % register)

    def read(self, register, buffer):
        """Fill `buffer` from `register` on, high byte first."""
        for i in range(len(buffer)):
            word = self._word(register & 0xFE)
            buffer[i] = word & 0xFF if register & 1 else word >> 8
            register += 1

    def _word(self, register):
        if register == _VCELL:
            # 78.125 uV a count.
            return min(0xFFFF, max(0, self._millivolts()) * 64 // 5)
        if register == _SOC:
            # 1/256 percent a count, linear between empty and full: good enough for a display.
            charge = (self._millivolts() - _EMPTY_MV) * 25600 // (_FULL_MV - _EMPTY_MV)
            return min(25600, max(0, charge))
        if register == _STATUS:
            return 0
        if register not in _CONSTANTS:
            raise ModelViolation("MAX17048: read of register 0x%02x" % register)
        return _CONSTANTS[register]
