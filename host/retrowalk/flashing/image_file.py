"""A MicroPython image as a file: bootloader, partition table and program in one, checked before anything is erased.

esptool reads the two programs in it (segments, checksum, SHA-256); the table is partitions.py's. Used for the files
that are written, and by the virtual board to decide whether what lies in its flash would start.
"""

import struct
from dataclasses import dataclass
from typing import Any

from retrowalk.flashing import partitions
from retrowalk.flashing.partitions import BadTable, Partition

CHIPS = {"esp32": 0, "esp32s2": 2, "esp32c3": 5, "esp32s3": 9, "esp32c6": 13}  # name -> the chip id in an image
MICROPYTHON = "micropython"
_MAGIC = 0xE9
_CHIP_ID_AT = 12
_DESCRIPTION_AT = 32  # the program's first segment begins with its description
_DESCRIPTION = struct.Struct("<IIQ32s32s")
_DESCRIPTION_MAGIC = 0xABCD5432


class BadImage(ValueError):
    """The bytes are no image that would start; str() says why."""


@dataclass(frozen=True)
class Image:
    """A checked image. `offset` is where it is written; `project` and `version` are what its program calls itself."""

    data: bytes
    chip: str
    offset: int
    partitions: list[Partition]
    project: str
    version: str

    @property
    def end(self) -> int:
        """The first byte of flash that it does not touch."""
        return self.offset + len(self.data)

    @property
    def is_micropython(self) -> bool:
        """Whether its program says so."""
        return self.project == MICROPYTHON

    @property
    def files_begin(self) -> int:
        """Where MicroPython keeps files with this image."""
        return partitions.files_begin(self.partitions)


def chip_of(data: bytes) -> str:
    """The chip that the program at the start of `data` is for. Raises BadImage if it is none."""
    if len(data) < _DESCRIPTION_AT or data[0] != _MAGIC:
        raise BadImage("it does not begin as a program for an ESP32 does")
    (chip_id,) = struct.unpack_from("<H", data, _CHIP_ID_AT)
    name = next((name for name, number in CHIPS.items() if number == chip_id), None)
    if name is None:
        raise BadImage(f"it is for a chip with number {chip_id}, which is not known here")
    return name


def boot_offset(chip: str) -> int:
    """Where the chip's first program lies in flash."""
    from esptool.targets import CHIP_DEFS

    return int(CHIP_DEFS[chip].BOOTLOADER_FLASH_OFFSET)


def check_image(data: bytes) -> Image:
    """The image in `data`. Raises BadImage: not one, cut off, damaged, or only the program without its table."""
    chip = chip_of(data)
    offset = boot_offset(chip)
    check_program(chip, data)
    table_at = partitions.TABLE_OFFSET - offset
    try:
        table = partitions.read_table(data[table_at : table_at + partitions.TABLE_BYTES])
    except BadTable as error:
        raise BadImage(
            f"its partition table cannot be read ({error}); an .app-bin cannot start a blank chip"
        ) from error
    app = partitions.program(table)
    if app is None or app.offset - offset >= len(data):
        raise BadImage("it ends before its program begins")
    project, version = check_program(chip, data[app.offset - offset : app.end - offset])
    return Image(data, chip, offset, table, project, version)


def check_program(chip: str, data: bytes) -> tuple[str, str]:
    """(project, version) of one program, after its checksum and hash were checked. Raises BadImage."""
    from esptool.bin_image import LoadFirmwareImage
    from esptool.util import FatalError

    if chip_of(data) != chip:
        raise BadImage(f"one of its programs is for {chip_of(data)}, not for {chip}")
    try:
        read: Any = LoadFirmwareImage(chip, data)
    except (FatalError, struct.error, RuntimeError, IndexError) as error:
        raise BadImage("it is cut off or damaged") from error
    if read.checksum != read.calculate_checksum():
        raise BadImage("its checksum is wrong")
    if read.append_digest and read.calc_digest != read.stored_digest:
        raise BadImage("its SHA-256 is wrong: it is cut off or damaged")
    return _description(data)


def program_name(head: bytes) -> str:
    """What the program that begins with `head` (at least 128 bytes) calls itself; "" if it tells nothing."""
    return _description(head)[0] if head[:1] == bytes([_MAGIC]) else ""


def _description(data: bytes) -> tuple[str, str]:
    if len(data) < _DESCRIPTION_AT + _DESCRIPTION.size:
        return "", ""
    magic, _, _, version, project = _DESCRIPTION.unpack_from(data, _DESCRIPTION_AT)
    if magic != _DESCRIPTION_MAGIC:
        return "", ""
    return _text(project), _text(version)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("ascii", "replace")
