"""Copies the walks from the device to this computer.

A file counts only when the SHA-256 of what was read back from this computer's disk equals the device's. What is here
already is not sent again, so a sync that was cut off goes on where it stopped. Nothing is deleted on the device unless
--prune is given, and then only walks that are verified and complete.
"""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from retrowalk import remote
from retrowalk.archive import Archive, PartFile, StoredSession, hash_file, read_manifest, write_manifest
from retrowalk.console import emit, emit_json, progress, say, table
from retrowalk.contents import COMPLETE, DAMAGED, Contents, damage_text, read_contents
from retrowalk.errors import BusyError, DamagedError, FailedError
from retrowalk.link import Speaker
from retrowalk.ports import choose_port
from retrowalk.transport import Transport

_RECORD = re.compile(r"/sessions/(s\d{5})/(\d{4}\.rwl)")
_TRIES = 2
_MOST_FILE_BYTES = 1 << 24


@dataclass
class Synced:
    """What became of one session of the device; `state` as in contents.py."""

    session: str
    stored: StoredSession
    contents: Contents
    new_files: int = 0
    new_bytes: int = 0
    pruned: bool = False

    def as_json(self) -> dict[str, Any]:
        """One row of `sync --json`."""
        told = self.contents.as_manifest()
        return {
            "session": self.stored.name,
            "path": str(self.stored.path),
            "verified": True,
            "new_files": self.new_files,
            "new_bytes": self.new_bytes,
            "pruned": self.pruned,
            **told,
        }


@dataclass
class Report:
    """A whole sync."""

    device_id: str
    sessions: list[Synced] = field(default_factory=list)
    strange_names: int = 0


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk sync`."""
    parser.add_argument("--archive", metavar="FOLDER", help="where walks are kept (default: $RETROWALK_ARCHIVE or your data folder)")
    parser.add_argument("--prune", action="store_true", help="afterwards delete verified, complete walks on the device")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    """Sync, print what came, and raise DamagedError if a walk is damaged."""
    archive = Archive(args.archive)
    report = sync(choose_port(args.port).path, archive, prune=args.prune)
    _show(report, archive, args.json)
    damaged = [each for each in report.sessions if each.contents.state == DAMAGED]
    if damaged:
        listed = "; ".join(f"{each.stored.name}: {damage_text(each.contents.damage)}" for each in damaged)
        raise DamagedError(
            f"Damaged on the device ({listed}). Everything readable is kept, and nothing was deleted on the device.",
            "plot what is there; if it happens again, `retrowalk doctor` checks the device.",
        )
    return 0


def sync(path: str, archive: Archive, prune: bool = False) -> Report:
    """Copy all sessions of the device on port `path` into `archive`. Raises what Transport and PartFile raise."""
    with Transport(path) as device:
        facts = remote.read_facts(device)
        if device.answer.speaker is Speaker.PROMPT and not (facts.has_sessions or facts.has_core):
            raise BusyError("This board runs MicroPython, but it is no Retrowalk.", "`retrowalk flash` makes it one.")
        report = Report(facts.device_id)
        offered = _offered(device, report)
        n_files = sum(len(files) for files in offered.values())
        with progress("checking", n_files, "files") as checked:
            hashes = remote.hash_files(device, _paths(offered), checked)
        with progress("copying", sum(sum(files.values()) for files in offered.values())) as copied:
            for session, files in sorted(offered.items()):
                report.sessions.append(_take(device, archive, report.device_id, session, files, hashes, copied))
        if prune:
            _prune(device, report, hashes)
    return report


def _offered(device: Transport, report: Report) -> dict[str, dict[str, int]]:
    """Session -> file name -> size, as the device lists them; names that are none of ours are counted and left alone."""
    offered: dict[str, dict[str, int]] = {}
    for path, size in remote.list_files(device, ["/sessions"]).items():
        match = _RECORD.fullmatch(path)
        if match is None or size > _MOST_FILE_BYTES:
            report.strange_names += 1
        else:
            offered.setdefault(match[1], {})[match[2]] = size
    return offered


def _paths(offered: dict[str, dict[str, int]]) -> list[str]:
    return [f"/sessions/{session}/{name}" for session, files in sorted(offered.items()) for name in sorted(files)]


def _take(
    device: Transport,
    archive: Archive,
    device_id: str,
    session: str,
    files: dict[str, int],
    hashes: dict[str, str],
    copied: Callable[[int], None],
) -> Synced:
    """Bring one session here, verify it, and write its manifest."""
    wanted = {name: hashes.get(f"/sessions/{session}/{name}") for name in sorted(files)}
    missing = [name for name, sha256 in wanted.items() if sha256 is None]
    if missing:
        raise FailedError(
            f"The device cannot read {session}/{missing[0]} from its own flash.", "run `retrowalk doctor`, then sync again."
        )
    folder = _choose_folder(archive, device_id, session, {name: str(sha) for name, sha in wanted.items()})
    new_files = new_bytes = 0
    for name, sha256 in wanted.items():
        target = folder / name
        if target.exists() and hash_file(target) == sha256:
            copied(files[name])
            continue
        _copy(device, f"/sessions/{session}/{name}", PartFileAt(target), str(sha256), copied)
        new_files += 1
        new_bytes += files[name]
    return Synced(session, StoredSession(device_id, folder.name, folder, {}), read_contents([]), new_files, new_bytes)
