"""What the models of chips with one-byte registers share: which bits may be written, and what a reset leaves."""

from .violation import ModelViolation

_REGISTERS = 128


class RegisterChip:
    """A chip's model has NAME, WRITABLE (register: the bits that the model has; the others must be written as zero, and
    other registers not at all), DEFAULTS (register: value, where it is not 0), _write_one(register, value) and read().

    clock: now in .us, at(us, function), cancel(entry).
    """

    def __init__(self, clock):
        self._clock = clock
        self._registers = bytearray(_REGISTERS)
        self._reset_until_us = 0

    def write(self, register, buffer):
        """Bytes written by the bus from `register` on."""
        for value in buffer:
            mask = self.WRITABLE.get(register)
            if mask is None or value & ~mask:
                raise ModelViolation("%s: write of 0x%02x to register 0x%02x" % (self.NAME, value, register))
            if self._clock.us < self._reset_until_us:
                raise ModelViolation(self.NAME + ": write during reset")
            self._write_one(register, value)
            register = self._after(register)

    def _after(self, register):
        """Where the next byte of a burst goes."""
        return register + 1

    def _set_defaults(self):
        for register in range(_REGISTERS):
            self._registers[register] = self.DEFAULTS.get(register, 0)
