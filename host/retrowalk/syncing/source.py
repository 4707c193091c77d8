"""Where walks come from: a device that lists its sessions, hashes and reads their files, and removes them when told.

Two kinds: the running app in frames (bulk/source.py), and a raw REPL (raw_source.py) for what cannot talk frames, an
older app or a bare prompt in safe mode. Which one it is, is found out here; sync knows only this.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from retrowalk.bulk.source import BulkSource, greet
from retrowalk.bulk.talk import Talk
from retrowalk.contact.device_clock import Anchor
from retrowalk.contact.link import Link
from retrowalk.contact.ports import Port
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.syncing.raw_source import RawSource
from retrowalk.syncing.shelf import Shelf


class Source(Protocol):
    """A context manager. Sessions are named as s00001 and files as 0000.rwl, nothing else.

    `status` and `anchors`: what the app told, if an app was there. `how`: in a few words, for people.
    """

    device_id: str
    status: Status | None
    anchors: list[Anchor]
    how: str

    def __enter__(self) -> "Source": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def list(self) -> Shelf:
        """What lies there."""
        ...

    def hash(self, session: str, name: str, n_bytes: int) -> str | None:
        """SHA-256 of a whole file, of which the list told `n_bytes`; None if the device cannot read it."""
        ...

    def hash_start(self, session: str, name: str, n_bytes: int) -> str | None:
        """The same of its first `n_bytes`."""
        ...

    def read(self, session: str, name: str, span: tuple[int, int], on_bytes: Callable[[bytes], None]) -> None:
        """The file's bytes from span[0] to span[1], in order. Compare the hash afterwards."""
        ...

    def remove(self, session: str, sizes: dict[str, int]) -> None:
        """Delete a session that holds just these files of these sizes."""
        ...

    def verified(self, session: str, n_bytes: int) -> None:
        """Tell the device that all `n_bytes` of a session are safe on this computer; without room it goes untold."""
        ...


def open_source(port: Port) -> Source:
    """The source on a port. Raises NoDeviceError (silent, gone) and BusyError (recording, in use, no Retrowalk)."""
    link = Link(port.path)
    try:
        talk = Talk(link.port, port.path)
        hello = greet(talk)
        if hello is not None:
            return BulkSource(link, talk, hello, port.has_baud)
    except BaseException:
        link.close()
        raise
    device = Transport(port.path, link=link)
    status = device.answer.status
    hello = greet(talk) if status is not None and status.frames else None
    return RawSource(device) if hello is None else BulkSource(link, talk, hello, port.has_baud)
