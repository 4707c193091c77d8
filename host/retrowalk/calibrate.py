"""Teaches the device how it sits on its wearer: stand still, feel two buzzes, bow (waist) or step forward (ankle).

The procedure runs on the device; this verb starts it, tells the wearer what to do, and waits for its result. `calibrate
strength` is another matter, in felt_strength.py: how strongly the motor must run to be felt.
"""

import time
from argparse import ArgumentParser, Namespace

from retrowalk import felt_strength
from retrowalk.console import emit, say
from retrowalk.contact.link import Link, require_idle
from retrowalk.contact.ports import choose_port
from retrowalk.contact.reasons import in_words
from retrowalk.contact.status import Status
from retrowalk.errors import FailedError, NoDeviceError, UsageError

# Where on the body; the first is what is assumed.
SIDES = {"waist": ("back", "front", "left", "right"), "ankle": ("right", "left")}
STRENGTH = "strength"
EPILOG = """\
examples:
  retrowalk calibrate waist
  retrowalk calibrate ankle --side left
  retrowalk calibrate strength            (how strong must the motor be? asks at the terminal)"""
_POLL_S = 0.3
_LONGEST_S = 60.0
_PLACE = {
    "waist": "Clip it to your belt so that it cannot turn.",
    "ankle": "Strap it to one ankle, just above the bone, so that it cannot turn.",
}
_MOVEMENT = {"waist": "bow forward and come up again", "ankle": "walk a few steps forward"}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk calibrate`."""
    parser.add_argument("mount", choices=(*SIDES, STRENGTH), help="where it is worn; or strength: a felt test")
    parser.add_argument("--side", choices=("back", "front", "left", "right"), help="of the body (back; ankle: right)")


def run(args: Namespace) -> int:
    """Calibrate. Raises FailedError if the device does not accept what it felt, BusyError if it refuses to begin."""
    if args.mount == STRENGTH:
        return felt_strength.run(args.port, args.yes)
    side = args.side or SIDES[args.mount][0]
    if side not in SIDES[args.mount]:
        raise UsageError(f"The {args.mount} has no {side} side.", f"--side is one of: {', '.join(SIDES[args.mount])}.")
    with Link(choose_port(args.port).path) as link:
        require_idle(link.status())
        link.set_time()
        say(_PLACE[args.mount])
        say(
            f"One buzz: stand still. Two buzzes: {_MOVEMENT[args.mount]}. Then three ticks: done. One long buzz: again."
        )
        link.command(f"calibrate {args.mount} {side}")
        status = wait_for_result(link)
    if not status.calibration_ok:
        meaning, remedy = in_words(status.calibration_reason)
        raise FailedError(f"The calibration did not pass: {meaning}.", f"{remedy} Then run this again.")
    emit(f"Calibrated for the {status.mount or args.mount}.")
    say("Next: press the button once and walk; press it once more to end.")
    return 0


def wait_for_result(link: Link) -> Status:
    """The status after the calibration. Raises NoDeviceError if there is none within a minute."""
    deadline_s = time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline_s:
        status = link.status()
        if status.state != "calibrating":
            return status
        time.sleep(_POLL_S)
    raise NoDeviceError("The calibration does not come to an end.", "press the device's reset button and try again.")
