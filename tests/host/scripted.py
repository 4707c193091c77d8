"""A port whose other end follows a script: a pty, and a thread that answers what the host writes."""

import contextlib
import json
import os
import select
import threading
import tty
from collections.abc import Callable

STATUS = {"app": "retrowalk", "version": "0.1.0", "device_id": "0123456789ab", "board": "virtual", "state": "idle"}


def answer(**changes: object) -> bytes:
    """One status line as the app writes it."""
    return b"RW " + json.dumps({**STATUS, **changes}).encode() + b"\r\n"


class ScriptedPort:
    """`reply(data)` gives the bytes to send back for the bytes heard; `spew` is sent again and again unasked.

    A context manager; `path` is the port, `heard` everything the host wrote.
    """

    def __init__(self, reply: Callable[[bytes], bytes] | None = None, spew: Callable[[], bytes] | bytes = b"") -> None:
        self._reply = reply or (lambda _data: b"")
        self._spew = spew
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self.heard = b""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self) -> "ScriptedPort":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._ours)
        os.close(self._theirs)

    def _talk(self) -> None:
        os.set_blocking(self._ours, False)
        while not self._stop.is_set():
            self._send(self._spew() if callable(self._spew) else self._spew)
            if select.select([self._ours], [], [], 0.02)[0]:
                data = os.read(self._ours, 4096)
                self.heard += data
                self._send(self._reply(data))

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(BlockingIOError):
            if data:
                os.write(self._ours, data)
