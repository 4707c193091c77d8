"""Permissions in the archive that let others in: walks are health data, so folders are 0700 and files 0600.

Called by verify. Where the system has no such permissions, nothing is ever too open.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from retrowalk.archive.archive import storage_error

_OTHERS = 0o077


def too_open(paths: Iterable[Path]) -> list[Path]:
    """Those of `paths` that others than the owner may read, write or enter; links are not followed."""
    return [path for path in paths if os.name == "posix" and _is_open(path)]


def close(paths: Iterable[Path]) -> None:
    """Take the others' permissions away. Raises FailedError."""
    for path in paths:
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        except OSError as error:
            raise storage_error(path, error) from error


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & _OTHERS)
