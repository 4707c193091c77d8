"""A motor on a pin of the processor: no chip at all, so nothing of it is ever awake."""


class PinMotor:
    """on_level(now_us, level 0..127) hears each change. Field: `level`."""

    is_awake = False

    def __init__(self, clock, on_level):
        self.level = 0
        self._clock = clock
        self._on_level = on_level

    def drive(self, duty):
        """The pin's share of the time, 0..65535; the level is told as a driver chip's register would say it."""
        self.level = (duty * 127 + 32767) // 65535
        self._on_level(self._clock.us, self.level)
