"""The index of the archive, <root>/index.sqlite, 0600: one row a session, so that a long list comes at once.

A cache and nothing more: the folders say which sessions there are, and a row is used only while its manifest's stamp
is the one it was read from. An index that is damaged or of another version is built anew; one that is locked, or an
archive that may not be written, costs time and no more: the rows are then read from the files. Called by sessions.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

from retrowalk.archive.archive import MANIFEST, Archive, StoredSession, read_manifest
from retrowalk.archive.session_row import SessionRow, row_of

INDEX = "index.sqlite"
VERSION = 2
_WAIT_S = 0.2
_COLUMNS = (*SessionRow._fields, "stamp", "seal")
_KEEP = "INSERT OR REPLACE INTO session VALUES (" + ",".join("?" * len(_COLUMNS)) + ")"  # noqa: S608 a row of question marks
_Kept = dict[tuple[str, str], tuple[str, SessionRow]]


def rows_of(archive: Archive) -> list[SessionRow]:
    """Every session of the archive, oldest first. Raises FailedError only if the files themselves cannot be read."""
    sessions = [(device_id, path) for device_id, path in archive.folders()]
    path = archive.root / INDEX
    try:
        rows = _rows_by(path, sessions)
    except sqlite3.OperationalError:  # locked, or it may not be written
        rows = _read(sessions)
    except (sqlite3.Error, OSError, ValueError, OverflowError):  # damaged, or made by another version
        rows = _anew(path, sessions)
    return sorted(rows, key=lambda row: row.when)


def _anew(path: Path, sessions: list[tuple[str, Path]]) -> list[SessionRow]:
    try:
        for name in (path.name, f"{path.name}-journal"):
            path.with_name(name).unlink(missing_ok=True)
        return _rows_by(path, sessions)
    except (sqlite3.Error, OSError, ValueError, OverflowError):
        return _read(sessions)


def _read(sessions: list[tuple[str, Path]]) -> list[SessionRow]:
    return [_row(device_id, path) for device_id, path in sessions]


def _row(device_id: str, path: Path) -> SessionRow:
    return row_of(StoredSession(device_id, path.name, path, read_manifest(path)))


def _rows_by(path: Path, sessions: list[tuple[str, Path]]) -> list[SessionRow]:
    """The rows with the help of the index, which is brought up to date. Raises sqlite3.Error, OSError, ValueError."""
    if not sessions and not path.exists():
        return []
    with closing(_open(path)) as index:
        kept = _load(index)
        rows, fresh = [], []
        for device_id, folder in sessions:
            stamp = _stamp(folder)
            known = kept.pop((device_id, folder.name), None)
            if known is not None and known[0] == stamp:
                rows.append(known[1])
                continue
            row = _row(device_id, folder)
            rows.append(row)
            fresh.append((*row, stamp, _seal(row, stamp)))
        if fresh or kept:
            with suppress(sqlite3.OperationalError), index:  # another host writes just now: the rows are right anyway
                index.executemany("DELETE FROM session WHERE device_id = ? AND session = ?", kept)
                index.executemany(_KEEP, fresh)
        return rows


def _open(path: Path) -> sqlite3.Connection:
    if path.is_symlink():
        raise ValueError("a link may lead out of the archive")
    if path.exists():
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    index = sqlite3.connect(path, timeout=_WAIT_S)
    try:
        version = index.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            with index:
                keys = "PRIMARY KEY (device_id, session)"
                index.execute(f"CREATE TABLE IF NOT EXISTS session ({', '.join(_COLUMNS)}, {keys})")
                index.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise ValueError(f"version {version}")
    except BaseException:
        index.close()
        raise
    return index


def _load(index: sqlite3.Connection) -> _Kept:
    """All rows, each with its seal checked: a flipped bit in the file must not become a number in a list."""
    try:
        found = index.execute("SELECT * FROM session").fetchall()
    except sqlite3.OperationalError as error:
        if "lock" in str(error):
            raise
        raise ValueError("no such table") from error
    if any(len(each) != len(_COLUMNS) for each in found):
        raise ValueError("it has other columns")
    kept: _Kept = {}
    for *values, stamp, seal in found:
        row = SessionRow(*values)
        if seal != _seal(row, stamp):
            raise ValueError("a row is damaged")
        kept[row.device_id, row.session] = (stamp, row)
    return kept


def _seal(row: SessionRow, stamp: str) -> int:
    return crc32(repr((*row, stamp)).encode())


def _stamp(folder: Path) -> str:
    """What changes whenever a manifest is replaced or a folder comes from elsewhere."""
    try:
        told = (folder / MANIFEST).stat()
    except FileNotFoundError:
        return ""
    return f"{told.st_mtime_ns} {told.st_ctime_ns} {told.st_size} {told.st_ino}"
