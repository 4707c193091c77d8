"""Requests and frames of the bulk transfer as bytes: docs/reference/link.md; the other side is firmware/app/bulk.py.

A request is one printable line, so that no byte of it can be a Ctrl-C. An answer is a binary frame with a CRC; a reader
finds the next good one after any damage.
"""

import struct
from binascii import crc32
from collections.abc import Iterator
from typing import NamedTuple

SYNC = b"\xf7R"
DATA = ord("D")
ANSWER = ord("A")
REFUSAL = ord("E")
_KINDS = (DATA, ANSWER, REFUSAL)
MOST_PAYLOAD = 1024
LEAST_PAYLOAD = 32
OVERHEAD = 14
LONGEST_REQUEST = 80

_HEAD = struct.Struct("<2sBBIH")
_CRC = struct.Struct("<I")


class Frame(NamedTuple):
    """One good frame; `tag` is that of the request it answers, `offset` where its payload belongs."""

    kind: int
    tag: int
    offset: int
    payload: bytes


class FrameReader:
    """Finds frames in a stream of bytes. `n_skipped` counts bytes that belong to no good frame.

    `has_seen_head`: somebody speaks frames, even if none of them came through.
    """

    def __init__(self) -> None:
        self.n_skipped = 0
        self.has_seen_head = False
        self._held = bytearray()

    def push(self, data: bytes) -> Iterator[Frame]:
        """The frames that `data` completes."""
        self._held += data
        while (frame := self._next()) is not None:
            yield frame

    def forget(self) -> None:
        """Drop a frame that has begun: what comes now is another talk."""
        self._skip(len(self._held))

    def _next(self) -> Frame | None:
        held = self._held
        while True:
            at = held.find(SYNC)
            if at < 0:
                at = len(held) - 1 if held.endswith(SYNC[:1]) else len(held)
            self._skip(at)
            if len(held) < _HEAD.size:
                return None
            _, kind, tag, offset, n_bytes = _HEAD.unpack_from(held)
            self.has_seen_head |= kind in _KINDS
            end = _HEAD.size + n_bytes
            if n_bytes <= MOST_PAYLOAD:
                if len(held) < end + _CRC.size:
                    return None
                if _CRC.unpack_from(held, end)[0] == crc32(held[len(SYNC) : end]):
                    frame = Frame(kind, tag, offset, bytes(held[_HEAD.size : end]))
                    del held[: end + _CRC.size]
                    return frame
            self._skip(1)

    def _skip(self, n_bytes: int) -> None:
        self.n_skipped += n_bytes
        del self._held[:n_bytes]


def frame_bytes(frame: Frame) -> bytes:
    """A frame as it travels."""
    head = _HEAD.pack(SYNC, frame.kind, frame.tag, frame.offset, len(frame.payload))
    body = head[len(SYNC) :] + frame.payload
    return SYNC + body + _CRC.pack(crc32(body))


def request_line(tag: int, *words: object) -> bytes:
    """A request as it travels: `rwf TAG WORDS... CRC` and a line end."""
    text = " ".join(("rwf", str(tag), *map(str, words))).encode("ascii")
    line = text + b" %08x\n" % crc32(text)
    if len(line) > LONGEST_REQUEST:
        raise ValueError("the request is too long")
    return line
