"""The LSM6DSOX's wake-up function (AN5272): motion drives INT1 while the processor sleeps.

Modelled: the slope filter (half the difference of two samples) against WAKE_UP_THS in steps of 1/64 of the range, no
duration, no latch, INT1 by MD1_CFG. Used by lsm6dsox.py.
"""

TAP_CFG2 = 0x58
WAKE_UP_THS = 0x5B
MD1_CFG = 0x5E

# Registers that may be written: the bits that the model has.
WRITABLE = {0x56: 0x00, TAP_CFG2: 0x80, WAKE_UP_THS: 0x3F, 0x5C: 0x00, MD1_CFG: 0x20}

_INTERRUPTS_ENABLE = 0x80
_INT1_WU = 0x20


class WakeUp:
    """registers: the chip's. `level`: what INT1 is driven to by this function."""

    def __init__(self, registers):
        self.level = 0
        self._registers = registers
        self._before = [0, 0, 0]

    def is_routed(self):
        """Whether motion reaches INT1."""
        return self._registers[TAP_CFG2] & _INTERRUPTS_ENABLE and self._registers[MD1_CFG] & _INT1_WU

    def take(self, counts):
        """One accelerometer sample (counts x, y, z first); True if INT1 changes."""
        limit = 2 * (self._registers[WAKE_UP_THS] << 9)
        moved = False
        for i in range(3):
            if abs(counts[i] - self._before[i]) > limit:
                moved = True
            self._before[i] = counts[i]
        level = 1 if moved and self.is_routed() else 0
        changed = level != self.level
        self.level = level
        return changed
