"""Reads a record file on the flash block by block, in one buffer: the device's own reader, for thinning and recovery.

It stops at the first block that is not whole; the host's reader (retrogait.record) looks further.
"""

import struct
from binascii import crc32

from retrogait import record

_MOST_BYTES = record.HEAD_BYTES + record.LONGEST_PAYLOAD + record.CRC_BYTES


class BlockScan:
    """Fields of the block at hand: `kind`, `session`, `sequence`, `first_index`, `block` (a memoryview of all of it).

    `is_whole`: false once a block was met that is damaged or cut off. Four kilobytes: make one, use it for all files.
    """

    def __init__(self):
        self.kind = 0
        self.session = 0
        self.sequence = 0
        self.first_index = 0
        self.block = None
        self.is_whole = True
        self._file = None
        self._buffer = bytearray(_MOST_BYTES)
        self._view = memoryview(self._buffer)

    def begin(self, file):
        """Read `file`, opened "rb", from where it stands."""
        self._file = file
        self.is_whole = True

    def next(self):
        """Fetch the next block; False at the end of the file and at the first block that is not whole."""
        view = self._view
        n_bytes = self._file.readinto(view[: record.HEAD_BYTES])
        if not n_bytes:
            return False
        self.is_whole = False
        head = record.read_head(view, 0) if n_bytes == record.HEAD_BYTES else None
        if head is None:
            return False
        self.kind, _, self.session, self.sequence, self.first_index, length = head
        rest = length + record.CRC_BYTES
        sealed = record.HEAD_BYTES + length
        if self._file.readinto(view[record.HEAD_BYTES : record.HEAD_BYTES + rest]) != rest:
            return False
        if crc32(view[:sealed]) != struct.unpack_from("<I", self._buffer, sealed)[0]:
            return False
        self.block = view[: sealed + record.CRC_BYTES]
        self.is_whole = True
        return True

    @property
    def payload(self):
        """A memoryview of the block's payload."""
        return self.block[record.HEAD_BYTES : -record.CRC_BYTES]
