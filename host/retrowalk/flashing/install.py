"""MicroPython's image onto a chip: what lies there is looked at first, what is yours is kept, the rest is written.

Called by micropython.py with an image that has been checked. The files' partition is never written and, but for what
another program left at its beginning, never erased, unless --erase is given.
"""

from dataclasses import dataclass
from pathlib import Path

from retrowalk.console import clean, confirm, progress, say
from retrowalk.errors import BusyError
from retrowalk.flashing import backup, onboard, partitions
from retrowalk.flashing.chip import Chip
from retrowalk.flashing.image_file import MICROPYTHON, Image, program_name
from retrowalk.flashing.partitions import BadTable

_SECTOR_BYTES = 4096
_SUPERBLOCKS_BYTES = 2 * _SECTOR_BYTES
_LITTLEFS = b"littlefs"
_HEAD_BYTES = 512


@dataclass(frozen=True)
class OnFlash:
    """What lies in a chip's flash: `project` ("" erased or unknown) and the state of the files' partition."""

    project: str
    is_erased: bool
    files_begin: int
    files: str  # "erased", "files" or "foreign"

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else's program or data is there."""
        return self.files == "foreign" or not (self.is_erased or self.project in ("", MICROPYTHON))

    @property
    def is_unreadable(self) -> bool:
        """Whether MicroPython is there, and what was its filesystem does not look like one any more."""
        return self.files == "foreign" and self.project == MICROPYTHON


def look(chip: Chip, image: Image) -> OnFlash:
    """Read what is there; a few kB."""
    head = chip.read(image.offset, _HEAD_BYTES, _unseen)
    app_at, begin = 0, image.files_begin
    try:
        table = partitions.read_table(chip.read(partitions.TABLE_OFFSET, partitions.TABLE_BYTES, _unseen))
        app = partitions.program(table)
        app_at = app.offset if app else 0
        begin = partitions.files_begin(table)
    except BadTable:
        pass  # erased, cut off in the middle of a write, or another kind of program: the image's own table counts
    project = program_name(chip.read(app_at, _HEAD_BYTES, _unseen)) if app_at else ""
    first = chip.read(begin, _SUPERBLOCKS_BYTES, _unseen) if begin < chip.flash_bytes else b""
    return OnFlash(project, _is_erased(head), begin, _kind_of(first))


def _kind_of(superblocks: bytes) -> str:
    if _is_erased(superblocks):
        return "erased"
    return "files" if _LITTLEFS in superblocks else "foreign"


def _is_erased(data: bytes) -> bool:
    return data == b"\xff" * len(data)


def refuse_if_files_would_go(flash: OnFlash, image: Image) -> None:
    """Raises BusyError where the image and the files that are there do not fit together."""
    is_moved = flash.files_begin != image.files_begin
    if flash.files == "files" and (is_moved or image.end > flash.files_begin):
        raise BusyError(
            f"The files on this board begin at {flash.files_begin:#x}; with this image they would begin at "
            f"{image.files_begin:#x}, and walks would be lost. Nothing was written.",
            "`retrowalk sync` first; then `retrowalk flash --backup FILE --erase` begins anew.",
        )


def write(chip: Chip, image: Image, backup_file: Path | None, may_erase: bool, always_yes: bool) -> bool:
    """Bring the image onto the chip; True if anything was written. Raises BusyError (no), FailedError (files that
    cannot be read, and no backup of them asked for), Unreliable, NoDeviceError.
    """
    flash = look(chip, image)
    if flash.is_unreadable and not (backup_file and may_erase):
        raise onboard.unreadable_error()
    if not may_erase:
        refuse_if_files_would_go(flash, image)
    is_there = chip.holds(image.offset, image.data) and not may_erase and flash.files != "foreign"
    if not is_there and flash.is_foreign and not may_erase:
        what = f"another program ({clean(flash.project, 40)})" if flash.project else "data that is not MicroPython's"
        hint = "" if backup_file else " (--backup FILE would keep a copy of all of it)"
        confirm(f"This chip holds {what}. Replace it{hint}?", always_yes)
    if may_erase:
        confirm("Erase the whole flash, with every walk and setting that is on it?", always_yes)
    if backup_file is not None and not backup_file.exists():
        sha256 = backup.back_up(chip, backup_file)
        say(f"Backup of the whole flash: {clean(backup_file)}, SHA-256 {sha256}.")
        say(f"  To put it back: {backup.restore_command(chip.name, chip.path, backup_file)}")
    if is_there:
        return False
    if may_erase:
        chip.erase(0, chip.flash_bytes)
    elif flash.files == "foreign":
        chip.erase(image.files_begin, _SUPERBLOCKS_BYTES)
    with progress("writing", len(image.data)) as advance:
        chip.write(image.offset, image.data, advance)
    return True


def _unseen(_amount: int, /) -> None:
    return None
