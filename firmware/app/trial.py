"""Is this version well? It looks after itself shortly after the start, and tells the boot guard (main.py).

Well means: two seconds without a crash, the status can be told, the flash takes sessions, the motion sensor answers.
The sensor counts only where the version before had it: one that is broken or unplugged is nobody's update's fault, and
must not keep a clip on an old version for ever.
"""

import asyncio
import os

from app.logbook import FOLDER
from retrogait.scale import RANGES

_LIVE_MS = 2000
_RETRY_MS = 1000
# Looking at the sensor and writing the verdict take time from a pulse, and it is its length that tells: not meanwhile.
_FELT_STEP_MS = 50
_FELT_STEPS = 200
_TRIES = 5
_BATCH = 32


class NotWell(Exception):
    """This version is not to stay; `why` in a word, for the guard."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


class Trial:
    """guard: main.py's Guard; controller: tells whether anything is going on; imu: a driver with start and stop;
    haptics: tells whether the motor is busy.
    """

    def __init__(self, guard, controller, imu, haptics):
        self._guard = guard
        self._controller = controller
        self._imu = imu
        self._haptics = haptics

    async def run(self):
        """The task: judge once, then end. NotWell, while on trial, gives the start up."""
        await asyncio.sleep_ms(_LIVE_MS)
        try:
            await self._judge()
        except (NotWell, OSError) as error:
            if self._guard.is_on_trial:
                raise NotWell(getattr(error, "why", "flash_full")) from error

    async def _judge(self):
        await self._until_nothing_is_felt()
        self._controller.status()
        _look_at_sessions()
        has_imu = await self._has_imu()
        if not has_imu and self._guard.is_on_trial and self._guard.had_imu is not False:
            raise NotWell("imu_absent")
        await self._until_nothing_is_felt()
        self._guard.confirm(has_imu)

    async def _until_nothing_is_felt(self):
        """Ten seconds at most: a version is judged whatever goes on."""
        for _ in range(_FELT_STEPS):
            if not self._haptics.busy:
                return
            await asyncio.sleep_ms(_FELT_STEP_MS)

    async def _has_imu(self):
        for _ in range(_TRIES):
            if self._controller.state() != "idle":
                # Sessions and calibrations begin only with a sensor that answers.
                return True
            try:
                self._imu.start(*RANGES["waist"], _BATCH)
                self._imu.stop()
                return True
            except OSError:
                await asyncio.sleep_ms(_RETRY_MS)
        return False


def _look_at_sessions():
    """The first session makes the folder; until then it is enough that there is a filesystem to make it on."""
    try:
        if FOLDER[1:] in os.listdir("/"):
            os.listdir(FOLDER)
    except OSError as error:
        raise NotWell("log_unusable") from error
