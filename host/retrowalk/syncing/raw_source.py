"""The walks of a device without frames, through its raw REPL: an older app, which is stopped for it, or a prompt."""

import re
from collections.abc import Callable
from types import TracebackType

from retrowalk.contact import remote
from retrowalk.contact.link import Speaker
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.errors import BusyError, RetrowalkError
from retrowalk.syncing.shelf import Shelf

_FOLDER = "/sessions"
_RECORD = re.compile(r"/sessions/([^/]{1,40})/([^/]{1,40})")


class RawSource:
    """See source.Source. `device` is not entered yet."""

    how = "through the raw REPL"

    def __init__(self, device: Transport) -> None:
        self.device_id = ""
        self.status: Status | None = device.answer.status
        self.anchors = device.anchors
        self._device = device

    def __enter__(self) -> "RawSource":
        self._device.__enter__()
        try:
            facts = remote.read_facts(self._device)
            if self._device.answer.speaker is Speaker.PROMPT and not (facts.has_sessions or facts.has_core):
                raise BusyError(
                    "This board runs MicroPython, but it is no Retrowalk.", "`retrowalk flash` makes it one."
                )
        except RetrowalkError:
            self._device.__exit__(None, None, None)
            raise
        self.device_id = facts.device_id
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._device.__exit__(kind, error, trace)

    def list(self) -> Shelf:
        """What lies there."""
        shelf = Shelf()
        for path, n_bytes in remote.list_files(self._device, [_FOLDER]).items():
            match = _RECORD.fullmatch(path)
            shelf.add(match[1] if match else "", match[2] if match else "", n_bytes)
        return shelf

    def hash(self, session: str, name: str, n_bytes: int) -> str | None:
        """SHA-256 of a whole file."""
        return self.hash_start(session, name, remote.WHOLE)

    def hash_start(self, session: str, name: str, n_bytes: int) -> str | None:
        """SHA-256 of its first bytes."""
        path = _path(session, name)
        return remote.hash_files(self._device, [path], n_bytes).get(path)

    def read(self, session: str, name: str, span: tuple[int, int], on_bytes: Callable[[bytes], None]) -> None:
        """The file's bytes, to its end: what goes on beyond `span` is for the receiver to refuse."""
        self._device.read_file(_path(session, name), on_bytes, span[0])

    def remove(self, session: str, sizes: dict[str, int]) -> None:
        """Delete these files, the first last, and the folder if nothing else is in it."""
        remote.remove_files(self._device, [_path(session, name) for name in sorted(sizes, reverse=True)])
        remote.remove_folder(self._device, f"{_FOLDER}/{session}")

    def verified(self, session: str, n_bytes: int) -> None:
        """Leave the mark that the app would."""
        remote.mark_verified(self._device, f"{_FOLDER}/{session}", n_bytes)


def _path(session: str, name: str) -> str:
    return f"{_FOLDER}/{session}/{name}"
