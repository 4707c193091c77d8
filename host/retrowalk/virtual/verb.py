"""`retrowalk virtual`: a device without hardware, on a port of its own, until it is interrupted."""

import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from types import FrameType

import numpy as np
import platformdirs

from retrowalk.console import emit, say
from retrowalk.deploying.tree import known_boards
from retrowalk.errors import FailedError, UsageError
from retrowalk.virtual import tracks
from retrowalk.virtual.bare import BareChip
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.outing import Outing
from retrowalk.wearer.cast import model, names
from retrowalk.wearer.frames import Frames
from retrowalk.wearer.recorded import frames_from_recording

EPILOG = """\
examples:
  retrowalk virtual --link /tmp/walker
  retrowalk virtual --link /tmp/walker --walk model:demo --speed 8
  retrowalk virtual --walk walk.csv.gz --reversed
  retrowalk virtual --bare --link /tmp/walker      (then: retrowalk flash --port /tmp/walker)

Leave it running and use another terminal: `retrowalk devices` shows it. Nothing here is silicon."""

_MODEL_PREFIX = "model:"
_LOOK_S = 0.2


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk virtual`."""
    parser.description = (
        "Runs the app on real MicroPython with simulated chips, behind a port that mpremote and every retrowalk verb "
        "can open. Prints the port, then runs until Ctrl-C. The device's files are kept for the next time."
    )
    parser.add_argument("--link", metavar="PATH", type=Path, help="make PATH a symlink to the port")
    parser.add_argument("--board", default="virtual", choices=known_boards(), help="the board it is (default: virtual)")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="N times as fast as life; 0: all it can")
    parser.add_argument("--flash", metavar="PATH", type=Path, help="the file that is its flash memory")
    parser.add_argument("--empty", action="store_true", help="a fresh flash gets MicroPython only, without the app")
    parser.add_argument(
        "--bare", action="store_true", help="a chip without MicroPython: erased flash (with --flash: what lies there)"
    )
    group = parser.add_argument_group("the wearer")
    group.add_argument(
        "--walk",
        metavar="WALK",
        help=f"a recording (CSV) or model:NAME; calibrates first if need be; names: {', '.join(names())}",
    )
    group.add_argument("--mount", default="waist", choices=("waist", "ankle"), help="where the clip is worn")
    group.add_argument("--accel-unit", default="m/s2", choices=("m/s2", "g"), help="of a recording")
    group.add_argument("--gyro-unit", default="rad/s", choices=("rad/s", "dps"), help="of a recording")
    group.add_argument("--reversed", action="store_true", help="run the recording backward in time")


def run(args: Namespace) -> int:
    """Run the device until SIGINT or SIGTERM; returns 0."""
    frames, stance = _walk(args)
    flash = args.flash or _default_flash("bare" if args.bare else args.board)
    if args.bare and args.flash is None:
        flash.unlink(missing_ok=True)
    ended = threading.Event()

    def end(signal_number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    options = {"mount": args.mount, "stance": stance}
    if args.bare:
        device = BareChip(flash, args.link, args.board, args.speed, **options)
    else:
        device = VirtualDevice(flash, args.link, args.board, args.speed, is_empty=args.empty, **options)
    try:
        with device:
            emit(str(device.port))
            say(f"A virtual device (board {args.board}) is running; its flash is {flash}. Ctrl-C ends it.")
            outing = None if frames is None else Outing(device, frames, args.mount, ended)
            while not ended.wait(_LOOK_S):
                if outing is not None and outing.error is not None:
                    raise outing.error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= 1000:
        raise ArgumentTypeError(f"a speed is a number from 0 to 1000, not {text!r}")
    return speed


def _default_flash(board: str) -> Path:
    return Path(platformdirs.user_state_dir("retrowalk")) / "virtual" / f"{board}.bin"


def _walk(args: Namespace) -> tuple[Frames | None, np.ndarray | None]:
    """The track of --walk, and how the wearer stands at the calibration. UsageError or DamagedError if there is none.

    A wearer of the model calibrates with the clip put on straight; that it may hang otherwise in the walk is the point
    of some. Of a recording only its quietest second is known.
    """
    if args.walk is None:
        return None, None
    if args.empty or args.bare:
        raise UsageError("A device without the app cannot record a walk.", "leave out --empty, --bare or --walk.")
    if args.walk.startswith(_MODEL_PREFIX):
        walked = model(args.walk[len(_MODEL_PREFIX) :], args.mount)
        return walked.frames, tracks.stance_of(model("stand", args.mount).frames)
    frames = frames_from_recording(args.walk, args.accel_unit, args.gyro_unit, backward=args.reversed)
    if frames.duration_s < 1:
        raise FailedError("The recording is shorter than a second.", "choose a longer one.")
    return frames, tracks.stance_of(frames)
