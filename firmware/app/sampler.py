"""Moves samples from the IMU's FIFO to whoever consumes them, and brings the IMU back when the bus fails.

The FIFO is polled: reference build A has no interrupt wire, and the FIFO (2.4 s deep) rides out a flash stall. Time is
counted in samples; what the FIFO or a bus fault lost is told as a gap, never guessed.
"""

import asyncio
import time
from array import array

from retrogait import RATE_HZ

_POLL_MS = 40
_BATCH = 64
_SILENT_MS = 1000
_RETRY_MS = 500
_TRIES = 20
# What the IMU is made for (DS12814); outside of it its figures mean nothing.
_COLDEST_CDEG, _HOTTEST_CDEG = -4000, 8500


class ImuLost(Exception):
    """The IMU did not come back."""


class Sampler:
    """imu: a driver with start, read and stop; faults: the counter.

    `beats` goes up while its task runs. A consumer has push(sample) for each sample (an array of six counts, reused)
    and skip(n_samples) for a gap.
    """

    def __init__(self, imu, faults):
        self._imu = imu
        self._faults = faults
        self._batch = array("h", (0 for _ in range(_BATCH * 6)))
        self._sample = array("h", (0 for _ in range(6)))
        self._lost = 0
        self._last_ms = 0
        self._ranges = None
        self.beats = 0

    def start(self, accel_range_g, gyro_range_dps):
        """Set the IMU going; OSError (see drivers.errors) if it is absent or stuck."""
        self._ranges = (accel_range_g, gyro_range_dps)
        self._imu.start(accel_range_g, gyro_range_dps, _BATCH // 2)
        self._lost = self._imu.lost_samples
        self._last_ms = time.ticks_ms()

    def stop(self):
        """Put the IMU to rest."""
        try:
            self._imu.stop()
        except OSError:
            self._faults.add("imu_bus")

    def temperature_cdeg(self):
        """The running IMU's temperature in 0.01 degrees Celsius, or None; out of its range is a fault."""
        try:
            cdeg = self._imu.temperature_cdeg()
        except OSError:
            self._faults.add("imu_bus")
            return None
        if not _COLDEST_CDEG <= cdeg <= _HOTTEST_CDEG:
            self._faults.add("temperature_out")
        return cdeg

    async def run(self, consumer):
        """Feed `consumer` until cancelled; ImuLost after 10 s without the IMU."""
        while True:
            self.beats += 1
            await asyncio.sleep_ms(_POLL_MS)
            try:
                count = self.pump(consumer)
            except OSError:
                self._faults.add("imu_bus")
                await self._revive(consumer)
                continue
            now_ms = time.ticks_ms()
            if count:
                self._last_ms = now_ms
            elif time.ticks_diff(now_ms, self._last_ms) > _SILENT_MS:
                self._faults.add("imu_silent")
                await self._revive(consumer)

    def pump(self, consumer):
        """Hand over all that waits in the FIFO; returns the number of samples."""
        imu = self._imu
        batch = self._batch
        sample = self._sample
        total = 0
        while True:
            count = imu.read(batch)
            lost = imu.lost_samples - self._lost
            if lost:
                self._lost = imu.lost_samples
                self._faults.add("fifo_overrun")
                consumer.skip(lost)
            at = 0
            for _ in range(count):
                sample[0] = batch[at]
                sample[1] = batch[at + 1]
                sample[2] = batch[at + 2]
                sample[3] = batch[at + 3]
                sample[4] = batch[at + 4]
                sample[5] = batch[at + 5]
                consumer.push(sample)
                at += 6
            total += count
            # A gap ends a read early: only an empty read means that nothing waits.
            if count == 0:
                return total

    async def _revive(self, consumer):
        """Start the IMU anew until it answers, then tell the consumer how long it was away."""
        for _ in range(_TRIES):
            self.beats += 1
            await asyncio.sleep_ms(_RETRY_MS)
            try:
                silent_since_ms = self._last_ms
                self.start(self._ranges[0], self._ranges[1])
            except OSError:
                continue
            consumer.skip(time.ticks_diff(time.ticks_ms(), silent_since_ms) * RATE_HZ // 1000)
            return
        raise ImuLost
