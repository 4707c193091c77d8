"""The serial line between a virtual board and the host: how fast it is, and what it does to the bytes on their way.

    with VirtualDevice(flash_path, line=Line(baud=115200, seed=3)) as device:
        device.line.disturb(flip=0.01, drop=0.01, duplicate=0.01)
        device.line.unplug_at_frame(7)      # then device.replug()

Rates are by the wall clock. Without a Line the port is as fast as the computer and never errs, as USB nearly is.
"""

import random
from dataclasses import dataclass

from retrowalk.bulk.frames import FrameReader

RING_BYTES = 260
# What a receiver makes of bytes sent at another rate: it sees edges only, and the bit after its start bit is never set.
_GARBLED = (0x00, 0x78, 0x80, 0xE0, 0xF8, 0xFE)


@dataclass(frozen=True)
class Disturbance:
    """The chance of each byte to have a bit flipped, to be dropped, to come twice."""

    flip: float = 0.0
    drop: float = 0.0
    duplicate: float = 0.0


class Line:
    """baud: of the board's UART after power-on; seed: of everything that happens by chance.

    is_fixed: the rate is the line's, whatever host and board have set, as on a USB port of the chip's own.
    Fields: `board_baud` and `host_baud` (as set now), `to_host_bytes` and `to_board_bytes` (carried so far),
    `overrun_bytes` (lost because the board's ring was full), `frames` (good frames that the board has sent).
    """

    def __init__(self, baud: int = 115200, is_fixed: bool = False, seed: int = 0) -> None:
        self.baud = baud
        self.is_fixed = is_fixed
        self.board_baud = baud
        self.host_baud = baud
        self.to_host_bytes = 0
        self.to_board_bytes = 0
        self.overrun_bytes = 0
        self.frames = 0
        self._disturbed = {True: Disturbance(), False: Disturbance()}
        self._chance = random.Random(seed)  # noqa: S311 nothing secret: the same chances for the same seed
        self._reader = FrameReader()
        self._unplug_at_byte: int | None = None
        self._unplug_at_frame: int | None = None
        self._deaf_above: int | None = None

    def disturb(
        self,
        flip: float = 0.0,
        drop: float = 0.0,
        duplicate: float = 0.0,
        *,
        to_host: bool = True,
        to_board: bool = True,
    ) -> None:
        """From now on each byte of these directions has these chances; the others are undisturbed."""
        chances = Disturbance(flip, drop, duplicate)
        self._disturbed = {True: chances if to_host else Disturbance(), False: chances if to_board else Disturbance()}

    def garble_above(self, baud: int | None) -> None:
        """A cable or a bridge that cannot do more than `baud`: whatever goes faster is garbled; None: it can do all."""
        self._deaf_above = baud

    def unplug_at_byte(self, n_bytes: int) -> None:
        """Pull the cable when the board has sent `n_bytes` more."""
        self._unplug_at_byte = self.to_host_bytes + n_bytes

    def unplug_at_frame(self, n_frames: int) -> None:
        """Pull the cable when the board has sent `n_frames` more good frames of the bulk transfer."""
        self._unplug_at_frame = self.frames + n_frames

    def bytes_per_s(self) -> float:
        """How fast the line is now, each way: ten bits a byte, at the slower of the two ends."""
        baud = self.baud if self.is_fixed else min(self.board_baud, self.host_baud)
        return baud / 10

    def to_host(self, data: bytes, sent_at_baud: int) -> bytes:
        """What arrives of what the board has sent at that rate."""
        self.to_host_bytes += len(data)
        self.frames += sum(1 for _ in self._reader.push(data))
        return self._carried(data, True, sent_at_baud)

    def to_board(self, data: bytes) -> bytes:
        """What arrives of what the host has sent."""
        self.to_board_bytes += len(data)
        return self._carried(data, False, self.board_baud)

    def until_unplugged(self, n_bytes: int) -> int:
        """How many of the `n_bytes` that the board would send now it still can."""
        if self._unplug_at_frame is not None:
            # Looked at byte by byte, or more frames would get through.
            n_bytes = min(n_bytes, 16)
        if self._unplug_at_byte is None:
            return n_bytes
        return max(0, min(n_bytes, self._unplug_at_byte - self.to_host_bytes))

    def must_unplug(self) -> bool:
        """Whether the moment has come; True once."""
        at_byte, at_frame = self._unplug_at_byte, self._unplug_at_frame
        if (at_byte is not None and self.to_host_bytes >= at_byte) or (
            at_frame is not None and self.frames >= at_frame
        ):
            self._unplug_at_byte = self._unplug_at_frame = None
            return True
        return False

    def _carried(self, data: bytes, is_to_host: bool, board_baud: int) -> bytes:
        too_fast = self._deaf_above is not None and board_baud > self._deaf_above
        if not self.is_fixed and (board_baud != self.host_baud or too_fast):
            return bytes(self._chance.choice(_GARBLED) for _ in data)
        chances = self._disturbed[is_to_host]
        if chances == Disturbance():
            return data
        out = bytearray()
        for byte in data:
            if self._chance.random() < chances.drop:
                continue
            if self._chance.random() < chances.flip:
                byte ^= 1 << self._chance.randrange(8)
            out.append(byte)
            if self._chance.random() < chances.duplicate:
                out.append(byte)
        return bytes(out)
