"""A wearer who takes the device out: calibrates it if it is not, presses the button, walks, presses it again.

Talks over the port as the host's verbs do, so the port is taken until the walk has begun.
"""

import threading
import time

from retrowalk.console import say
from retrowalk.contact.link import Link
from retrowalk.contact.status import Status
from retrowalk.errors import BusyError, FailedError, RetrowalkError
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.frames import Frames

_PATIENCE_S = 60.0
_LOOK_S = 0.2
_FIRST_PRESS_S = 0.5
_LAST_PRESS_BEFORE_END_S = 0.5


class Outing:
    """Runs in a thread; `error` is what ended it, if not the end of the walk. `ended` is set to give up."""

    def __init__(self, device: VirtualDevice, frames: Frames, mount: str, ended: threading.Event) -> None:
        self.error: RetrowalkError | None = None
        self._device = device
        self._frames = frames
        self._mount = mount
        self._ended = ended
        threading.Thread(target=self._run, name="outing", daemon=True).start()

    def _run(self) -> None:
        try:
            status = self._wait_idle()
            self._set_time()
            if not status.calibrated or status.mount != self._mount:
                self._calibrate()
            self._walk()
        except RetrowalkError as error:
            self.error = error

    def _status(self) -> Status:
        with Link(str(self._device.port)) as link:
            return link.status()

    def _wait_idle(self) -> Status:
        """The app's status once it is idle."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while not self._ended.is_set() and time.monotonic() < deadline_s:
            try:
                status = self._status()
            except BusyError:
                # Somebody else has the port just now, or the app is still starting.
                status = None
            if status is not None and status.state == "idle":
                return status
            time.sleep(_LOOK_S)
        raise FailedError("The app does not become idle.", "look with `retrowalk doctor`.")

    def _set_time(self) -> None:
        """As a wearer's host would have done at the calibration: a walk without a date counts on no day of a plan."""
        with Link(str(self._device.port)) as link:
            link.set_time()

    def _calibrate(self) -> None:
        with Link(str(self._device.port)) as link:
            link.command(f"calibrate {self._mount}")
        say("The wearer calibrates the clip.")
        if not self._wait_idle().calibration_ok:
            raise FailedError("The wearer's calibration did not pass.", "try another walk, or another --mount.")

    def _walk(self) -> None:
        end_s = self._frames.duration_s - _LAST_PRESS_BEFORE_END_S
        n_before = len(self._device.notes)
        self._device.play(self._frames, press_at_s=[_FIRST_PRESS_S, end_s])
        say(f"The wearer walks for {self._frames.duration_s:.0f} s.")
        while not self._ended.is_set() and not self._device.wait_note("ended walk", _LOOK_S, n_before):
            pass
        if not self._ended.is_set():
            say("The walk has ended: `retrowalk sync` brings it home.")
