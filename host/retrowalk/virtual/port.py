"""The serial port that host tools open: a pty, and a symlink to it.

The symlink is not vanity: mpremote treats a path that begins with /dev/pts as an emulator and then waits for ever.
"""

import os
import pty
import termios
import time
import tty
from pathlib import Path

from retrowalk.errors import UsageError

_MOST_WAITING_BYTES = 64 * 1024
_READER_GONE_S = 1.0
_RETRY_S = 0.002
# What termios calls the rates, in baud.
_BAUDS = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}


class SerialPort:
    """`path` is the symlink; `descriptor` is the device's end, None while the cable is out."""

    def __init__(self, link: Path) -> None:
        self.descriptor: int | None = None
        self._outer = -1
        self.path = link
        self._waiting = bytearray()
        self._taken_s = time.monotonic()
        self.replug()

    def replug(self) -> None:
        """Put the cable in: a new port under the same name."""
        self.unplug()
        self.descriptor, self._outer = pty.openpty()
        tty.setraw(self._outer)
        state = termios.tcgetattr(self._outer)
        state[4] = state[5] = termios.B115200
        termios.tcsetattr(self._outer, termios.TCSANOW, state)
        os.set_blocking(self.descriptor, False)
        _make_link(self.path, os.ttyname(self._outer))

    def unplug(self) -> None:
        """Pull the cable: the port is gone, for whoever has it open too, and so is what waits."""
        if self.descriptor is None:
            return
        if self.path.is_symlink():
            self.path.unlink()
        os.close(self.descriptor)
        os.close(self._outer)
        self.descriptor = None
        self._waiting.clear()

    def is_plugged(self) -> bool:
        """Whether the cable is in."""
        return self.descriptor is not None

    def baud(self) -> int | None:
        """The rate that the host has set, or None while the cable is out or the rate is none that we know."""
        return None if self.descriptor is None else _BAUDS.get(termios.tcgetattr(self._outer)[4])

    def read(self, most: int = 65536) -> bytes:
        """What the host has sent."""
        if self.descriptor is None:
            return b""
        try:
            return os.read(self.descriptor, most)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Send to the host, as it reads; a host that has not read for a second loses what waits, as on a wire."""
        if self.descriptor is not None:
            self._waiting += data
            self.flush()

    def flush(self) -> None:
        """Send what can be sent."""
        now_s = time.monotonic()
        if self.descriptor is None:
            return
        try:
            while self._waiting:
                del self._waiting[: os.write(self.descriptor, self._waiting)]
                self._taken_s = now_s
        except BlockingIOError:
            if self.is_full() and now_s > self._taken_s + _READER_GONE_S:
                self._waiting.clear()

    def is_waiting(self) -> bool:
        """Whether something could not be sent yet."""
        return bool(self._waiting)

    def is_full(self) -> bool:
        """Whether the device had better stop talking."""
        return len(self._waiting) > _MOST_WAITING_BYTES

    def patience_s(self) -> float:
        """How long to wait before the next flush."""
        return _RETRY_S

    def most_read(self) -> int:
        """How many bytes of the board to take at once."""
        return 65536

    def kept(self, data: bytes, _n_unread: int) -> bytes:
        """What the board keeps of `data`: all, as USB holds back a host that is too fast."""
        return data

    def set_board_baud(self, baud: int | None) -> None:
        """The board's UART has another rate: USB does not care."""

    def close(self) -> None:
        """Take the port away."""
        self.unplug()


def _make_link(link: Path, target: str) -> None:
    if link.is_symlink():
        link.unlink()
    try:
        link.symlink_to(target)
    except OSError as error:
        message = f"{link} cannot be made a link to the port: {error.strerror}."
        raise UsageError(message, "choose another --link.") from error
