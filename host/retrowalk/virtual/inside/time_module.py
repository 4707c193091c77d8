"""The module `time` of an ESP32, on the virtual clock: 30-bit ticks that wrap soon after power-on, epoch 2000.

The calendar counts from 2000-01-01 until someone sets the RTC (rtc_offset_us; it survives resets, not power cuts).
"""

_PERIOD = 1 << 30
_HALF = _PERIOD >> 1
# The counters wrap 5 s (unless said otherwise) and 3 s after power-on, so that every test crosses the wraps.
_FIRST_TICK_US = _PERIOD - 3000000
_EPOCH_OFFSET_S = 946684800
_SHORT_US = 1000


class TimeModule:
    """clock, pacer: see their files; wall: the real time module, for the calendar; boot_us: the clock at power-on;
    wrap_after_ms: from then on to the wrap of ticks_ms.

    rtc_offset_us: the calendar minus the clock.
    """

    def __init__(self, clock, pacer, wall, boot_us, rtc_offset_us, wrap_after_ms=5000):
        self.rtc_offset_us = rtc_offset_us
        self._clock = clock
        self._pacer = pacer
        self._wall = wall
        self._boot_us = boot_us
        self._first_tick_ms = _PERIOD - wrap_after_ms

    def ticks_us(self):
        """Microseconds, wrapping at 2**30."""
        self._pacer.glance()
        return (self._clock.us - self._boot_us + _FIRST_TICK_US) & (_PERIOD - 1)

    ticks_cpu = ticks_us

    def ticks_ms(self):
        """Milliseconds, wrapping at 2**30."""
        self._pacer.glance()
        return ((self._clock.us - self._boot_us) // 1000 + self._first_tick_ms) & (_PERIOD - 1)

    def ticks_add(self, ticks, delta):
        """`ticks` moved by `delta`."""
        return (ticks + delta) & (_PERIOD - 1)

    def ticks_diff(self, later, earlier):
        """Signed distance on the ring."""
        return ((later - earlier + _HALF) & (_PERIOD - 1)) - _HALF

    def sleep_us(self, span_us):
        """Let time pass; spans under a millisecond are not held to the wall clock."""
        if span_us < _SHORT_US:
            self._clock.advance(max(0, span_us))
        else:
            self._pacer.wait(self._clock.us + span_us)

    def sleep_ms(self, span_ms):
        """Let time pass."""
        self.sleep_us(span_ms * 1000)

    def sleep(self, seconds):
        """Let time pass."""
        self.sleep_us(int(seconds * 1000000))

    def time_ns(self):
        """Nanoseconds since 2000-01-01 UTC as far as the RTC knows."""
        self._pacer.glance()
        return (self._clock.us + self.rtc_offset_us) * 1000

    def time(self):
        """Whole seconds since 2000-01-01 UTC as far as the RTC knows."""
        return self.time_ns() // 1000000000

    def gmtime(self, seconds=None):
        """Eight fields: year, month, day, hour, minute, second, weekday (Monday 0), day of the year."""
        if seconds is None:
            seconds = self.time()
        return self._wall.gmtime(int(seconds) + _EPOCH_OFFSET_S)[:8]

    localtime = gmtime

    def mktime(self, fields):
        """Seconds since 2000 of eight calendar fields."""
        return int(self._wall.mktime(tuple(fields)[:8] + (0,))) - _EPOCH_OFFSET_S
