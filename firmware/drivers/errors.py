"""What can go wrong between the processor and a chip. All are OSErrors, so a caller may treat them alike.

Raised by the drivers.
"""


class BusStuck(OSError):
    """Transfers still fail after the clocked recovery of the I2C bus."""


class SensorAbsent(OSError):
    """Nothing answers at the address, or what answers is another chip."""


class SensorRefused(OSError):
    """A register does not hold what was written into it."""


class SensorUnready(OSError):
    """The chip is there, but what it needs before it works is missing on the device or was not taken."""
