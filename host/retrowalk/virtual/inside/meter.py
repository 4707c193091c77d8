"""How long the virtual device was in each state: what a power model multiplies with currents (hw/power).

Spans in microseconds: "awake" and "light" (the processor), "motor" (weighted with its drive), "haptic" (the driver not
in standby), "imu" (both sensors), "watch" (the IMU waiting for motion), "rails" (the sensors' supply). The motor is
exact; the others are looked at whenever the processor's state changes, and every 0.1 s: that is their error.
"""

_FULL_DRIVE = 127


class Meter:
    """clock: the Clock; world: the bench."""

    def __init__(self, clock, world):
        self.spans_us = {"awake": 0, "light": 0, "motor": 0, "haptic": 0, "imu": 0, "watch": 0, "rails": 0}
        self._clock = clock
        self._world = world
        self._since_us = clock.us
        self._moved_us = clock.us
        self._level = 0

    def count(self, cpu):
        """The time since the last call was spent with the processor `cpu`: "awake" or "light"."""
        span_us = self._clock.us - self._since_us
        self._since_us = self._clock.us
        spans = self.spans_us
        spans[cpu] += span_us
        world = self._world
        self.moved(self._clock.us, self._level)
        if not world.bus.is_powered():
            return
        spans["rails"] += span_us
        if world.haptic.is_awake:
            spans["haptic"] += span_us
        if world.imu.is_measuring:
            spans["imu"] += span_us
        elif world.imu.is_watching:
            spans["watch"] += span_us

    def moved(self, now_us, level):
        """The motor's drive is `level` from now on."""
        self.spans_us["motor"] += (now_us - self._moved_us) * self._level // _FULL_DRIVE
        self._moved_us = now_us
        self._level = level
