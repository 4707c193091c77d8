"""A SerialPort at the far end of a Line: bytes travel at the line's rate, and only some at a time are on their way.

Used by the supervisor in the place of a plain SerialPort, from its thread.
"""

import time
from collections import deque
from pathlib import Path

from retrowalk.virtual.line import RING_BYTES, Line
from retrowalk.virtual.port import SerialPort

# What the board's UART holds before a write blocks; more than the real 128, because this thread is not always in time.
_FIFO_BYTES = 256
_STEP_S = 0.001


class Pace:
    """How many bytes may pass by now; what was not used while nothing waited is lost, but for `slack` bytes."""

    def __init__(self, slack: int) -> None:
        self._slack = slack
        self._credit = 0.0
        self._is_busy = False
        self._at_s = time.monotonic()

    def allowed(self, bytes_per_s: float) -> int:
        """Whole bytes that may pass now."""
        now_s = time.monotonic()
        self._credit += (now_s - self._at_s) * bytes_per_s
        self._at_s = now_s
        if not self._is_busy:
            self._credit = min(self._credit, self._slack)
        return int(self._credit)

    def passed(self, n_bytes: int, is_more: bool) -> None:
        """`n_bytes` have passed; is_more: others wait."""
        self._credit -= n_bytes
        self._is_busy = is_more


class LinePort:
    """The same calls as SerialPort, through `line`."""

    def __init__(self, port: SerialPort, line: Line) -> None:
        self.line = line
        self._port = port
        # (what the board has sent, the rate its UART had then)
        self._sent: deque[tuple[bytes, int]] = deque()
        self._n_sent = 0
        self._out = Pace(_FIFO_BYTES)
        self._in = Pace(RING_BYTES // 4)

    @property
    def path(self) -> Path:
        """What the host opens."""
        return self._port.path

    def is_plugged(self) -> bool:
        """Whether the cable is in."""
        return self._port.is_plugged()

    @property
    def descriptor(self) -> int | None:
        """What to wait for, or None while nothing may come."""
        return self._port.descriptor if self._in.allowed(self.line.bytes_per_s()) > 0 else None

    def read(self) -> bytes:
        """What has arrived from the host."""
        self.line.host_baud = self._port.baud() or self.line.host_baud
        allowed = self._in.allowed(self.line.bytes_per_s())
        data = self._port.read(allowed)
        self._in.passed(len(data), len(data) >= allowed > 0)
        return self.line.to_board(data)

    def kept(self, data: bytes, n_unread: int) -> bytes:
        """What the board's ring, in which `n_unread` bytes lie, keeps of `data`."""
        room = max(0, RING_BYTES - n_unread)
        self.line.overrun_bytes += max(0, len(data) - room)
        return data[:room]

    def write(self, data: bytes) -> None:
        """The board sends; see is_full."""
        if data:
            self._sent.append((data, self.line.board_baud))
            self._n_sent += len(data)
        self.flush()

    def flush(self) -> None:
        """Let pass what the line's rate allows."""
        self.line.host_baud = self._port.baud() or self.line.host_baud
        allowed = self._out.allowed(self.line.bytes_per_s())
        passed = 0
        while self._sent and passed < allowed:
            data, baud = self._sent.popleft()
            n_bytes = self.line.until_unplugged(min(len(data), allowed - passed))
            self._port.write(self.line.to_host(data[:n_bytes], baud))
            passed += n_bytes
            if data[n_bytes:]:
                self._sent.appendleft((data[n_bytes:], baud))
            if self.line.must_unplug():
                self.unplug()
                break
        self._n_sent -= passed
        self._out.passed(passed, bool(self._sent))
        self._port.flush()

    def is_waiting(self) -> bool:
        """Whether something is on its way."""
        return bool(self._sent) or self._port.is_waiting()

    def is_full(self) -> bool:
        """Whether a write of the board would block."""
        return self._n_sent >= _FIFO_BYTES

    def patience_s(self) -> float:
        """How long to wait before the next flush."""
        return _STEP_S

    def most_read(self) -> int:
        """How many bytes of the board to take at once."""
        return _FIFO_BYTES

    def set_board_baud(self, baud: int | None) -> None:
        """The board's UART has another rate from here on; None: that of after a reset."""
        self.line.board_baud = self.line.baud if baud is None else baud

    def unplug(self) -> None:
        """Pull the cable: what is on its way is lost."""
        self._sent.clear()
        self._n_sent = 0
        self._port.unplug()

    def replug(self) -> None:
        """Put it in again."""
        self._port.replug()

    def close(self) -> None:
        """Take the port away."""
        self._port.close()
