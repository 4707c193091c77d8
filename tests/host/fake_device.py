"""A device that is a dictionary of files, in the place of Transport and of the questions in remote.py.

A module that opens sources (sync) gets it as a RawSource.

The real transport with real MicroPython is tested in tests/e2e; this one can lie, as no real device would on demand.
"""

import hashlib
from collections.abc import Callable

from retrowalk.contact import remote
from retrowalk.contact.device_clock import Anchor
from retrowalk.contact.link import Answer, Speaker
from retrowalk.contact.remote import Facts
from retrowalk.syncing.raw_source import RawSource

DEVICE_ID = "0123456789ab"


class FakeDevice:
    """`files` path -> bytes. Its lies: `unreadable`, `sent_wrong` (path -> how many times) and `listed`."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.unreadable: set[str] = set()
        self.sent_wrong: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.sent: list[str] = []
        self.written: list[str] = []
        self.marks: set[str] = set()
        self.anchors: list[Anchor] = []
        self.free_bytes = 1 << 21
        self.board: str | None = None
        self.machine = "Generic ESP32 module with ESP32"
        self.answer = Answer(Speaker.PROMPT)

    def __enter__(self) -> "FakeDevice":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, code: str) -> list[object]:
        """Nothing comes of it: the requests that tests look at go through the functions below."""
        return []

    def read_file(self, path: str, on_bytes: Callable[[bytes], None], offset: int = 0) -> None:
        self.sent.append(path)
        data = self.files[path][offset:]
        if self.sent_wrong.get(path, 0) > 0:
            self.sent_wrong[path] -= 1
            data = data[:-1] + bytes([data[-1] ^ 1])
        for at in range(0, len(data), 1536):
            on_bytes(data[at : at + 1536])

    def write_file(self, path: str, data: bytes) -> None:
        self.written.append(path)
        self.files[path] = data[:-1] if self.sent_wrong.get(path) else data

    def install(self, monkeypatch, *modules) -> None:
        """Let `modules` (those that name Transport or open_source) and remote.py talk to this device."""
        for module in modules:
            if hasattr(module, "open_source"):
                monkeypatch.setattr(module, "open_source", lambda _port: RawSource(self))
            else:
                monkeypatch.setattr(module, "Transport", lambda *_args, **_options: self)
        monkeypatch.setattr(remote, "read_facts", lambda _device: self.facts())
        monkeypatch.setattr(remote, "list_files", lambda _device, folders: self.list(folders))
        monkeypatch.setattr(remote, "hash_files", lambda _device, *asked: self.hash(*asked))
        monkeypatch.setattr(remote, "remove_files", lambda _device, paths: [self.files.pop(path) for path in paths])
        monkeypatch.setattr(
            remote, "mark_verified", lambda _device, folder, _size: self.marks.add(f"{folder}/verified")
        )
        monkeypatch.setattr(remote, "remove_folder", lambda _device, path: None)

    def facts(self) -> Facts:
        has_core = any(path.startswith("/retrogait/") for path in self.files)
        has_sessions = any(path.startswith("/sessions/") for path in self.files)
        has_main = "/main.py" in self.files
        return Facts(
            DEVICE_ID,
            "esp32",
            self.machine,
            "1.29.0",
            self.free_bytes,
            1 << 21,
            self.board,
            has_main,
            has_core,
            has_sessions,
        )

    def list(self, folders) -> dict[str, int]:
        found = {
            path: len(data) for path, data in self.files.items() if path.startswith(tuple(f"{f}/" for f in folders))
        }
        return {**found, **dict.fromkeys(self.marks, 0), **self.listed}

    def hash(self, paths, n_bytes: int = remote.WHOLE) -> dict[str, str]:
        return {
            path: hashlib.sha256(self.files[path][:n_bytes]).hexdigest()
            for path in paths
            if path in self.files and path not in self.unreadable
        }
