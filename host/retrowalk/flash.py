"""Puts the Retrowalk app on a board that already runs MicroPython, and waits until it has confirmed itself.

Only files that differ travel, each verified by hash. Walks, settings and calibration on the device are kept. A new
version that does not start properly twice is given up by the device itself, and the one before it runs again.
"""

from argparse import ArgumentParser, Namespace

from retrowalk import imu_config, remote
from retrowalk.console import confirm, emit, say
from retrowalk.deploying.board import choose_board
from retrowalk.deploying.confirmation import await_confirmed, remove_old_tree
from retrowalk.deploying.install import install
from retrowalk.ports import choose_port
from retrowalk.transport import Transport


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk flash`."""
    parser.add_argument(
        "--board", metavar="NAME", help="which board it is; default: as before, or as its MicroPython calls itself"
    )
    imu_config.add_argument(parser)
    parser.add_argument("--source", action="store_true", help="send the app as plain .py instead of compiled .mpy")


def run(args: Namespace) -> int:
    """Deploy, start the app, and say what happened."""
    chip_config = None if args.bmi270_config is None else imu_config.read(args.bmi270_config)
    port = choose_port(args.port)
    with Transport(port.path, takeover=True) as device:
        facts = remote.read_facts(device)
        if facts.has_main and not facts.has_core:
            confirm(f"The board on {port.path} has another program's main.py. Replace it?", args.yes)
        board = choose_board(args.board, facts)
        done = install(device, facts, board, args.source)
        if chip_config is not None:
            imu_config.put(device, chip_config)
    emit(done.in_words(board))
    status = await_confirmed(port.path, done.slot)
    say(f"The app runs and has confirmed itself (version {status.version or 'unknown'}, device {status.device_id}).")
    if done.has_old:
        with Transport(port.path) as device:
            n_removed = remove_old_tree(device)
        say(f"{n_removed} files of the version before, which had no slots, were removed.")
    if not status.calibrated:
        say("Next: `retrowalk calibrate waist`.")
    return 0
