"""Brings one session of a device into the archive and verifies it. Called by sync.

A file counts only when the SHA-256 of what was read back from this computer's disk equals the device's. What is here
already is not sent again. A transfer that was cut off leaves a part beside where its file will be, and goes on at its
end, once the device has shown by a hash that its file begins with these very bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from retrogait import record
from retrowalk.archive import (
    FILE_NAME,
    Archive,
    PartFile,
    StoredSession,
    hash_file,
    hashes_of,
    read_manifest,
    storage_error,
    synced_utc_s,
    write_manifest,
)
from retrowalk.contents import DAMAGED, UNREADABLE_THERE, Contents, read_contents
from retrowalk.errors import BusyError, DamagedError, FailedError, NoDeviceError, NoisyError
from retrowalk.source import Source

_TRIES = 2


@dataclass(frozen=True)
class Offer:
    """One session as the device offers it: file name -> size, and file name -> SHA-256 of the files it can read."""

    session: str
    sizes: dict[str, int]
    hashes: dict[str, str]

    def n_bytes(self) -> int:
        """Of all its files."""
        return sum(self.sizes.values())

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
        """True if all that the device has is here, undamaged, and this disk still gives it back: it is read anew."""
        if self.contents.state == DAMAGED or self.offer.unreadable():
            return False
        try:
            return all(hash_file(self.stored.path / name) == sha256 for name, sha256 in self.offer.hashes.items())
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
            "pruned": self.pruned,
            **self.contents.as_manifest(),
        }


def bring(device: Source, archive: Archive, device_id: str, offer: Offer, copied: Callable[[int], None]) -> Synced:
    """Copy what is missing of one session, verify it, and write its manifest. Raises FailedError."""
    folder = _choose_folder(archive, device_id, offer)
    new_files = new_bytes = 0
    for name, sha256 in sorted(offer.hashes.items()):
        target = folder / name
        if target.exists() and hash_file(target) == sha256:
            copied(offer.sizes[name])
            continue
        _copy(device, offer, target, copied)
        new_files += 1
        new_bytes += target.stat().st_size
    stored = StoredSession(device_id, folder.name, folder, read_manifest(folder))
    contents = read_contents(stored.files())
    held = {path.name for path in stored.files()}
    contents.damage += [
        {"file": name, "kind": UNREADABLE_THERE, "n": 1} for name in offer.unreadable() if name not in held
    ]
    manifest = _manifest(stored, offer, contents)
    if new_files or not _says(stored.manifest, manifest):
        write_manifest(folder, manifest)
    return Synced(offer, stored, contents, new_files, new_bytes)


def _says(noted: dict[str, Any], manifest: dict[str, Any]) -> bool:
    """True if the manifest on the disk says this already; when it was written does not matter."""
    same = dict.fromkeys(("format", "synced_utc"))
    return bool(synced_utc_s(noted)) and {**noted, **same} == {**manifest, **same}


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


def _copy(device: Source, offer: Offer, target: Path, copied: Callable[[int], None]) -> None:
    for _ in range(_TRIES):
        part = _begin(device, offer, target)
        copied(part.n_bytes)
        try:
            _read(device, offer, part, copied)
            intact = part.finish() == offer.hashes[target.name]
            if intact:
                _keep_another(target)
                part.accept()
        except (NoDeviceError, BusyError, NoisyError, KeyboardInterrupt):  # nothing is wrong with what has come
            part.keep()
            raise
        except BaseException:
            part.discard()
            raise
        if intact:
            return
        part.discard()
    raise FailedError(
        f"{offer.session}/{target.name} did not arrive intact in {_TRIES} tries; it stays on the device.",
        "use another cable or USB port, then run `retrowalk sync` again.",
    )


def _begin(device: Source, offer: Offer, target: Path) -> PartFile:
    """A part to go on with: an earlier one that the device proves to be the beginning of its file, or a new one."""
    part = PartFile(target, kept=True)
    try:
        if part.n_bytes == 0:
            return part
        is_proven = part.n_bytes <= offer.sizes[target.name] and part.hash() == device.hash_start(
            offer.session, target.name, part.n_bytes
        )
    except BaseException:
        part.keep()
        raise
    if is_proven:
        return part
    part.discard()
    return PartFile(target)


def _read(device: Source, offer: Offer, part: PartFile, copied: Callable[[int], None]) -> None:
    most_bytes = offer.sizes[part.path.name]

    def take(piece: bytes) -> None:
        if part.n_bytes + len(piece) > most_bytes:
            raise DamagedError(
                f"{offer.session}/{part.path.name} goes on beyond the {most_bytes} bytes that the device told; it was "
                "not kept.",
                "`retrowalk doctor` checks the device; then run `retrowalk sync` again.",
            )
        part.write(piece)
        copied(len(piece))

    device.read(offer.session, part.path.name, (part.n_bytes, most_bytes), take)


def _keep_another(target: Path) -> None:
    """A whole file that is in the way is no rotten copy but another record (a manifest lied): it is put aside."""
    if not target.exists():
        return
    try:
        data = target.read_bytes()
        if data and all(isinstance(each, record.Block) for each in record.read_blocks(data)):
            target.rename(target.with_name(f"{target.name}.other-{hash_file(target)[:12]}"))
    except OSError as error:
        raise storage_error(target, error) from error


def _manifest(stored: StoredSession, offer: Offer, contents: Contents) -> dict[str, Any]:
    """What is here now; a file that the device has no more keeps the hash it was verified with."""
    noted = stored.manifest.get("files")
    known = hashes_of(stored.manifest)
    files = {name: noted[name] for name in known} if isinstance(noted, dict) else {}
    for name, sha256 in offer.hashes.items():
        files[name] = {"size": (stored.path / name).stat().st_size, "sha256": sha256}
    return {
        "device_id": stored.device_id,
        "session": stored.name,
        "synced_utc": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "files": dict(sorted(files.items())),
        **contents.as_manifest(),
    }
