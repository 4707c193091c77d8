"""Brings one session of a device into the archive and verifies it. Called by sync.

A file counts only when the SHA-256 of what was read back from this computer's disk equals the device's. What is here
already is not sent again, so a transfer that was cut off goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from retrowalk.archive import Archive, PartFile, StoredSession, hash_file, read_manifest, write_manifest
from retrowalk.contents import DAMAGED, Contents, read_contents
from retrowalk.errors import FailedError
from retrowalk.transport import Transport

_TRIES = 2


@dataclass(frozen=True)
class Offer:
    """One session as the device offers it: file name -> size, and file name -> SHA-256 of the files it can read."""

    session: str
    sizes: dict[str, int]
    hashes: dict[str, str]

    def remote_path(self, name: str) -> str:
        """Where a file lies on the device."""
        return f"/sessions/{self.session}/{name}"

    def unreadable(self) -> list[str]:
        """Files that the device lists but cannot read."""
        return [name for name in sorted(self.sizes) if name not in self.hashes]


@dataclass
class Synced:
    """What became of one offered session."""

    offer: Offer
    stored: StoredSession
    contents: Contents
    new_files: int
    new_bytes: int
    pruned: bool = False

    def may_be_deleted(self) -> bool:
        """True if all that the device has is verified here, and nothing in it is damaged."""
        return self.contents.state != DAMAGED and not self.offer.unreadable()

    def as_json(self) -> dict[str, Any]:
        """One row of `sync --json`."""
        return {
            "session": self.stored.name,
            "device_session": self.offer.session,
            "path": str(self.stored.path),
            "verified": not self.offer.unreadable(),
            "new_files": self.new_files,
            "new_bytes": self.new_bytes,
            "pruned": self.pruned,
            **self.contents.as_manifest(),
        }


def bring(device: Transport, archive: Archive, device_id: str, offer: Offer, copied: Callable[[int], None]) -> Synced:
    """Copy what is missing of one session, verify it, and write its manifest. Raises FailedError."""
    folder = _choose_folder(archive, device_id, offer)
    new_files = new_bytes = 0
    for name, sha256 in sorted(offer.hashes.items()):
        target = folder / name
        if target.exists() and hash_file(target) == sha256:
            copied(offer.sizes[name])
            continue
        _copy(device, offer.remote_path(name), target, sha256, copied)
        new_files += 1
        new_bytes += target.stat().st_size
    stored = StoredSession(device_id, folder.name, folder, read_manifest(folder))
    contents = read_contents(stored.files())
    contents.damage += [{"file": name, "kind": "unreadable on the device", "n": 1} for name in offer.unreadable()]
    if new_files or stored.manifest.get("state") != contents.state:
        write_manifest(folder, _manifest(stored, offer, contents))
    return Synced(offer, stored, contents, new_files, new_bytes)


def _choose_folder(archive: Archive, device_id: str, offer: Offer) -> Path:
    """The folder that holds this very session, else a new one.

    After the device's flash was erased its numbers begin again: another walk of the same number goes beside the first.
    """
    for number in range(1, 1000):
        name = offer.session if number == 1 else f"{offer.session}-{number}"
        folder = archive.folder(device_id, name)
        if _holds(folder, offer):
            return folder
    raise FailedError(
        f"There are 999 walks called {offer.session} in {archive.root}.", "choose another --archive FOLDER."
    )


def _holds(folder: Path, offer: Offer) -> bool:
    """True if `folder` is empty or its copy of the offer's first file is the same file."""
    if not offer.hashes:
        return True
    first = min(offer.hashes)
    noted = read_manifest(folder).get("files")
    if isinstance(noted, dict) and noted:
        entry = noted.get(first)
        return isinstance(entry, dict) and entry.get("sha256") == offer.hashes[first]
    target = folder / first
    return not target.exists() or hash_file(target) == offer.hashes[first]


def _copy(device: Transport, source: str, target: Path, sha256: str, copied: Callable[[int], None]) -> None:
    for _ in range(_TRIES):
        part = PartFile(target)

        def take(piece: bytes, part: PartFile = part) -> None:
            part.write(piece)
            copied(len(piece))

        device.read_file(source, take)
        if part.finish() == sha256:
            part.accept()
            return
        part.discard()
    raise FailedError(
        f"{source} did not arrive intact in {_TRIES} tries; it stays on the device.",
        "use another cable or USB port, then run `retrowalk sync` again.",
    )


def _manifest(stored: StoredSession, offer: Offer, contents: Contents) -> dict[str, Any]:
    noted = stored.manifest.get("files")
    files = dict(noted) if isinstance(noted, dict) else {}
    for name, sha256 in offer.hashes.items():
        files[name] = {"size": offer.sizes[name], "sha256": sha256}
    return {
        "device_id": stored.device_id,
        "session": stored.name,
        "synced_utc": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "files": dict(sorted(files.items())),
        **contents.as_manifest(),
    }
