"""The session format: self-describing blocks with a checksum, written on the device and decoded by the same file.

Byte by byte in docs/reference/record-format.md. A block stands for itself: session, sequence number, first sample
index and CRC are in each, so that a reader finds the next good block after any damage and can say what is missing.
"""

import struct
from array import array
from binascii import crc32

from retrogait.packing import LONGEST_BYTES, Packer

FORMAT = 3  # of a session, in its HEADER: 3 since there is PACKED
VERSION = 1  # of a block's payload
HEADER = 1  # JSON: everything needed to replay the session
SAMPLES = 2  # six int16 counts a sample, plain
EVENTS = 3  # 16 bytes an event
STATUS = 4  # JSON: battery, temperature, faults, time anchors
END = 5  # JSON: why and with what totals the session ended
THINNED = 7  # JSON: in the place of the first block that was taken out of this file to make room
PACKED = 8  # samples without loss in about half the bytes: retrogait.packing
KIND_NAMES = ("", "HEADER", "SAMPLES", "EVENTS", "STATUS", "END", "", "THINNED", "PACKED")

MAGIC = b"RW"
HEAD_BYTES = 18
CRC_BYTES = 4
SAMPLE_BYTES = 12
EVENT_BYTES = 16
LONGEST_PAYLOAD = 4096
MOST_PACKED = 180  # samples in a block: what one lost block costs is under two seconds

_HEAD = "<2sBBIIIH"
_EVENT = "<IB3xii"


class BlockWriter:
    """Builds one block at a time in a buffer that is allocated once.

    capacity: largest payload in bytes. `begin`, then `add_sample` / `add_event` / `add_bytes` while `room` allows, then
    `finish`, which returns a memoryview of the whole block (valid until the next `begin`).
    """

    def __init__(self, session, capacity=1008):
        if not 0 < capacity <= LONGEST_PAYLOAD:
            raise ValueError("a payload has 1 to %d bytes" % LONGEST_PAYLOAD)
        self.room = 0
        self.sequence = 0
        self._session = session
        self.capacity = capacity
        self._buffer = bytearray(HEAD_BYTES + capacity + CRC_BYTES)
        self._view = memoryview(self._buffer)
        self._at = HEAD_BYTES
        self._kind = 0
        self._first_index = 0

    def begin(self, kind, first_index):
        """Start a block of `kind`, about the time from sample `first_index` on."""
        self._kind = kind
        self._first_index = first_index
        self._at = HEAD_BYTES
        self.room = self.capacity

    def add_sample(self, sample):
        """Append six raw counts; the caller has checked `room` >= SAMPLE_BYTES. Allocates nothing."""
        struct.pack_into(
            "<6h", self._buffer, self._at, sample[0], sample[1], sample[2], sample[3], sample[4], sample[5]
        )
        self._at += SAMPLE_BYTES
        self.room -= SAMPLE_BYTES

    def add_event(self, index, kind, value_a, value_b):
        """Append one event; the caller has checked `room` >= EVENT_BYTES."""
        struct.pack_into(_EVENT, self._buffer, self._at, index, kind, value_a, value_b)
        self._at += EVENT_BYTES
        self.room -= EVENT_BYTES

    def add_bytes(self, data):
        """Append bytes; ValueError if they do not fit."""
        if len(data) > self.room:
            raise ValueError("%d bytes do not fit in the block" % len(data))
        self._buffer[self._at : self._at + len(data)] = data
        self._at += len(data)
        self.room -= len(data)

    def is_empty(self):
        """True when nothing was added since `begin`."""
        return self._at == HEAD_BYTES

    def finish(self):
        """Seal the block and return it. May be called again, should the writing have failed."""
        at = self._at
        struct.pack_into(
            _HEAD, self._buffer, 0, MAGIC, self._kind, VERSION, self._session, self.sequence, self._first_index,
            at - HEAD_BYTES,
        )  # fmt: skip
        struct.pack_into("<I", self._buffer, at, crc32(self._view[:at]))
        self.sequence += 1
        return self._view[: at + CRC_BYTES]


