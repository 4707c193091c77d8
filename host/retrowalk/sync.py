"""Copies the walks from the device to this computer and verifies them; what is here already is not sent again.

Nothing is deleted on the device unless --prune is given, and then only walks that are verified and undamaged.
"""

import re
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field

from retrowalk import remote
from retrowalk.archive import Archive
from retrowalk.console import emit, emit_json, progress, say, table
from retrowalk.contents import DAMAGED, damage_text
from retrowalk.dating import after_sync
from retrowalk.errors import BusyError, DamagedError
from retrowalk.link import Speaker
from retrowalk.ports import choose_port
from retrowalk.programme import pain
from retrowalk.reasons import SETTINGS_UNREADABLE
from retrowalk.thinned import MARK_NAME, state_words
from retrowalk.transfer import Offer, Synced, bring
from retrowalk.transport import Transport

ARCHIVE_HELP = "where walks are kept; default: $RETROWALK_ARCHIVE, else your data folder"
_RECORD = re.compile(r"/sessions/(s[0-9]{5})/([0-9]{4}\.rwl)")
_MARK = re.compile(rf"/sessions/(s[0-9]{{5}})/{MARK_NAME}")
_MOST_FILE_BYTES = 1 << 24


@dataclass
class Report:
    """A whole sync; `strange_names` counts what lies among the sessions and is none.

    `settings_unreadable`: the device uses the defaults in the place of a settings file that is bad.
    """

    device_id: str
    sessions: list[Synced] = field(default_factory=list)
    strange_names: int = 0
    settings_unreadable: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk sync`."""
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--prune", action="store_true", help="then delete verified, undamaged walks on the device")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    """Sync, print what came, and raise DamagedError if a walk is damaged."""
    archive = Archive(args.archive)
    report = sync(choose_port(args.port).path, archive, prune=args.prune)
    if args.json:
        emit_json(
            {
                "format": 1,
                "device_id": report.device_id,
                "archive": str(archive.root),
                "settings_unreadable": report.settings_unreadable,
                "sessions": [each.as_json() for each in report.sessions],
            }
        )
    else:
        _show(report, archive)
    if report.settings_unreadable:
        say("\nNext: ".join(SETTINGS_UNREADABLE))
    pain.after_sync(archive, report.device_id, report.sessions, may_ask=not args.json)
    damaged = [each for each in report.sessions if each.contents.state == DAMAGED]
    if damaged:
        listed = "; ".join(f"{each.stored.name}: {damage_text(each.contents)}" for each in damaged)
        raise DamagedError(
            f"Damaged on the device: {listed}. All that is readable is kept; damaged walks stay on the device too.",
            "`retrowalk plot` shows what there is; if it happens again, `retrowalk doctor` checks the device.",
        )
    return 0


def sync(path: str, archive: Archive, prune: bool = False) -> Report:
    """Copy all sessions of the device on port `path` into `archive`. Raises the errors of Transport and bring."""
    with Transport(path) as device:
        facts = remote.read_facts(device)
        if device.answer.speaker is Speaker.PROMPT and not (facts.has_sessions or facts.has_core):
            raise BusyError("This board runs MicroPython, but it is no Retrowalk.", "`retrowalk flash` makes it one.")
        report = Report(facts.device_id)
        status = device.answer.status
        report.settings_unreadable = status is not None and "settings_unreadable" in (status.faults or {})
        offers = _offers(device, report)
        total = sum(sum(offer.sizes.values()) for offer in offers)
        with progress("copying", total) as copied:
            for offer in offers:
                report.sessions.append(bring(device, archive, report.device_id, offer, copied))
        after_sync(archive, report.device_id, device.anchors)
        for each in report.sessions:
            if each.verified_words():
                folder = f"/sessions/{each.offer.session}"
                remote.mark_verified(device, folder, sum(each.offer.sizes.values()))
        if prune:
            _prune(device, report)
    return report


def _offers(device: Transport, report: Report) -> list[Offer]:
    """What the device has. Names that are none of ours are counted and left alone."""
    sizes: dict[str, dict[str, int]] = {}
    marked = set()
    for path, size in remote.list_files(device, ["/sessions"]).items():
        match = _RECORD.fullmatch(path)
        if mark := _MARK.fullmatch(path):
            marked.add(mark[1])
        elif match is None or size > _MOST_FILE_BYTES:
            report.strange_names += 1
        else:
            sizes.setdefault(match[1], {})[match[2]] = size
    paths = [f"/sessions/{session}/{name}" for session in sorted(sizes) for name in sorted(sizes[session])]
    with progress("checking", len(paths), "files") as checked:
        hashes = remote.hash_files(device, paths, checked)
    return [
        Offer(
            session,
            files,
            {name: hashes[p] for name in files if (p := f"/sessions/{session}/{name}") in hashes},
            session in marked,
        )
        for session, files in sorted(sizes.items())
    ]


def _prune(device: Transport, report: Report) -> None:
    for each in report.sessions:
        if each.may_be_deleted():  # reads this computer's copy from the disk and hashes it, right before
            remote.remove_files(device, [each.offer.remote_path(name) for name in sorted(each.offer.sizes)])
            remote.remove_folder(device, f"/sessions/{each.offer.session}")
            each.pruned = True


def _show(report: Report, archive: Archive) -> None:
    rows = []
    for each in report.sessions:
        seen = each.contents.as_manifest()
        news = f"{each.new_files} new" if each.new_files else "had it"
        news += ", thinned on the device" if each.thinned else ""
        news += ", deleted on the device" if each.pruned else ""
        minutes = f"{seen['duration_s'] / 60:.1f}"
        share = f"{seen['backward_steps'] / seen['step_count']:.0%}" if seen["step_count"] else ""
        rows.append(
            (
                each.stored.name,
                minutes,
                seen["step_count"],
                share,
                seen["cues"],
                state_words(seen["state"], seen["samples"]),
                news,
            )
        )
    if rows:
        for line in table(("session", "minutes", "steps", "backward", "cues", "state", "files"), rows):
            emit(line)
    else:
        say("No walks are on the device.")
    if report.strange_names:
        say(f"Left alone among the sessions, because their names are not ours: {report.strange_names}.")
    if rows:
        say(f"Verified by hash and kept in {archive.root}. Next: `retrowalk plot last`.")
