"""What can go wrong between the processor and a chip. All are OSErrors, so a caller may treat them alike.

Raised by the drivers; SensorStuck is for the sampler, which alone can see that the FIFO stays empty.
"""


class BusStuck(OSError):
    """Transfers still fail after the clocked recovery of the I2C bus."""


class SensorAbsent(OSError):
    """Nothing answers at the address, or what answers is another chip."""


class SensorRefused(OSError):
    """A register does not hold what was written into it."""


class SensorStuck(OSError):
    """The chip answers but brings no samples."""
