"""A copy of a whole flash in a file that only you can read: with it, all that was on the board can be put back."""

import hashlib
import os
from pathlib import Path

from retrowalk.archive.archive import storage_error
from retrowalk.console import clean, progress
from retrowalk.errors import UsageError
from retrowalk.flashing.chip import Chip


def check_target(path: Path) -> None:
    """Raises UsageError where a backup cannot go: it is there already, or its folder is not."""
    if path.exists():
        raise UsageError(f"{clean(path)} is there already.", "name a new file: a backup replaces nothing.")
    if not path.resolve().parent.is_dir():
        raise UsageError(f"There is no folder {clean(path.resolve().parent)}.", "make it, or name another file.")


def back_up(chip: Chip, path: Path) -> str:
    """Read the whole flash into `path`; returns its SHA-256. Raises Unreliable, and UsageError as check_target."""
    check_target(path)
    with progress("backing up", chip.flash_bytes) as advance:
        data = chip.read(0, chip.flash_bytes, advance)
    part = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    return hashlib.sha256(data).hexdigest()


def restore_command(chip_name: str, port: str, path: Path) -> str:
    """The esptool command that puts it back."""
    return f"esptool --chip {chip_name} --port {port} write-flash 0 {path}"
