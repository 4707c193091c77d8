"""A device that speaks as an older Retrowalk: a status line, and a raw REPL that answers by the script of an attack."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping

from scripted import answer

Answers = Mapping[str, Callable[[str], Iterator[bytes]]]
DEVICE_ID = "0123456789ab"
_FACTS = {
    "device_id": DEVICE_ID, "platform": "esp32", "machine": "ESP32", "release": "1.29.0", "free_bytes": 1 << 20,
    "total_bytes": 1 << 21, "board": "virtual\n", "has_main": True, "has_core": True, "has_sessions": True,
}  # fmt: skip


class FakeRepl:
    """`data` is its one session's file. answers: by a word of the code, what is printed instead of the honest answer.

    status: what it says to `rw status` instead.
    """

    def __init__(self, data: bytes, answers: Answers, status: Callable[[], Iterator[bytes]] | None = None) -> None:
        self._data = data
        self._answers = answers
        self._status = status or (lambda: iter([answer()]))
        self._heard = b""
        self._is_raw = False

    def hear(self, data: bytes) -> Iterator[bytes]:
        """See hostile_port.Speaker."""
        self._heard += data
        if self._heard.endswith(b"\x05A\x01"):
            self._heard = b""
            yield b"R\x00"
        elif self._heard.endswith(b"\x01"):
            self._heard, self._is_raw = b"", True
            yield b"raw REPL; CTRL-B to exit\r\n>"
        elif self._heard.endswith(b"\x02"):
            self._heard, self._is_raw = b"", False
            yield b"\r\n>>> "
        elif self._heard.endswith(b"\x04"):
            code, self._heard = self._heard[:-1].decode(errors="replace"), b""
            yield from self._run(code) if self._is_raw else iter([b"soft reboot\r\n"])
        elif self._heard.endswith(b"rw status\n"):
            self._heard = b""
            yield from self._status()
        elif not self._is_raw and self._heard.endswith(b"\n") and b"rw " in self._heard:
            self._heard = b""
            yield answer()

    def _run(self, code: str) -> Iterator[bytes]:
        yield b"OK"
        for word, attack in self._answers.items():
            if word in code:
                yield from attack(code)
                return
        yield from self.honest(code)
        yield b"\x04\x04>"

    def honest(self, code: str) -> Iterator[bytes]:
        """What an honest device prints."""
        path = "/sessions/s00001/0000.rwl"
        if "unique_id" in code:
            yield json.dumps(_FACTS).encode() + b"\r\n"
        elif "ilistdir" in code:
            yield json.dumps([path, len(self._data)]).encode() + b"\r\n"
        elif "sha256" in code:
            yield json.dumps([path, hashlib.sha256(self._data).hexdigest()]).encode() + b"\r\n"
        elif "b2a_base64" in code:
            for at in range(0, len(self._data), 1536):
                yield b"RWF " + base64.b64encode(self._data[at : at + 1536]) + b"\r\n"
