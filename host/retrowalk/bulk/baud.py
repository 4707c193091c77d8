"""Raises the rate of a serial bridge for a transfer, tries the line at it, and comes back.

The device goes back by itself when it hears nothing for three seconds, so that a failed try only costs time. Where the
port is the chip's own USB there is no rate, and the device or the port says so. Unproven on silicon.
"""

import contextlib
import time

from retrowalk.bulk.frames import DATA
from retrowalk.bulk.talk import REVERTED_S, RefusedError, Talk
from retrowalk.contact.ports import BAUD
from retrowalk.errors import RetrowalkError

RATES = (921600, 460800, 230400)
_TEST_FRAMES = 8
_TRIES = 3


def step_up(talk: Talk, most: int) -> int:
    """Go to the highest rate up to `most` at which the line is clean; returns it. Raises the errors of Talk."""
    for rate in RATES:
        if rate <= most and _try(talk, rate):
            return rate
    return BAUD


def step_down(talk: Talk) -> None:
    """Back to the first rate; a device that does not hear it goes back by itself."""
    if talk.rate == BAUD:
        return
    with contextlib.suppress(TimeoutError, RetrowalkError):
        talk.ask("baud", BAUD, tries=_TRIES)
    talk.set_rate(BAUD)


def _try(talk: Talk, rate: int) -> bool:
    try:
        talk.ask("baud", rate, tries=_TRIES)
    except (TimeoutError, RefusedError):
        # It may have heard us, and only its answer got lost.
        _wait_for_revert(talk)
        return False
    talk.set_rate(rate)
    try:
        # Not one of them may be lost: a line that only nearly works is slower than a lower rate.
        talk.ask("test", kind=DATA, tries=_TRIES)
        for _ in range(_TEST_FRAMES):
            talk.ask("test", kind=DATA, tries=1)
    except TimeoutError:
        talk.set_rate(BAUD)
        _wait_for_revert(talk)
        return False
    return True


def _wait_for_revert(talk: Talk) -> None:
    """Wait until the device is heard at the first rate again. Raises the errors of Talk."""
    deadline_s = time.monotonic() + 2 * REVERTED_S
    while True:
        try:
            talk.ask("hello", tries=1)
        except TimeoutError:
            if time.monotonic() > deadline_s:
                raise talk.silent() from None
        else:
            return
