"""A serial port read in whole pieces: mpremote reads byte by byte, which is slow for the files of a long walk.

Used by transport.py, both by our own reader and, under the names pyserial uses, by mpremote.
"""

import serial


class BufferedPort:
    """Wraps an open pyserial port, `timeout_s` for a read or a write. Raises OSError when the device is gone."""

    def __init__(self, port: serial.Serial, timeout_s: float) -> None:
        port.timeout = port.write_timeout = timeout_s
        self._port = port
        self._held = b""

    def inWaiting(self) -> int:
        """How many bytes can be read without waiting."""
        return len(self._held) + self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        """`size` bytes, or fewer after the port's time limit."""
        if len(self._held) < size:
            self._held += self._port.read(max(size - len(self._held), self._port.in_waiting))
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def read_ready(self) -> bytes:
        """All that is there now, perhaps nothing."""
        piece, self._held = self._held, b""
        waiting = self._port.in_waiting
        return piece + self._port.read(waiting) if waiting else piece

    def unread(self, data: bytes) -> None:
        """Put back what was read too far."""
        self._held = data + self._held

    def write(self, data: bytes) -> int:
        """Write all of `data`."""
        return self._port.write(data) or 0

    def close(self) -> None:
        """Close the port."""
        self._port.close()
