"""Battery and faults in one dict, for the status line and for the log."""


class Health:
    """gauge: a driver with millivolts(), or None on a board without; faults: the counter."""

    def __init__(self, gauge, faults):
        self._gauge = gauge
        self._faults = faults

    def read(self):
        """{"battery_mv": millivolts or None, "faults": {name: count}}."""
        return {"battery_mv": self.battery_mv(), "faults": self._faults.counts}

    def battery_mv(self):
        """The cell's voltage in mV, or None if nobody measures it."""
        if self._gauge is None:
            return None
        try:
            return self._gauge.millivolts()
        except OSError:
            self._faults.add("gauge_absent")
            return None
