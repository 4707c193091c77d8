"""Teaches the device how it sits on its wearer: stand still, feel two buzzes, bow and come up again."""

import time
from argparse import ArgumentParser, Namespace

from retrowalk.console import emit, say
from retrowalk.errors import FailedError, NoDeviceError
from retrowalk.link import Link, require_idle
from retrowalk.ports import choose_port
from retrowalk.status import Status

MOUNTS = ("waist", "ankle")
_POLL_S = 0.3
_LONGEST_S = 60.0
_SETTLE_S = 1.5  # a result this long after the command is the new one, even if its start was missed
_ADVICE = {
    "waist": "Clip it to your belt, upright, at the small of your back or at the front.",
    "ankle": "Strap it to one ankle, on the outside, just above the bone.",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk calibrate`."""
    parser.add_argument("mount", choices=MOUNTS, help="where it is worn")


def run(args: Namespace) -> int:
    """Calibrate. Raises FailedError if the device does not accept what it felt, BusyError if it refuses to begin."""
    with Link(choose_port(args.port).path) as link:
        require_idle(link.status())
        link.set_time()
        say(_ADVICE[args.mount])
        say("One buzz: stand still. Two buzzes: bow forward and come up again. Three ticks: it is done.")
        link.command(f"calibrate {args.mount}")
        status = wait_for_result(link)
    if not status.calibration_ok:
        reason = status.calibration_reason or "no reason given"
        raise FailedError(
            f"The calibration did not pass: {reason}.",
            f"stand still, wait for the two buzzes, bow, come up, and run `retrowalk calibrate {args.mount}` again.",
        )
    emit(f"Calibrated for the {status.mount or args.mount}.")
    say("Next: press the button once and walk; press it once more to end.")
    return 0


def wait_for_result(link: Link) -> Status:
    """The status after the calibration. Raises NoDeviceError if there is none within a minute."""
    began_s = time.monotonic()
    seen = False
    while time.monotonic() - began_s < _LONGEST_S:
        status = link.status()
        if status.state == "calibrating":
            seen = True
        elif seen or time.monotonic() - began_s > _SETTLE_S:
            return status
        time.sleep(_POLL_S)
    raise NoDeviceError("The calibration does not come to an end.", "press the device's reset button and try again.")
