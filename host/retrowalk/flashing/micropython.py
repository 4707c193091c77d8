"""MicroPython on the board, as the first half of `retrowalk flash`: look, plan, keep, write, start. Or nothing to do.

Raises the errors of its parts; whatever it refuses leaves the board as it was, and running.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from retrowalk.archive.archive import Archive
from retrowalk.console import confirm, emit, say
from retrowalk.contact.ports import Port
from retrowalk.contact.remote import Facts
from retrowalk.errors import NoDeviceError, RetrowalkError, UsageError
from retrowalk.flashing import backup, chip, install, onboard, source
from retrowalk.flashing.chip import BAUDS, Chip, Unreliable
from retrowalk.flashing.images import RELEASE, RELEASES
from retrowalk.flashing.onboard import OnBoard
from retrowalk.flashing.source import Chosen, Wishes
from retrowalk.syncing.prune_policy import PrunePolicy


@dataclass
class Plan:
    """What is about to happen, in words, and the esptool commands that would do the same."""

    steps: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print it."""
        emit("Plan:")
        for number, step in enumerate(self.steps, 1):
            emit(f"  {number}. {step}")
        if self.commands:
            emit("The same by hand:")
            for command in self.commands:
                emit(f"  {command}")


class Ready(NamedTuple):
    """The board with MicroPython on it: its port now, and whether its flash was written."""

    port: Port
    was_written: bool


def ensure(port: Port, args: Namespace) -> Ready | None:
    """Have the pinned MicroPython run on the board. None if --dry-run ended it here."""
    if args.backup is not None:
        backup.check_target(args.backup)
    found = onboard.look(port.path)
    is_unreadable = found.facts is not None and not found.facts.has_filesystem
    if is_unreadable and not (args.backup and args.erase):
        raise onboard.unreadable_error()
    is_current = found.facts is not None and (found.release == RELEASE or args.keep_micropython)
    if is_current and not (args.image or args.backup or args.erase):
        plan = Plan([f"MicroPython {found.release} is on the board: left as it is", *_after(args)])
        return Ready(port, False) if _go_on(args, plan) else None
    if found.chip is None:
        return _from_loader(port, args, found)
    return _from_micropython(port, args, found, found.chip)


def _from_micropython(port: Port, args: Namespace, found: OnBoard, name: str) -> Ready | None:
    """MicroPython runs, so the image is chosen, and everything asked, before the board leaves it."""
    chosen = source.choose(name, port, Wishes.of(args))
    plan = _plan(port, args, chosen, found)
    if not _go_on(args, plan):
        return None
    if not args.erase and (args.image is not None or found.release != RELEASE):
        confirm(f"MicroPython {found.release} is on the board. Write {chosen.image.version} over it?", args.yes)
    if found.facts is not None and found.facts.has_sessions:
        _keep_walks(port, found.facts)
    onboard.call_loader(port.path)
    return _write(onboard.find_again(port), args, chosen)


def _from_loader(port: Port, args: Namespace, found: OnBoard) -> Ready | None:
    """No MicroPython answers: the chip's loader says which chip it is."""
    if found.speaks:
        confirm(f"{port.path} is no Retrowalk and no MicroPython. Reset it into its chip's loader?", args.yes)
    say(f"No MicroPython answers on {port.path}; asking the chip's loader.")
    with Chip(port.path, BAUDS[-1], args.debug) as board:
        name = board.name
        say(f"{board.title}, MAC {board.mac}, {board.flash_bytes >> 20} MB of flash.")
    if name not in RELEASES:
        raise UsageError(f"The chip {name} is not supported.", f"choose a board with one of: {', '.join(RELEASES)}.")
    chosen = source.choose(name, port, Wishes.of(args))
    if not _go_on(args, _plan(port, args, chosen, found)):
        return None
    return _write(port, args, chosen)


