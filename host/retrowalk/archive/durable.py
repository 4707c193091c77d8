"""Brings the names in a folder to the disk, so that no power cut takes back a rename or a new folder."""

import errno
import os
from pathlib import Path

_CANNOT = (errno.EINVAL, errno.EBADF)


def sync_folder(folder: Path) -> None:
    """Return when the names are on the disk, where the filesystem can do that for folders. Raises OSError."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(fd)
