"""Fitting the clip: the calibration by touch, from the first buzz to the stored mounting."""

import asyncio

from app import haptics as touch
from app.sampler import ImuLost
from retrogait.calibration import MOVE, PASSED, Calibration
from retrogait.scale import RANGES

_LOOK_MS = 20
# The first buzz must have died away before the stance is measured.
_SETTLE_MS = 600


class Fitting:
    """Fields: `busy`, `last` ({"ok", "reason"} or None before the first)."""

    def __init__(self, sampler, haptics, person, faults):
        self.busy = False
        self.last = None
        self._sampler = sampler
        self._haptics = haptics
        self._person = person
        self._faults = faults
        self._job = None
        self._trouble = ""

    def begin(self, mount):
        """Start for "waist" or "ankle"; returns "" or why not."""
        if mount not in RANGES:
            return "unknown_mount"
        try:
            self._sampler.start(*RANGES[mount])
        except OSError:
            self._faults.add("imu_absent")
            self._failed("imu_absent")
            return "imu_absent"
        self.busy = True
        self.last = None
        self._trouble = ""
        self._job = asyncio.create_task(self._run(mount))
        return ""

    async def _run(self, mount):
        self._haptics.play(touch.STAND_STILL)
        await asyncio.sleep_ms(_SETTLE_MS)
        procedure = Procedure(Calibration(mount, *RANGES[mount]))
        feeder = asyncio.create_task(self._feed(procedure))
        told = False
        while procedure.phase <= MOVE and not self._trouble:
            if procedure.phase == MOVE and not told:
                told = True
                self._haptics.play(touch.MOVE_NOW)
            await asyncio.sleep_ms(_LOOK_MS)
        feeder.cancel()
        self._sampler.stop()
        if self._trouble:
            self._failed(self._trouble)
        else:
            self._settle(mount, procedure.calibration)
        self.busy = False

    async def _feed(self, procedure):
        """Samples to the procedure, until cancelled; what ends it otherwise is left in `_trouble`."""
        try:
            await self._sampler.run(procedure)
        except ImuLost:
            self._faults.add("imu_lost")
            self._trouble = "imu_lost"
        except Exception as error:  # noqa: BLE001 whatever it is: the device stays usable and the wearer is told
            self._faults.write_traceback(error)
            self._trouble = "app_crashed"

    def _settle(self, mount, result):
        if result.phase != PASSED:
            self._failed(result.reason)
            return
        try:
            self._person.keep_mounting(mount, result.mounting, result.noise_mg, result.bias_ddps)
        except OSError:
            self._failed("flash_full")
            return
        self.last = {"ok": True, "reason": ""}
        self._haptics.play(touch.PASSED)

    def _failed(self, reason):
        self.last = {"ok": False, "reason": reason}
        self._haptics.play(touch.FAILED)


class Procedure:
    """A calibration as consumer of the sampler; `phase` as in retrogait.calibration."""

    def __init__(self, calibration):
        self.calibration = calibration
        self.phase = calibration.phase

    def push(self, sample):
        """One raw sample."""
        self.phase = self.calibration.push(sample)

    def skip(self, n_samples):
        """A gap: the calibration's own time limits and stillness checks decide what it is worth."""
