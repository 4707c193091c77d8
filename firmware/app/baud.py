"""The rate of the REPL's UART: raised for a transfer, and back by itself when nobody is heard at it.

A host that was killed, or a cable that cannot do it, must not strand the device at a rate that nobody tries. Boards
whose port is the chip's own USB have no rate. How it does on silicon is unproven: see docs/reference/link.md.
"""

import time

BASE = 115200
RATES = (230400, 460800, 921600)
# The UART's own buffer of 128 bytes is still being sent at the old rate.
_EMPTIES_MS = 15


class Baud:
    """set_rate(baud) sets the UART, or None where there is none. Field: `rate`."""

    def __init__(self, set_rate):
        self.rate = BASE
        self._set_rate = set_rate

    @property
    def most(self):
        """The highest rate, in baud; 0 where there is nothing to set."""
        return RATES[-1] if self._set_rate else 0

    def can(self, rate):
        """Whether it can go to `rate`."""
        return self._set_rate is not None and (rate == BASE or rate in RATES)

    def set(self, rate):
        """Go to `rate`, once what was written is out."""
        if rate != self.rate:
            time.sleep_ms(_EMPTIES_MS)
            self._set_rate(rate)
            self.rate = rate

    def back(self):
        """Go back to where every host begins."""
        self.set(BASE)
