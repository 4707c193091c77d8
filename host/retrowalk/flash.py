"""Puts the Retrowalk app on a board that already runs MicroPython, and waits until it answers.

Only files that differ travel, each verified by hash. Walks, settings and calibration on the device are kept.
"""

import time
from argparse import ArgumentParser, Namespace

from retrowalk import deploy, imu_config, remote
from retrowalk.console import confirm, emit, progress, say
from retrowalk.errors import FailedError
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
    imu_config.add_argument(parser)


def run(args: Namespace) -> int:
    """Deploy, start the app, and say what happened."""
    chip_config = None if args.bmi270_config is None else imu_config.read(args.bmi270_config)
    port = choose_port(args.port)
    with Transport(port.path, takeover=True) as device:
        facts = remote.read_facts(device)
        if facts.has_main and not facts.has_core:
            confirm(f"The board on {port.path} has another program's main.py. Replace it?", args.yes)
        board = deploy.choose_board(args.board, facts)
        tree = {deploy.BOARD_FILE: f"{board}\n".encode(), **deploy.device_tree()}
        plan = deploy.make_plan(device, tree)
        with progress("copying", plan.n_bytes()) as written:
            deploy.carry_out(device, plan, facts, written)
        if chip_config is not None:
            imu_config.put(device, chip_config)
    if plan.is_empty():
        emit(f"{board}: nothing to change, all {plan.n_same} files are up to date.")
    else:
        removed = f", {len(plan.stale)} old files removed" if plan.stale else ""
        emit(f"{board}: {len(plan.writes)} files written and verified, {plan.n_same} were up to date{removed}.")
    status = wait_for_app(port.path)
    say(f"The app runs (version {status.version or 'unknown'}, device {status.device_id}).")
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
