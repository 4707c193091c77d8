"""From a board in its bag to a felt hello: MicroPython if it is missing, the app, its self-test, its name and time.

What is on the board is kept: walks, settings, calibration. Only what differs is written, and everything is verified.
"""

import time
from argparse import ArgumentParser, Namespace

from retrowalk import deploy, remote
from retrowalk.console import confirm, emit, progress, say
from retrowalk.errors import FailedError
from retrowalk.flashing import finish, micropython, onboard
from retrowalk.link import Link, Speaker
from retrowalk.ports import choose_port
from retrowalk.status import Status
from retrowalk.transport import Transport

_START_S = 15.0


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk flash`."""
    parser.add_argument(
        "--board", metavar="NAME", help="which board it is; default: as before, or as its MicroPython calls itself"
    )
    finish.add_arguments(parser)
    micropython.add_arguments(parser)


def run(args: Namespace) -> int:
    """Do what is missing, and say what happened."""
    ready = micropython.ensure(choose_port(args.port), args)
    if ready is None:
        return 0
    port = ready.port
    with Transport(port.path, takeover=True) as device:
        facts = remote.read_facts(device)
        if facts.has_main and not facts.has_core:
            confirm(f"The board on {port.path} has another program's main.py. Replace it?", args.yes)
            onboard.set_aside(device)
            say(f"Its main.py is kept on the board as {onboard.KEPT_MAIN}.")
        board = deploy.choose_board(args.board, facts)
        tree = {deploy.BOARD_FILE: f"{board}\n".encode(), **deploy.device_tree()}
        plan = deploy.make_plan(device, tree)
        with progress("copying", plan.n_bytes()) as written:
            deploy.carry_out(device, plan, facts, written)
        is_named = args.name is not None and finish.set_name(device, args.name)
    if plan.is_empty():
        emit(f"{board}: nothing to change, all {plan.n_same} files are up to date.")
    else:
        removed = f", {len(plan.stale)} old files removed" if plan.stale else ""
        emit(f"{board}: {len(plan.writes)} files written and verified, {plan.n_same} were up to date{removed}.")
    if is_named:
        emit(f"It is called {args.name} now.")
    status = wait_for_app(port.path)
    say(f"The app runs (version {status.version or 'unknown'}, device {status.device_id}).")
    finish.after(port.path, args, ready.was_written or not plan.is_empty(), status)
    if not status.calibrated:
        say("Next: `retrowalk calibrate waist`.")
    return 0


def wait_for_app(path: str) -> Status:
    """The app's status once it answers after the soft reset. Raises FailedError if it does not within 15 s."""
    deadline_s = time.monotonic() + _START_S
    speaker = Speaker.NOBODY
    while time.monotonic() < deadline_s:
        with Link(path) as link:
            answer = link.identify(interrupt=False)
        if answer.status is not None:
            return answer.status
        speaker = answer.speaker
        if speaker is Speaker.PROMPT:
            break
    why = "it stopped at the MicroPython prompt" if speaker is Speaker.PROMPT else "it does not answer"
    raise FailedError(
        f"The files are on the device and verified, but the app did not start: {why}.",
        "press reset without holding the button; if it stays so, `retrowalk doctor` shows why.",
    )
