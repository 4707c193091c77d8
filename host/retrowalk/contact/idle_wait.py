"""Waits until a device is idle, asking now and then, and says what it waits for. Called by `retrowalk sync --wait`."""

import sys
import time

from retrowalk.console import say
from retrowalk.contact.link import Link
from retrowalk.contact.status import Status
from retrowalk.errors import NoDeviceError

_ASK_S = 2.0
_PATIENCE_S = 60.0


def wait_until_idle(path: str) -> None:
    """Return when the device on `path` is idle; one that is away for a minute is gone. Raises NoDeviceError."""
    said = ""
    seen_s = time.monotonic()
    while True:
        try:
            with Link(path) as link:
                while (status := link.status()).state != "idle":
                    seen_s = time.monotonic()
                    said = _tell(status, said)
                    time.sleep(_ASK_S)
        except NoDeviceError:
            # A cable that is out for a moment, or a device that starts anew.
            if time.monotonic() > seen_s + _PATIENCE_S:
                raise
            time.sleep(_ASK_S)
        else:
            if said and sys.stderr.isatty():
                sys.stderr.write("\n")
            return


def _tell(status: Status, said: str) -> str:
    """Say what goes on: once, or on a terminal in one line that changes."""
    doing = status.state if status.session is None else f"{status.state} session {status.session}"
    text = f"Waiting: the device is {doing}"
    if not sys.stderr.isatty():
        if text != said:
            say(f"{text}; Ctrl-C ends the waiting.")
        return text
    sys.stderr.write(f"\r{text}, {status.steps or 0} steps. Ctrl-C ends the waiting. ")
    sys.stderr.flush()
    return text
