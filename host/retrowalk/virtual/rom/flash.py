"""The whole flash of a virtual board as the ROM loader sees it: NOR memory in a file, without any timing.

A program can only clear bits; erasing sets whole sectors of 4096 bytes. Power can fail at the k-th operation, of which
the first half is then done. (inside/flash.py is the same memory as MicroPython sees it, where it costs time.)
"""

import os
from pathlib import Path

SECTOR_BYTES = 4096


class PowerCut(Exception):
    """The power has failed in the middle of an operation."""


class WholeFlash:
    """`path`: the file, of the flash's size. `places`: where each erase and program so far began."""

    def __init__(self, path: Path) -> None:
        self.places: list[int] = []
        self._path = path
        self._cut_at = 0

    @property
    def size(self) -> int:
        """Bytes."""
        return self._path.stat().st_size

    def cut_at(self, n_operations: int) -> None:
        """Let power fail at the n-th operation from now."""
        self._cut_at = len(self.places) + n_operations

    def read(self, offset: int, n_bytes: int) -> bytes:
        """The bytes there; what lies behind the end reads as erased."""
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(n_bytes).ljust(n_bytes, b"\xff")

    def erase(self, offset: int, n_bytes: int) -> None:
        """Erase every sector that [offset, offset + n_bytes) touches."""
        first = offset - offset % SECTOR_BYTES
        for at in range(first, min(offset + n_bytes, self.size), SECTOR_BYTES):
            self._put(at, b"\xff" * SECTOR_BYTES)

    def program(self, offset: int, data: bytes) -> None:
        """Clear bits, sector by sector."""
        data = data[: max(0, self.size - offset)]
        while data:
            n_bytes = SECTOR_BYTES - offset % SECTOR_BYTES
            piece, data = data[:n_bytes], data[n_bytes:]
            before = int.from_bytes(self.read(offset, len(piece)), "big")
            self._put(offset, (int.from_bytes(piece, "big") & before).to_bytes(len(piece), "big"))
            offset += len(piece)

    def _put(self, offset: int, data: bytes) -> None:
        self.places.append(offset)
        is_last = len(self.places) == self._cut_at
        descriptor = os.open(self._path, os.O_WRONLY)
        try:
            os.pwrite(descriptor, data[: len(data) // 2] if is_last else data, offset)
        finally:
            os.close(descriptor)
        if is_last:
            raise PowerCut
