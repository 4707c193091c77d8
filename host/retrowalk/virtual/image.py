"""The image for the virtual board: what MicroPython's image is to a chip, in form, with no code in it.

It has the parts that a chip and esptool look at: a bootloader, a partition table, and a program that calls itself
micropython. There is no machine code in it: where a chip would run it, the virtual board runs real MicroPython of the
host. Made by `retrowalk flash` for a virtual board; a real chip would refuse to start it.
"""

import functools
import hashlib
import operator
import struct

from retrowalk.flashing import partitions
from retrowalk.flashing.image_file import CHIPS, MICROPYTHON, boot_offset
from retrowalk.flashing.partitions import APP, DATA, Partition

RELEASE = "1.29.0"
VERSION = f"v{RELEASE}-virtual"
_DESCRIPTION_MAGIC = 0xABCD5432
_DESCRIPTION_BYTES = 256
_PROGRAM_AT = 0x10000
_FILES_AT = 0x200000
_FLASH_4_MB_80_MHZ = 0x2F
_NO_WP_PIN = 0xEE
_CHECKSUM_SEED = 0xEF
_TABLE = (
    Partition("nvs", DATA, 0x02, 0x9000, 0x6000),
    Partition("phy_init", DATA, 0x01, 0xF000, 0x1000),
    Partition("factory", APP, 0x00, _PROGRAM_AT, _FILES_AT - _PROGRAM_AT),
    Partition(partitions.VFS_NAME, DATA, 0x81, _FILES_AT, 0x200000),
)
_TEXT = b"This is no code: it stands for MicroPython on a virtual Retrowalk board. "


def make_image(
    chip: str = "esp32s3", project: str = MICROPYTHON, version: str = VERSION, n_bytes: int = 65536
) -> bytes:
    """The file to be written at the chip's boot offset; `n_bytes` of filler, which does not pack, give it a length."""
    from esptool.targets import CHIP_DEFS

    offset = boot_offset(chip)
    described = struct.pack("<IIQ32s32s", _DESCRIPTION_MAGIC, 0, 0, version.encode(), project.encode())
    text = _TEXT + hashlib.shake_256(_TEXT).digest(n_bytes)
    address = int(CHIP_DEFS[chip].DROM_MAP_START) + 0x20
    program = _program(chip, address, described.ljust(_DESCRIPTION_BYTES, b"\0") + text)
    whole = bytearray(b"\xff" * (_PROGRAM_AT - offset))
    bootloader = _program(chip, _ram(chip), _TEXT)
    whole[: len(bootloader)] = bootloader
    table_at = partitions.TABLE_OFFSET - offset
    whole[table_at : table_at + partitions.TABLE_BYTES] = partitions.make_table(_TABLE)
    return bytes(whole) + program


def _program(chip: str, address: int, data: bytes) -> bytes:
    """One program of one segment, with its checksum and its hash, as esptool's elf2image writes it."""
    data += b"\0" * (-len(data) % 4)
    head = struct.pack("<BBBBI", 0xE9, 1, 2, _FLASH_4_MB_80_MHZ, address)
    extended = struct.pack("<B3xHBHH4xB", _NO_WP_PIN, CHIPS[chip], 0, 0, 0, 1)
    program = head + extended + struct.pack("<II", address, len(data)) + data
    program += b"\0" * (15 - len(program) % 16)
    program += bytes([functools.reduce(operator.xor, data, _CHECKSUM_SEED)])
    return program + hashlib.sha256(program).digest()


def _ram(chip: str) -> int:
    from esptool.targets import CHIP_DEFS

    return next(int(start) for start, _, name in CHIP_DEFS[chip].MEMORY_MAP if name == "DRAM")
