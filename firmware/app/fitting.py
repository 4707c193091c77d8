"""Fitting the clip: the calibration by touch, from the first buzz to the stored mounting."""

import asyncio

from app.clock import utc_s
from app.sampler import ImuLost
from app.store import read_json, write_json
from retrogait import patterns
from retrogait.calibration import MOVE, PASSED, Calibration
from retrogait.scale import RANGES

_LOOK_MS = 20
# The first buzz must have died away before the stance is measured.
_SETTLE_MS = 600


_FILE = "calibration.json"
# Where on the body the clip may sit; the first is what is assumed.
SIDES = {"waist": ("back", "front", "left", "right"), "ankle": ("right", "left")}


class Fitting:
    """Fields: `busy`, `last` (what came of the last one, kept over resets, or None).

    `last`: {"ok", "reason", "mount", "side", "noise_mg", "bias_ddps", "utc_s"}.
    """

    def __init__(self, sampler, haptics, person, faults):
        self.busy = False
        self.last = _load(faults)
        self._sampler = sampler
        self._haptics = haptics
        self._person = person
        self._faults = faults
        self._job = None
        self._place = ("", "")
        self._trouble = ""

    def begin(self, mount, side=""):
        """Start for "waist" or "ankle", on that side of the body ("": the usual one); returns "" or why not."""
        if mount not in RANGES:
            return "unknown_mount"
        side = side or SIDES[mount][0]
        if side not in SIDES[mount]:
            return "unknown_side"
        self._place = (mount, side)
        try:
            self._sampler.start(*RANGES[mount])
        except OSError:
            self._faults.add("imu_absent")
            self._failed("imu_absent", None)
            return "imu_absent"
        self.busy = True
        self.last = None
        self._trouble = ""
        self._job = asyncio.create_task(self._run())
        return ""

    async def _run(self):
        try:
            await self._measure()
        except Exception as error:  # noqa: BLE001 as in _feed: a button that does nothing any more is the worst of all
            self._faults.write_traceback(error)
            self._sampler.stop()
            self._failed("app_crashed", None)
        finally:
            self.busy = False

    async def _measure(self):
        mount = self._place[0]
        self._haptics.play(patterns.STAND_STILL)
        await asyncio.sleep_ms(_SETTLE_MS)
        procedure = Procedure(Calibration(mount, *RANGES[mount]))
        feeder = asyncio.create_task(self._feed(procedure))
        told = False
        while procedure.phase <= MOVE and not self._trouble:
            if procedure.phase == MOVE and not told:
                told = True
                self._haptics.play(patterns.MOVE_NOW)
            await asyncio.sleep_ms(_LOOK_MS)
        feeder.cancel()
        self._sampler.stop()
        if self._trouble:
            self._failed(self._trouble, procedure.calibration)
        else:
            self._settle(procedure.calibration)

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

    def _settle(self, result):
        if result.phase != PASSED:
            self._failed(result.reason, result)
            return
        try:
            self._person.keep_mounting(self._place[0], self._place[1], result.mounting)
        except OSError:
            self._failed("flash_full", result)
            return
        self._keep("", result)
        self._haptics.play(patterns.PASSED)

    def _failed(self, reason, result):
        self._keep(reason, result)
        self._haptics.play(patterns.FAILED)

    def _keep(self, reason, result):
        """Let the host read later what came of it."""
        last = {"ok": not reason, "reason": reason, "mount": self._place[0], "side": self._place[1], "utc_s": utc_s()}
        if result is not None:
            last["noise_mg"] = result.noise_mg
            last["bias_ddps"] = list(result.bias_ddps)
        self.last = last
        try:
            write_json(_FILE, last)
        except OSError:
            self._faults.add("flash_full")


def _load(faults):
    """What came of the last calibration, or None."""
    try:
        last = read_json(_FILE)
        if last is None or isinstance(last["ok"], bool):
            return last
    except (ValueError, KeyError, TypeError):
        pass  # counted below, as any other that cannot be used
    faults.add("calibration_unreadable")
    return None


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
