"""A port whose other end is hostile: it may say what it likes, and as much as it likes, without an end."""

import os
import select
import threading
import tty
from collections.abc import Iterator
from typing import Protocol

_LOOK_S = 0.02
_PIECE = 2048


class Speaker(Protocol):
    """What is at the other end."""

    def hear(self, data: bytes) -> Iterator[bytes]:
        """The pieces it says to what it has just heard; they may never end."""
        ...


class HostilePort:
    """A context manager; `path` is the port. `sent_bytes` counts what was taken of what it said."""

    def __init__(self, speaker: Speaker) -> None:
        self.sent_bytes = 0
        self._speaker = speaker
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self) -> "HostilePort":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._ours)
        os.close(self._theirs)

    def _talk(self) -> None:
        said: Iterator[bytes] = iter(())
        pending = b""
        while not self._stop.is_set():
            if not pending:
                pending = next(said, b"")
            wanted = [self._ours] if pending else []
            readable, writable, _ = select.select([self._ours], wanted, [], _LOOK_S)
            if readable:
                said = _both(said, self._speaker.hear(os.read(self._ours, 4096)))
            if writable:
                try:
                    n_sent = os.write(self._ours, pending[:_PIECE])
                except BlockingIOError:
                    continue
                self.sent_bytes += n_sent
                pending = pending[n_sent:]


def _both(first: Iterator[bytes], then: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from then
