"""The walks on this computer: <root>/<device id>/<session>/NNNN.rwl and a manifest.json that says what was verified.

Health data: folders are 0700 and files 0600. A file is written as `.part`, synced to the disk, read back and hashed,
and only then renamed: what bears its final name is whole. A name matches a pattern before it becomes a path.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from retrowalk.archive.durable import sync_folder
from retrowalk.archive.session_date import began_utc_s
from retrowalk.console import clean
from retrowalk.contact.status import is_device_id
from retrowalk.errors import FailedError, UsageError
from retrowalk.session_files.timeline import is_utc

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
SESSION_NAME = re.compile(
    r"s[0-9]{5}(-[0-9]{1,3})?"
)  # -2, -3: the same number again, after the device's flash was erased
FILE_NAME = re.compile(r"[0-9]{4}\.rwl")
_MANIFEST_BYTES = 1 << 22


@dataclass(frozen=True)
class StoredSession:
    """One session folder. `manifest` is {} while a first sync has not finished."""

    device_id: str
    name: str
    path: Path
    manifest: dict[str, Any]

    @property
    def reference(self) -> str:
        """The text that names this session among all."""
        return f"{self.device_id}/{self.name}"

    def files(self) -> list[Path]:
        """Its record files, in order."""
        try:
            return sorted(each for each in self.path.iterdir() if _is_record(each))
        except OSError as error:
            raise storage_error(self.path, error) from error


class Archive:
    """The archive at `root`; default: $RETROWALK_ARCHIVE, else the user's data folder."""

    def __init__(self, root: Path | str | None = None) -> None:
        chosen = root or os.environ.get("RETROWALK_ARCHIVE") or platformdirs.user_data_dir("retrowalk")
        self.root = Path(chosen).expanduser()

    def folder(self, device_id: str, session: str) -> Path:
        """The folder of one session, made if needed. Raises UsageError for names that are none."""
        if not is_device_id(device_id) or not SESSION_NAME.fullmatch(session):
            raise UsageError(f"{clean(device_id)}/{clean(session)} is not a session.", "give one like s00003.")
        path = self.root / device_id / session
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for each in (path.parent, path):
                each.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error
        return path

    def sessions(self, device_id: str | None = None) -> list[StoredSession]:
        """All sessions (of one device), by device and name."""
        return [StoredSession(device, path.name, path, read_manifest(path)) for device, path in self.folders(device_id)]

    def resolve(self, reference: str) -> StoredSession:
        """The session meant by "last", "s00003", "DEVICE/s00003" or a path. Raises UsageError with what there is."""
        path = Path(reference)
        if record_files(path):
            return StoredSession(path.parent.name, path.name, path, read_manifest(path))
        known = self.sessions()
        if not known:
            raise UsageError(
                f"No walks are stored in {self.root} yet.", "`retrowalk sync` copies them from the device."
            )
        if reference == "last":
            return max(known, key=_when)
        hits = [each for each in known if reference in (each.name, each.reference)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            listed = ", ".join(each.reference for each in hits)
            raise UsageError(
                f"{len(hits)} devices have a session {clean(reference)}: {listed}.", "give one of these names."
            )
        raise UsageError(f"There is no session {clean(reference)!r}.", "`retrowalk sessions` lists what is here.")

    def folders(self, device_id: str | None = None) -> Iterator[tuple[str, Path]]:
        """(device id, folder) of all sessions (of one device), by device and name."""
        try:
            devices = sorted(each for each in self.root.iterdir() if is_device_id(each.name) and each.is_dir())
            for device in devices:
                if device_id in (None, device.name):
                    for path in sorted(device.iterdir()):
                        if SESSION_NAME.fullmatch(path.name) and path.is_dir():
                            yield device.name, path
        except FileNotFoundError:
            return
        except OSError as error:
            raise storage_error(self.root, error) from error


class PartFile:
    """A file on its way: `write` pieces, then `finish`, which returns its SHA-256 as read back from the disk.

    The final name is given by `accept` only. `n_bytes`: what it has so far; kept: go on with what an earlier one kept,
    which is for the caller to prove. Raises FailedError (disk full, not allowed).
    """

    def __init__(self, path: Path, kept: bool = False) -> None:
        self.path = path
        self.n_bytes = 0
        self._part = path.with_name(path.name + ".part")
        self._fd = -1
        try:
            if kept and self._is_ours():
                self._fd = os.open(self._part, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
                self.n_bytes = os.fstat(self._fd).st_size
                return
            self._part.unlink(missing_ok=True)  # it may be a link, or open to others
            self._fd = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise storage_error(path, error) from error

    def _is_ours(self) -> bool:
        """Whether a part is there that nobody else could write to."""
        try:
            found = self._part.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISREG(found.st_mode) and not (os.name == "posix" and found.st_mode & 0o077)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
            self.n_bytes += len(data)
        except OSError as error:
            raise storage_error(self.path, error) from error

    def finish(self) -> str:
        """Bring everything to the disk, close, and hash what is there."""
        self.keep()
        return hash_file(self._part)

    def read_back(self) -> bytes:
        """What the finished part holds on the disk."""
        try:
            return self._part.read_bytes()
        except OSError as error:
            raise storage_error(self.path, error) from error

    def accept(self) -> None:
        """Give the file its final name, for good."""
        try:
            self._part.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise storage_error(self.path, error) from error

    def keep(self) -> None:
        """Bring everything to the disk and close; should it be broken off here, the part lies for another try."""
        try:
            os.fsync(self._fd)
            self._close()
        except OSError as error:
            raise storage_error(self.path, error) from error

    def discard(self) -> None:
        """Throw the part away, at any time."""
        try:
            self._close()
            self._part.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(self.path, error) from error

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def record_files(path: Path) -> list[Path]:
    """The record files in a folder, in order; none if it is no folder, lets nobody in, or has a name that none can."""
    try:
        return sorted(each for each in path.iterdir() if _is_record(each))
    except OSError:
        return []


def _is_record(path: Path) -> bool:
    """By its name, unless it is what would be waited for without an end, as a FIFO; a lost link is a lost record."""
    return FILE_NAME.fullmatch(path.name) is not None and (path.is_file() or not path.exists())


def hash_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises FailedError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise storage_error(path, error) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """A session's manifest; {} if there is none or it is damaged: the next sync then verifies the files anew."""
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            manifest = json.loads(file.read(_MANIFEST_BYTES), parse_constant=_refuse_constant)
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    except OSError as error:
        raise storage_error(path, error) from error
    return manifest if isinstance(manifest, dict) and manifest.get("format") == MANIFEST_FORMAT else {}


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Replace a session's manifest. Raises FailedError."""
    write_file(folder / MANIFEST, json.dumps({**manifest, "format": MANIFEST_FORMAT}, indent=1).encode() + b"\n")


def write_file(path: Path, data: bytes) -> None:
    """Replace a small file. Raises FailedError; then the old one is still there."""
    part = PartFile(path)
    try:
        part.write(data)
        part.finish()
        part.accept()
    except FailedError:
        part.discard()
        raise


def storage_error(path: Path, error: OSError) -> FailedError:
    """The error for a file of this computer that cannot be read or written."""
    reason = clean(error.strerror or error)
    return FailedError(
        f"{path} cannot be read or written: {reason}. What was verified before stays, and the device keeps the walk.",
        "make room or choose another place with --archive FOLDER, then run the same command again.",
    )


def hashes_of(manifest: dict[str, Any]) -> dict[str, str]:
    """File name -> SHA-256 as a manifest tells it; what is no name or no hash is left out."""
    files = manifest.get("files")
    return {
        name: each["sha256"]
        for name, each in (files.items() if isinstance(files, dict) else ())
        if FILE_NAME.fullmatch(name) and isinstance(each, dict) and isinstance(each.get("sha256"), str)
    }


def synced_utc_s(manifest: dict[str, Any]) -> int:
    """When a walk was synced, seconds since 1970; 0 if that is not told."""
    try:
        return int(datetime.fromisoformat(str(manifest.get("synced_utc"))).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0


def _when(session: StoredSession) -> tuple[int, str]:
    """When a session was walked, as well as is known, for the order in time."""
    began = began_utc_s(session.manifest)
    if began is None:
        bounds = session.manifest.get("began")
        after = bounds.get("after_utc_s") if isinstance(bounds, dict) else None
        began = after if is_utc(after) else synced_utc_s(session.manifest)
    return (began or 0, session.name)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
