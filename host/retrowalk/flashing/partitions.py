"""The partition table of an ESP32's flash: where the program lies, and where the files of MicroPython lie.

Format: ESP-IDF's, 32 bytes an entry, ended by an MD5 of the entries. Addresses and sizes are bytes of the flash.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

TABLE_OFFSET = 0x8000
TABLE_BYTES = 0xC00
APP, DATA = 0, 1
VFS_NAME = "vfs"
_ENTRY = struct.Struct("<2sBBII16sI")
_MAGIC = b"\xaa\x50"
_MD5_MAGIC = b"\xeb\xeb" + b"\xff" * 14


class BadTable(ValueError):
    """The bytes are no partition table; str() says why."""


@dataclass(frozen=True)
class Partition:
    """One row: `kind` is APP or DATA."""

    name: str
    kind: int
    subtype: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + self.size


def read_table(data: bytes) -> list[Partition]:
    """The rows of the table at the start of `data`. Raises BadTable."""
    found: list[Partition] = []
    for at in range(0, min(len(data), TABLE_BYTES) - _ENTRY.size + 1, _ENTRY.size):
        entry = data[at : at + _ENTRY.size]
        if entry[:16] == _MD5_MAGIC:
            if hashlib.md5(data[:at], usedforsecurity=False).digest() != entry[16:]:
                raise BadTable("its checksum is wrong")
            break
        if entry == b"\xff" * _ENTRY.size:
            break
        magic, kind, subtype, offset, size, name, _flags = _ENTRY.unpack(entry)
        if magic != _MAGIC:
            raise BadTable("there is none")
        found.append(Partition(name.rstrip(b"\0").decode("ascii", "replace"), kind, subtype, offset, size))
    if not found:
        raise BadTable("there is none")
    return found


def make_table(partitions: Sequence[Partition]) -> bytes:
    """The table's bytes, padded with erased flash."""
    rows = b"".join(
        _ENTRY.pack(_MAGIC, each.kind, each.subtype, each.offset, each.size, each.name.encode(), 0)
        for each in partitions
    )
    ended = rows + _MD5_MAGIC + hashlib.md5(rows, usedforsecurity=False).digest()
    return ended.ljust(TABLE_BYTES, b"\xff")


def program(partitions: Sequence[Partition]) -> Partition | None:
    """The partition of the program that starts: the first one of kind APP."""
    return next((each for each in partitions if each.kind == APP), None)


def files_begin(partitions: Sequence[Partition]) -> int:
    """Where the files' partition begins; a table without one leaves them the room behind its last partition."""
    named = next((each for each in partitions if each.name == VFS_NAME), None)
    return named.offset if named else max(each.end for each in partitions)
