"""Reads a record file on the flash block by block, in one buffer: the device's own reader, for thinning and recovery.

It stops at the first block that is not whole; the host's reader (retrogait.record) looks further.
"""

import struct
from binascii import crc32

from retrogait import record
from retrogait.packing import BITS_AT

_PATIENCE_BYTES = 16
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
        self.is_whole = True
        self._file = None
        self._buffer = bytearray(_MOST_BYTES)
        self._view = memoryview(self._buffer)
        self.block = self._view[:0]

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
    def has_samples(self):
        """Whether the block holds raw samples."""
        return self.kind in (record.SAMPLES, record.PACKED)

    @property
    def n_samples(self):
        """Raw samples in the block; one too many where a PACKED block ended in plain samples, which only noise does.

        To know those exactly the codes would have to be read, which takes the device seconds a file.
        """
        n_bytes = len(self.payload)
        if self.kind == record.SAMPLES:
            return n_bytes // record.SAMPLE_BYTES
        n_coded = struct.unpack_from("<H", self._buffer, record.HEAD_BYTES)[0]
        # Coding ends when it has cost more than 16 bytes over the plain samples.
        n_plain = (n_bytes - BITS_AT - _PATIENCE_BYTES - 1 - n_coded * record.SAMPLE_BYTES) // record.SAMPLE_BYTES
        return 1 + n_coded + max(0, n_plain)

    @property
    def payload(self):
        """A memoryview of the block's payload."""
        return self.block[record.HEAD_BYTES : -record.CRC_BYTES]
