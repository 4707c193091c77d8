"""Wall time, which the board knows only after a host has told it. UTC in seconds since 1970."""

import time

import machine

# The ESP32 counts from 2000, the rest of the world from 1970.
_EPOCH_OFFSET_S = 946684800
_EARLIEST_S = 1735689600


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
