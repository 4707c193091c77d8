"""The serial port that host tools open: a pty, and a symlink to it.

The symlink is not vanity: mpremote treats a path that begins with /dev/pts as an emulator and then waits for ever.
"""

import os
import pty
import time
import tty
from pathlib import Path

from retrowalk.errors import UsageError

_MOST_WAITING_BYTES = 64 * 1024
_READER_GONE_S = 1.0


class SerialPort:
    """`path` is the symlink; `descriptor` is the device's end."""

    def __init__(self, link: Path) -> None:
        self.descriptor, self._outer = pty.openpty()
        tty.setraw(self._outer)
        os.set_blocking(self.descriptor, False)
        self.path = link
        self._waiting = bytearray()
        self._taken_s = time.monotonic()
        _make_link(link, os.ttyname(self._outer))

    def read(self) -> bytes:
        """What the host has sent."""
        try:
            return os.read(self.descriptor, 65536)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Send to the host, as it reads; a host that has not read for a second loses what waits, as on a wire."""
        self._waiting += data
        self.flush()

    def flush(self) -> None:
        """Send what can be sent."""
        now_s = time.monotonic()
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

    def close(self) -> None:
        """Take the port away."""
        if self.path.is_symlink():
            self.path.unlink()
        os.close(self.descriptor)
        os.close(self._outer)


def _make_link(link: Path, target: str) -> None:
    if link.is_symlink():
        link.unlink()
    try:
        link.symlink_to(target)
    except OSError as error:
        message = f"{link} cannot be made a link to the port: {error.strerror}."
        raise UsageError(message, "choose another --link.") from error
