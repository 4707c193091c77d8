"""Reads every walk on this computer again: hashes against the manifest, every block, strange files, permissions.

Nothing is changed without --repair, and with it never a record: it closes permissions that are too open, and writes a
manifest that was lost anew from the files. Bytes that were lost can only come from the device or from a copy.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from retrowalk.archive import open_permissions
from retrowalk.archive.archive import (
    SESSION_NAME,
    Archive,
    StoredSession,
    hash_file,
    read_manifest,
    write_manifest,
)
from retrowalk.archive.archive_index import INDEX
from retrowalk.archive.archive_lock import locked
from retrowalk.archive.session_check import Check, check
from retrowalk.archive.session_row import UNVERIFIED
from retrowalk.console import clean, emit, emit_json, progress, say, table
from retrowalk.contact.device_clock import CLOCK
from retrowalk.contact.status import is_device_id
from retrowalk.errors import DamagedError
from retrowalk.programme.profile import FOLDER as PLANS
from retrowalk.session_files.contents import DAMAGED
from retrowalk.sync import ARCHIVE_HELP
from retrowalk.syncing.dating import date_sessions
from retrowalk.syncing.prune_policy import SETTINGS


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk verify`."""
    parser.add_argument("sessions", nargs="*", metavar="SESSION", help="which walks, like s00003; default: all")
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--repair", action="store_true", help="close permissions, write lost manifests; never the data")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    """Check, print, and raise DamagedError if a walk is damaged."""
    archive = Archive(args.archive)
    chosen = [archive.resolve(each) for each in args.sessions] or archive.sessions()
    around = [] if args.sessions else _around(archive)
    strange = [] if args.sessions else _strange(archive)
    total = sum(path.lstat().st_size for each in chosen for path in each.files())
    with progress("verifying", total) as done:
        checks = [check(each, done) for each in chosen]
    too_open = open_permissions.too_open(around)
    if args.repair and (checks or too_open):
        with locked(archive):
            open_permissions.close(too_open)
            checks = [_repaired(each) for each in checks]
            for device_id in sorted({each.stored.device_id for each in checks if each.repaired}):
                date_sessions(archive, device_id)
    if args.json:
        emit_json(
            {
                "format": 1,
                "archive": str(archive.root),
                "sessions": [each.as_json() for each in checks],
                "strange": strange,
                "too_open": [] if args.repair else [str(each) for each in too_open],
            }
        )
    else:
        _show(archive, checks, strange, [] if args.repair else too_open)
    damaged = [each for each in checks if each.state == DAMAGED]
    if damaged:
        listed = "; ".join(f"{each.stored.reference}: {each.words()}" for each in damaged)
        raise DamagedError(
            f"{len(damaged)} of {len(checks)} walks damaged: {listed}. The files were left as they are.",
            "`retrowalk sync` renews what the device still has; else copy the session's folder from another archive.",
        )
    return 0


def _repaired(found: Check) -> Check:
    """The check after the repair. Raises FailedError if the archive cannot be written."""
    stored, done = found.stored, []
    if found.too_open:
        open_permissions.close(found.too_open)
        done.append("permissions closed")
    if not read_manifest(stored.path) and stored.files():
        write_manifest(stored.path, _manifest_of(found))
        done.append("manifest written anew from the files")
    if not done:
        return found
    after = check(
        StoredSession(stored.device_id, stored.name, stored.path, read_manifest(stored.path)), lambda _n: None
    )
    after.repaired = done
    return after


def _manifest_of(found: Check) -> dict[str, object]:
    """A manifest from the files alone. `recreated`: no device has confirmed these hashes; the next sync does."""
    files = found.stored.files()
    copied_s = max(path.stat().st_mtime for path in files)
    return {
        "device_id": found.stored.device_id,
        "session": found.stored.name,
        "synced_utc": datetime.fromtimestamp(copied_s, timezone.utc).isoformat(timespec="seconds"),
        "recreated": True,
        "files": {path.name: {"size": path.stat().st_size, "sha256": hash_file(path)} for path in files},
        **found.contents.as_manifest(),
    }


def _around(archive: Archive) -> list[Path]:
    """What is ours beside the sessions: the root, the devices' folders and clocks, the index, the plans."""
    root = archive.root
    plans = [root / PLANS, *(root / PLANS).glob("*")]
    devices = sorted({path.parent for _, path in archive.folders()})
    clocks = [each / CLOCK for each in devices]
    paths = [root, root / INDEX, root / SETTINGS, *plans, *devices, *clocks]
    return [path for path in paths if path.exists()]


def _strange(archive: Archive) -> list[str]:
    """Names beside the sessions that are not ours, made safe to show."""
    root = archive.root
    if not root.is_dir():
        return []
    ours = (PLANS, INDEX, SETTINGS)
    top = [each for each in root.iterdir() if each.name not in ours and not _is_folder(each, is_device_id)]
    devices = [each for each in root.iterdir() if _is_folder(each, is_device_id)]
    inside = [each for device in devices for each in device.iterdir() if _is_strange(each)]
    return [clean(each.relative_to(root)) for each in sorted([*top, *inside])]


def _is_strange(path: Path) -> bool:
    return path.name != CLOCK and not _is_folder(path, SESSION_NAME.fullmatch)


def _is_folder(path: Path, fits: Callable[[str], object]) -> bool:
    return bool(fits(path.name)) and path.is_dir()


def _show(archive: Archive, checks: list[Check], strange: list[str], too_open: list[Path]) -> None:
    if not checks:
        say(f"No walks are stored in {archive.root} yet. Next: `retrowalk sync` copies them from the device.")
    else:
        rows = [(each.stored.reference, len(each.stored.files()), each.state, each.words()) for each in checks]
        for line in table(("session", "files", "state", "found"), rows):
            emit(line)
    if strange:
        say(f"Left alone, because these names are not ours: {', '.join(strange)}.")
    if too_open:
        say(f"Others than you may read: {', '.join(str(each) for each in too_open)}.")
    if too_open or any(each.too_open for each in checks):
        say("Next: `retrowalk verify --repair` closes the permissions.")
    if any(each.state == UNVERIFIED for each in checks):
        say("Unverified: `retrowalk sync` verifies with the device; `retrowalk verify --repair` writes lost manifests.")
