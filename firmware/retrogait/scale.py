"""Raw int16 counts of the IMU to the core's units: milli-g (mg) and tenths of a degree per second (ddps).

Sensitivities are those of the LSM6DSOX data sheet (DS12814, table 2): the ones every driver maps its chip to.
"""

_ACCEL_UG_PER_COUNT = {2: 61, 4: 122, 8: 244, 16: 488}
_GYRO_UDPS_PER_COUNT = {125: 4375, 250: 8750, 500: 17500, 1000: 35000, 2000: 70000}

# Full scale by mount: accelerometer g, gyro degrees per second. The ankle swings and strikes harder.
RANGES = {"waist": (8, 500), "ankle": (16, 2000)}


class Scale:
    """Converts counts taken at one pair of full-scale ranges (g, degrees per second).

    `ug` micro-g a count, `gyro_160` ddps in 160 counts.

    Raises ValueError for a range the IMU does not have.
    """

    def __init__(self, accel_range_g, gyro_range_dps):
        if accel_range_g not in _ACCEL_UG_PER_COUNT or gyro_range_dps not in _GYRO_UDPS_PER_COUNT:
            raise ValueError("no such IMU range: %s g, %s dps" % (accel_range_g, gyro_range_dps))
        self.ug = _ACCEL_UG_PER_COUNT[accel_range_g]
        self.gyro_160 = _GYRO_UDPS_PER_COUNT[gyro_range_dps] // 625

    def mg(self, count):
        """Specific force in mg, rounded."""
        return (count * self.ug + 500) // 1000

    def ddps(self, count):
        """Angular rate in 0.1 degrees per second, rounded."""
        return (count * self.gyro_160 + 80) // 160
