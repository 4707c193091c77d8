"""Brings one session of a device into the archive and verifies it. Called by sync.

A file counts only when the SHA-256 of what was read back from this computer's disk equals the device's. What is here
already is not sent again. A transfer that was cut off leaves a part beside where its file will be, and goes on at its
end, once the device has shown by a hash that its file begins with these very bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from retrowalk.archive.archive import (
    FILE_NAME,
    Archive,
    StoredSession,
    hash_file,
    hashes_of,
    read_manifest,
    storage_error,
    synced_utc_s,
    write_manifest,
)
from retrowalk.archive.durable import sync_folder
from retrowalk.errors import FailedError
from retrowalk.session_files.contents import DAMAGED, UNREADABLE_THERE, Contents, read_contents
from retrowalk.session_files.thinned import is_record, is_thinned_version, thinned_there
from retrowalk.syncing.file_copy import bounded, copy_file
from retrowalk.syncing.offer import Offer
from retrowalk.syncing.source import Source


@dataclass
class Synced:
    """What became of one offered session. `thinned`: files of which more is here than the device still has."""

    offer: Offer
    stored: StoredSession
    contents: Contents
    new_files: int
    new_bytes: int
    thinned: dict[str, str] = field(default_factory=dict)
    pruned: bool = False

    def settle(self) -> None:
        """Bring the names of its folders, which may be new, to the disk. Raises FailedError."""
        try:
            for folder in (self.stored.path, *self.stored.path.parents[:2]):
                sync_folder(folder)
        except OSError as error:
            raise storage_error(self.stored.path, error) from error

    def may_be_deleted(self) -> bool:
        """True if all that the device has is here, undamaged, and this disk still gives it back: it is read anew."""
        if self.contents.state == DAMAGED or self.offer.unreadable():
            return False
        known = hashes_of(read_manifest(self.stored.path))
        wanted = {**self.offer.hashes, **{name: known.get(name, "") for name in self.thinned}}
        try:
            return all(hash_file(self.stored.path / name) == sha256 for name, sha256 in wanted.items())
        except FailedError:
            return False

    def as_json(self) -> dict[str, Any]:
        """One row of `sync --json`."""
        return {
            "session": self.stored.name,
            "device_session": self.offer.session,
            "path": str(self.stored.path),
            "verified": not self.offer.unreadable(),
            "new_files": self.new_files,
            "new_bytes": self.new_bytes,
            "thinned_on_device": bool(self.thinned),
            "pruned": self.pruned,
            **self.contents.as_manifest(),
        }


def bring(device: Source, archive: Archive, device_id: str, offer: Offer, copied: Callable[[int], None]) -> Synced:
    """Copy what is missing of one session, verify it, and write its manifest. Raises FailedError."""
    folder = _choose_folder(device, archive, device_id, offer)
    new_files = new_bytes = 0
    noted, thinned = thinned_there(read_manifest(folder)), {}
    for name, sha256 in sorted(offer.hashes.items()):
        target = folder / name
        if target.exists() and hash_file(target) == sha256:
            copied(offer.sizes[name])
        elif target.exists() and noted.get(name) == sha256:
            thinned[name] = sha256
            copied(offer.sizes[name])
        elif copy_file(device, offer, target, copied):
            new_files += 1
            new_bytes += target.stat().st_size
        else:
            thinned[name] = sha256
    stored = StoredSession(device_id, folder.name, folder, read_manifest(folder))
    contents = read_contents(stored.files())
    held = {path.name for path in stored.files()}
    contents.damage += [
        {"file": name, "kind": UNREADABLE_THERE, "n": 1} for name in offer.unreadable() if name not in held
    ]
    manifest = _manifest(stored, offer, contents, thinned)
    if new_files or not _says(stored.manifest, manifest):
        write_manifest(folder, manifest)
    return Synced(offer, stored, contents, new_files, new_bytes, thinned)


def _says(noted: dict[str, Any], manifest: dict[str, Any]) -> bool:
    """True if the manifest on the disk says this already; when it was written does not matter."""
    same = dict.fromkeys(("format", "synced_utc"))
    return bool(synced_utc_s(noted)) and {**noted, **same} == {**manifest, **same}


def _choose_folder(device: Source, archive: Archive, device_id: str, offer: Offer) -> Path:
    """The folder that holds this very session, whole or fuller than the device's, else a new one.

    After the device's flash was erased its numbers begin again: another walk of the same number goes beside the first.
    """
    for number in range(1, 1000):
        name = offer.session if number == 1 else f"{offer.session}-{number}"
        folder = archive.folder(device_id, name)
        if _holds(folder, offer) or _holds_more(device, folder, offer):
            return folder
    raise FailedError(
        f"There are 999 walks called {offer.session} in {archive.root}.", "choose another --archive FOLDER."
    )


def _holds(folder: Path, offer: Offer) -> bool:
    """True if `folder` holds no record yet, or its copy of the offer's first file is the same file.

    Either witness will do: the manifest where the file rotted, the file where the manifest is lost or lies.
    """
    records = [each.name for each in folder.iterdir() if FILE_NAME.fullmatch(each.name)]
    manifest = read_manifest(folder)
    if not offer.hashes:  # nothing to compare but the sizes
        return not records or all(
            (folder / n).exists() and (folder / n).stat().st_size == offer.sizes[n] for n in offer.sizes
        )
    first = min(offer.hashes)
    if hashes_of(manifest).get(first) == offer.hashes[first]:
        return True
    target = folder / first
    return hash_file(target) == offer.hashes[first] if target.exists() else not records


def _holds_more(device: Source, folder: Path, offer: Offer) -> bool:
    """True if `folder` holds the offer's first file as it was before the device took raw samples out of it."""
    if not offer.hashes:
        return False
    first = min(offer.hashes)
    if thinned_there(read_manifest(folder)).get(first) == offer.hashes[first]:
        return True
    here = folder / first
    if not here.exists() or here.stat().st_size <= offer.sizes[first] or not is_record(here):
        return False
    pieces: list[bytes] = []
    device.read(offer.session, first, (0, offer.sizes[first]), bounded(offer, first, 0, pieces.append))
    return is_thinned_version(b"".join(pieces), here)


def _manifest(stored: StoredSession, offer: Offer, contents: Contents, thinned: dict[str, str]) -> dict[str, Any]:
    """What is here now; a file of which the device has no more, or less, keeps the hash it was verified with."""
    noted = stored.manifest.get("files")
    known = hashes_of(stored.manifest)
    files = {name: noted[name] for name in known} if isinstance(noted, dict) else {}
    for name, sha256 in offer.hashes.items():
        if name in thinned:
            if name not in files:
                files[name] = {"size": (stored.path / name).stat().st_size, "sha256": hash_file(stored.path / name)}
            continue
        files[name] = {"size": (stored.path / name).stat().st_size, "sha256": sha256}
    return {
        "device_id": stored.device_id,
        "session": stored.name,
        "synced_utc": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "files": dict(sorted(files.items())),
        **({"thinned_there": thinned} if thinned else {}),
        **{name: stored.manifest[name] for name in ("began", "zone") if name in stored.manifest},
        **contents.as_manifest(),
    }