class SampleWriter(BlockWriter):
    """Builds PACKED blocks: `begin_samples`, then `add_sample` until `is_full`, then `finish`. One buffer, as above.

    The capacity holds three blocks to a flush interval of five seconds, unless the walk is all noise.
    """

    def __init__(self, session, capacity=1344):
        super().__init__(session, capacity)
        self.is_full = False
        self._packer = Packer(self._buffer)
        self._last_at = HEAD_BYTES + capacity - LONGEST_BYTES

    @property
    def n_samples(self):
        """Samples since `begin_samples`."""
        return self._packer.n_samples

    def begin_samples(self, first_index):
        """Start a PACKED block whose first sample is number `first_index`."""
        self.begin(PACKED, first_index)
        self.is_full = False
        self._packer.begin(HEAD_BYTES)

    def add_sample(self, sample):
        """Append six raw counts; the caller has checked `is_full`. Allocates nothing."""
        packer = self._packer
        packer.push(sample)
        self.is_full = packer.at > self._last_at or packer.n_samples == MOST_PACKED

    def is_empty(self):
        """True when no sample was added since `begin_samples`."""
        return self._packer.n_samples == 0

    def finish(self):
        """Seal the block and return it. May be called again, should the writing have failed."""
        self._at = self._packer.close()
        return super().finish()


class Block:
    """One decoded block: `payload` in bytes, `offset` in the file, the other fields as in the format's page.

    counts: of SAMPLES and PACKED an array 'h' of six counts a sample; of what holds none, or is unknown, empty.
    """

    def __init__(self, kind, version, session, sequence, first_index, payload, offset, counts):
        self.kind = kind
        self.version = version
        self.session = session
        self.sequence = sequence
        self.first_index = first_index
        self.payload = payload
        self.offset = offset
        self.counts = counts

    @property
    def is_known(self):
        """False for what another firmware may write: such a block is whole, but says nothing to this reader."""
        return self.kind < len(KIND_NAMES) and KIND_NAMES[self.kind] != "" and self.version <= VERSION

    @property
    def has_samples(self):
        """True for SAMPLES and PACKED."""
        return self.is_known and self.kind in (SAMPLES, PACKED)

    @property
    def n_samples(self):
        """Raw samples in the block."""
        return len(self.counts) // 6

    def samples(self):
        """Yield the six-count tuples of a block of SAMPLES or PACKED."""
        for at in range(0, len(self.counts), 6):
            yield tuple(self.counts[at : at + 6])

    def events(self):
        """Yield (index, kind, value_a, value_b) of an EVENTS block."""
        return events_of(self.payload)


def events_of(payload):
    """Yield (index, kind, value_a, value_b) of an EVENTS block's payload."""
    for at in range(0, len(payload) - EVENT_BYTES + 1, EVENT_BYTES):
        yield struct.unpack_from(_EVENT, payload, at)


class Damage:
    """A stretch of bytes that is no good block: `offset` and `length` in the file."""

    def __init__(self, offset, length):
        self.offset = offset
        self.length = length


def read_head(data, at):
    """(kind, version, session, sequence, first_index, payload length) of the head at `at`, or None if it is none.

    `data` holds at least HEAD_BYTES from there on; whether the block is whole, its CRC tells.
    """
    magic, kind, version, session, sequence, first_index, length = struct.unpack_from(_HEAD, data, at)
    if magic != MAGIC or length > LONGEST_PAYLOAD:
        return None
    return kind, version, session, sequence, first_index, length


def read_blocks(data):
    """Yield the Block and Damage objects of a file's bytes, in order.

    Never raises for any bytes: what is no sealed block, or cannot be unpacked, is Damage, and reading goes on at the
    next good block.
    """
    at = 0
    bad_from = 0
    end = len(data)
    while at < end:
        block = _block_at(data, at)
        if block is None:
            at = data.find(MAGIC, at + 1)
            if at < 0:
                break
            continue
        if at > bad_from:
            yield Damage(bad_from, at - bad_from)
        yield block
        at += HEAD_BYTES + len(block.payload) + CRC_BYTES
        bad_from = at
    if end > bad_from:
        yield Damage(bad_from, end - bad_from)


def _block_at(data, at):
    """The sealed block that starts at `at`, or None."""
    if len(data) - at < HEAD_BYTES + CRC_BYTES:
        return None
    head = read_head(data, at)
    if head is None:
        return None
    kind, version, session, sequence, first_index, length = head
    sealed = at + HEAD_BYTES + length
    if len(data) < sealed + CRC_BYTES:
        return None
    if crc32(data[at:sealed]) != struct.unpack_from("<I", data, sealed)[0]:
        return None
    payload = bytes(data[at + HEAD_BYTES : sealed])
    counts = _counts(kind, version, payload)
    if counts is None:
        return None
    return Block(kind, version, session, sequence, first_index, payload, at, counts)


def _counts(kind, version, payload):
    """The samples of a payload, or None if it cannot be what its kind says."""
    if kind == PACKED and version <= VERSION:
        from retrogait.unpacking import unpack  # the device never reads: there this stays on flash

        return unpack(payload)
    if kind == SAMPLES and version <= VERSION:
        return array("h", struct.unpack_from("<%dh" % (len(payload) // SAMPLE_BYTES * 6), payload))
    return array("h")