def _write(port: Port, args: Namespace, chosen: Chosen) -> Ready:
    """Write at the highest baud rate that works, start it, and wait until it answers."""
    was_written = must_press = False
    for number, baud in enumerate(BAUDS):
        try:
            with Chip(port.path, baud, args.debug) as board:
                was_written = _write_or_let_go(board, args, chosen)
                must_press = not board.restart()
            break
        except Unreliable as error:
            if number == len(BAUDS) - 1:
                raise
            say(f"{error.message} Trying again at {BAUDS[number + 1]} baud.")
        except NoDeviceError as error:
            raise _stopped(error, number > 0, args.erase) from error
    say("MicroPython is written and verified." if was_written else "This image is in flash already: not written again.")
    if must_press:
        say("This port cannot reset the board: press RESET on it now.")
    port = onboard.find_again(port)
    onboard.await_micropython(port.path, must_press)
    return Ready(port, was_written)


def _write_or_let_go(board: Chip, args: Namespace, chosen: Chosen) -> bool:
    """Write; where that is refused, the board starts again as it was."""
    try:
        return install.write(board, chosen.image, args.backup, args.erase, args.yes)
    except (Unreliable, NoDeviceError):
        raise
    except RetrowalkError:
        board.restart()
        raise


def _stopped(error: NoDeviceError, has_begun: bool, was_erased: bool) -> NoDeviceError:
    if not has_begun:
        return error
    kept = "" if was_erased else " Files were not touched."
    return NoDeviceError(
        f"The chip went silent while it was written: only part of MicroPython is in flash.{kept}",
        f"{chip.HOLD_BOOT}: it begins anew.",
    )


def _keep_walks(port: Port, facts: Facts) -> None:
    from retrowalk.sync import sync

    archive = Archive(None)
    try:
        report = sync(port, archive, PrunePolicy())
    except RetrowalkError as error:
        if facts.has_filesystem:
            raise
        say(f"Its walks cannot be copied one by one; all that is left of them is in the backup. ({error.message})")
        return
    say(f"Kept first: {len(report.sessions)} walks are in {archive.root}, verified.")


def _plan(port: Port, args: Namespace, chosen: Chosen, found: OnBoard) -> Plan:
    image = chosen.image
    begin = f"esptool --chip {image.chip} --port {port.path} --baud {BAUDS[0]}"
    plan = Plan()
    if found.facts is not None and found.facts.has_sessions:
        plan.steps.append("copy the walks to this computer, and verify them")
    if args.backup is not None:
        plan.steps.append(f"back up the whole flash to {args.backup}")
        plan.commands.append(f"{begin} read-flash 0 ALL {args.backup}")
    if args.erase:
        plan.steps.append("erase the whole flash, with everything that is on it")
        plan.commands.append(f"{begin} erase-flash")
    plan.steps.append(f"write {source.describe(chosen)}; verify it")
    if not args.erase:
        plan.steps.append(f"leave the files' partition, from {image.files_begin:#x} on, as it is")
    plan.steps += ["start it", *_after(args)]
    plan.commands.append(f"{begin} write-flash {image.offset:#x} {chosen.path}")
    plan.commands.append(f"{begin} verify-flash {image.offset:#x} {chosen.path}")
    return plan


def _after(args: Namespace) -> list[str]:
    steps = ["copy the app's files that differ, and check each by its hash"]
    if args.name is not None:
        steps.append(f"name it {args.name}")
    return [*steps, "set its time; after a change, test sensor, motor, battery and button"]


def _go_on(args: Namespace, plan: Plan) -> bool:
    """Show the plan where there is something to see; False for --dry-run."""
    if args.dry_run or plan.commands:
        plan.show()
    if args.dry_run:
        say("Nothing was changed.")
    return not args.dry_run


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk flash` that are about MicroPython."""
    group = parser.add_argument_group("MicroPython")
    group.add_argument("--image", metavar="FILE", type=Path, help="this image instead of the pinned release")
    group.add_argument("--mirror", metavar="URL", help="take the pinned release from here; its hash must be the same")
    group.add_argument("--sha256", metavar="HASH", help="the hash that the downloaded image must have")
    group.add_argument("--backup", metavar="FILE", type=Path, help="first copy the whole flash into a new file")
    group.add_argument("--erase", action="store_true", help="erase the whole flash, with every walk on it")
    group.add_argument("--keep-micropython", action="store_true", help="leave the release that is on the board")
    group.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
