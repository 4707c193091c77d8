"""Wall time, which the board knows only after a host has told it (UTC since 1970), and the time since the app began.

The two are kept apart: sessions are stamped with the uptime, which no host can set, and a pair of both (see
app.anchors) dates them, even if the clock is set only afterwards.
"""

import os
import time
from binascii import hexlify

import machine

# The ESP32 counts from 2000, the rest of the world from 1970.
_EPOCH_OFFSET_S = 946684800
_EARLIEST_S = 1735689600


class Uptime:
    """`run`: eight hexadecimal digits, others at every start; only times of one run can be compared."""

    def __init__(self):
        self.run = hexlify(os.urandom(4)).decode()
        self._then_ms = time.ticks_ms()
        self._ms = 0

    def ms(self):
        """Milliseconds since the start. To be asked at least every six days: ticks_ms wraps after 12.4."""
        now_ms = time.ticks_ms()
        self._ms += time.ticks_diff(now_ms, self._then_ms)
        self._then_ms = now_ms
        return self._ms


def utc_s():
    """UTC in seconds since 1970, or None while no host has set the clock since power-on."""
    now = time.time() + _EPOCH_OFFSET_S
    return now if now >= _EARLIEST_S else None


def set_utc(seconds):
    """Set the board's clock; ValueError for a time before 2025 or after 2060."""
    if not _EARLIEST_S <= seconds < 2840140800:
        raise ValueError("not a plausible time")
    year, month, day, hour, minute, second, weekday = time.gmtime(seconds - _EPOCH_OFFSET_S)[:7]
    machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
