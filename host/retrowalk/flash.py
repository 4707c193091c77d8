"""From a board in its bag to a felt hello: MicroPython if it is missing, the app, its self-test, its name and time.

What is on the board is kept: walks, settings, calibration. Only what differs is written, and everything is verified.
A new version of the app that does not start properly twice is given up by the device itself, and the one before it
runs again.
"""

from argparse import ArgumentParser, Namespace

from retrowalk import imu_config
from retrowalk.console import confirm, emit, say
from retrowalk.contact import remote
from retrowalk.contact.ports import choose_port
from retrowalk.contact.transport import Transport
from retrowalk.deploying.board import choose_board
from retrowalk.deploying.confirmation import await_confirmed, remove_old_tree
from retrowalk.deploying.install import install
from retrowalk.flashing import finish, micropython, onboard


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk flash`."""
    parser.add_argument(
        "--board", metavar="NAME", help="which board it is; default: as before, or as its MicroPython calls itself"
    )
    imu_config.add_argument(parser)
    parser.add_argument("--source", action="store_true", help="send the app as plain .py instead of compiled .mpy")
    finish.add_arguments(parser)
    micropython.add_arguments(parser)


def run(args: Namespace) -> int:
    """Do what is missing, and say what happened."""
    chip_config = None if args.bmi270_config is None else imu_config.read(args.bmi270_config)
    ready = micropython.ensure(choose_port(args.port), args)
    if ready is None:
        return 0
    port = ready.port
    with Transport(port.path, takeover=True) as device:
        facts = remote.read_facts(device)
        if not facts.has_filesystem:
            raise onboard.unreadable_error()
        if facts.has_main and not facts.has_core:
            confirm(f"The board on {port.path} has another program's main.py. Replace it?", args.yes)
            onboard.set_aside(device)
            say(f"Its main.py is kept on the board as {onboard.KEPT_MAIN}.")
        board = choose_board(args.board, facts)
        done = install(device, facts, board, args.source)
        if chip_config is not None:
            imu_config.put(device, chip_config)
        is_named = args.name is not None and finish.set_name(device, args.name)
    emit(done.in_words(board))
    if is_named:
        emit(f"It is called {args.name} now.")
    status = await_confirmed(port.path, done.slot)
    say(f"The app runs and has confirmed itself (version {status.version or 'unknown'}, device {status.device_id}).")
    if done.has_old:
        with Transport(port.path) as device:
            n_removed = remove_old_tree(device)
        say(f"{n_removed} files of the version before, which had no slots, were removed.")
    finish.after(port.path, args, ready.was_written or not done.plan.is_empty(), status)
    if not status.calibrated:
        say("Next: `retrowalk calibrate waist`.")
    return 0
