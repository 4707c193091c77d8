"""What a chip with this flash starts at a reset: MicroPython, somebody else's program, or nothing.

The same checks as a chip's: bootloader, partition table, program with checksum and hash. What would be MicroPython's
code is not run; the virtual MicroPython stands in for any image that calls itself so.
"""

from dataclasses import dataclass

from retrowalk.flashing import partitions
from retrowalk.flashing.image_file import MICROPYTHON, BadImage, boot_offset, check_program, chip_of
from retrowalk.flashing.partitions import BadTable
from retrowalk.virtual.rom.flash import SECTOR_BYTES, WholeFlash

_HEADER_BYTES = 64
_BOOTLOADER_BYTES = 0x7000


@dataclass(frozen=True)
class Start:
    """`project`: what starts ("" for nothing). MicroPython's files lie in `n_blocks` blocks from `files_begin` on."""

    project: str
    why_not: str = ""
    files_begin: int = 0
    n_blocks: int = 0

    @property
    def is_micropython(self) -> bool:
        """Whether the virtual MicroPython runs."""
        return self.project == MICROPYTHON


def look(chip: str, flash: WholeFlash) -> Start:
    """What starts."""
    offset = boot_offset(chip)
    try:
        if chip_of(flash.read(offset, _HEADER_BYTES)) != chip:
            raise BadImage("its bootloader is another chip's")
        check_program(chip, flash.read(offset, _BOOTLOADER_BYTES))
        table = partitions.read_table(flash.read(partitions.TABLE_OFFSET, partitions.TABLE_BYTES))
        app = partitions.program(table)
        if app is None:
            raise BadImage("there is no program")
        project, _ = check_program(chip, flash.read(app.offset, app.size))
    except (BadImage, BadTable) as error:
        return Start("", str(error))
    begin = partitions.files_begin(table)
    end = next((each.end for each in table if each.name == partitions.VFS_NAME), flash.size)
    return Start(project or "unknown", "", begin, (min(end, flash.size) - begin) // SECTOR_BYTES)
