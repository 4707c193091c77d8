"""Copies the walks from the device to this computer and verifies them; what is here already is not sent again.

A walk that is being recorded is never disturbed: the sync refuses, or with --wait waits for its end. Nothing is deleted
on the device without --prune or the archive's kept policy, and then only walks that are verified and undamaged.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field

from retrowalk.archive.archive import Archive, read_manifest
from retrowalk.archive.archive_lock import locked
from retrowalk.archive.session_date import began_utc_s
from retrowalk.console import emit, emit_json, progress, say, table
from retrowalk.contact.idle_wait import wait_until_idle
from retrowalk.contact.ports import Port, choose_port
from retrowalk.contact.reasons import SETTINGS_UNREADABLE
from retrowalk.errors import DamagedError, NotIdleError
from retrowalk.programme import pain
from retrowalk.session_files.contents import DAMAGED, damage_text
from retrowalk.session_files.thinned import state_words
from retrowalk.syncing import prune_policy
from retrowalk.syncing.dating import after_sync
from retrowalk.syncing.prune_policy import PrunePolicy
from retrowalk.syncing.source import Source, open_source
from retrowalk.syncing.transfer import Offer, Synced, bring

ARCHIVE_HELP = "where walks are kept; default: $RETROWALK_ARCHIVE, else your data folder"
EPILOG = """\
examples:
  retrowalk sync
  retrowalk sync --wait                  (a walk is going on: wait for its end)
  retrowalk sync --prune-policy 30       (from now on delete on the device what is verified and 30 days old)
  retrowalk sync --prune-policy keep     (from now on delete nothing)

A sync that was cut off goes on where it stopped: run it again."""


@dataclass
class Report:
    """A whole sync; `strange_names` counts what lies among the sessions and is none.

    `settings_unreadable`: the device uses the defaults in the place of a settings file that is bad.
    """

    device_id: str
    how: str = ""
    sessions: list[Synced] = field(default_factory=list)
    strange_names: int = 0
    settings_unreadable: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk sync`."""
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--wait", action="store_true", help="if a walk is being recorded, wait for its end")
    parser.add_argument("--prune", action="store_true", help="then delete verified, undamaged walks on the device")
    parser.add_argument(
        "--prune-policy",
        metavar="WHEN",
        type=prune_policy.parse,
        help="from now on, in this archive: keep, verified, or a number of days (older verified walks are deleted)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    """Sync, print what came, and raise DamagedError if a walk is damaged."""
    archive = Archive(args.archive)
    with locked(archive):
        if args.prune_policy is not None:
            prune_policy.store(archive, args.prune_policy)
        policy = prune_policy.load(archive)
        if policy.days is not None or args.prune_policy is not None:
            say(policy.sentence())
        pruned_now = PrunePolicy(0) if args.prune else policy
        port = choose_port(args.port)
        report = _sync_in_the_end(port, archive, pruned_now) if args.wait else sync(port, archive, pruned_now)
    if args.json:
        emit_json(
            {
                "format": 1,
                "device_id": report.device_id,
                "archive": str(archive.root),
                "how": report.how,
                "prune_policy": policy.word(),
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


def _sync_in_the_end(port: Port, archive: Archive, policy: PrunePolicy) -> Report:
    """Sync; whenever the device is busy, wait until it is not, and go on."""
    while True:
        try:
            return sync(port, archive, policy)
        except NotIdleError:
            wait_until_idle(port.path)


def sync(port: Port, archive: Archive, policy: PrunePolicy) -> Report:
    """Copy all sessions of a device into `archive`. Raises the errors of open_source and bring."""
    with open_source(port) as device:
        report = Report(device.device_id, device.how)
        report.settings_unreadable = device.status is not None and "settings_unreadable" in (device.status.faults or {})
        offers = _offers(device, report)
        total = sum(offer.n_bytes() for offer in offers)
        with progress("copying", total) as copied:
            for offer in offers:
                report.sessions.append(bring(device, archive, report.device_id, offer, copied))
        after_sync(archive, report.device_id, device.anchors)
        for each in report.sessions:
            each.settle()
        for each in report.sessions:
            _let_go(device, each, policy)
    return report


def _let_go(device: Source, each: Synced, policy: PrunePolicy) -> None:
    """Delete a session on the device if it is safe here and the policy lets it go, or else tell that it is safe."""
    # Its date may have been found in this very sync.
    may_go = policy.allows(began_utc_s(read_manifest(each.stored.path)))
    if each.offer.is_marked and not may_go:
        return
    # Reads this computer's copy from the disk and hashes it, right before.
    if not each.may_be_deleted():
        if may_go and each.contents.state != DAMAGED:
            say(f"{each.offer.session} stays on the device: the copy here does not read back as it came.")
            say("Next: `retrowalk sync` renews it; `retrowalk verify` checks the others.")
    elif may_go:
        device.remove(each.offer.session, each.offer.sizes)
        each.pruned = True
    else:
        device.verified(each.offer.session, each.offer.n_bytes())


def _offers(device: Source, report: Report) -> list[Offer]:
    """What the device has. Names that are none of ours are counted and left alone."""
    shelf = device.list()
    report.strange_names = shelf.strange
    offers = []
    with progress("checking", sum(len(sizes) for sizes in shelf.sizes.values()), "files") as checked:
        for session, sizes in sorted(shelf.sizes.items()):
            hashes = {}
            for name, n_bytes in sorted(sizes.items()):
                sha256 = device.hash(session, name, n_bytes)
                if sha256 is not None:
                    hashes[name] = sha256
                checked(1)
            offers.append(Offer(session, sizes, hashes, session in shelf.marked))
    return offers


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
