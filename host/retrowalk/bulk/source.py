"""The walks of a device whose app speaks frames: it goes on running, and a walk that begins has the right of way."""

import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

from retrowalk.bulk import baud
from retrowalk.bulk.fetch import Fetch
from retrowalk.bulk.talk import RefusedError, Talk
from retrowalk.contact import device_clock
from retrowalk.contact.link import Link
from retrowalk.contact.ports import BAUD
from retrowalk.contact.status import Status, is_device_id
from retrowalk.errors import BusyError, DamagedError, NoDeviceError, NotIdleError, RetrowalkError
from retrowalk.syncing.shelf import Shelf

PROTOCOL = 1
# A change of the rate takes 0.3 s if it works and 4 s if it does not.
WORTH_A_STEP_BYTES = 32 * 1024
_QUICK_TRIES = 3
_CLOCK_TRIES = 20
_HASHED_PER_S = 100_000
_STATES = ("idle", "recording", "calibrating", "countdown")


class Hello(NamedTuple):
    """Who greets: id, what it does, the session being recorded (or None), and the highest rate it can set (or 0)."""

    device_id: str
    state: str
    session: int | None
    most_baud: int


def greet(talk: Talk) -> Hello | None:
    """Ask who is there; None if nobody speaks these frames. Patient where frames come, even if none is whole.

    Raises Talk's errors.
    """
    try:
        answer = talk.ask("hello", tries=_QUICK_TRIES)
    except TimeoutError:
        if not talk.hears_frames:
            return None
        answer = talk.ask("hello")
    return _parse(answer.payload)


class BulkSource:
    """See source.Source. has_baud: whether the port is a bridge whose rate means something."""

    how = "in frames"

    def __init__(self, link: Link, talk: Talk, hello: Hello, has_baud: bool) -> None:
        self.device_id = hello.device_id
        self.status: Status | None = None
        self.anchors: list[device_clock.Anchor] = []
        self._link = link
        self._talk = talk
        self._hello = hello
        self._most_baud = hello.most_baud if has_baud else 0
        self._n_read = 0

    def __enter__(self) -> "BulkSource":
        try:
            if self._hello.state != "idle":
                raise NotIdleError(self._hello.state, self._hello.session)
            self.status = self._link.glance()
            self._set_clock()
            if self.status is not None:
                # On a line so bad that text does not get through, the anchors wait for a better.
                with contextlib.suppress(NoDeviceError, BusyError):
                    self.anchors = device_clock.ask_anchors(self._link)
        except BaseException:
            self._link.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(RetrowalkError):  # the cable may be out
            if kind is not None:
                # What was asked for ahead is not wanted any more.
                self._talk.send("hello")
            baud.step_down(self._talk)
        self._link.close()

    def _set_clock(self) -> None:
        """In a frame, for a line has no checksum; each try tells its own moment. Unset where none gets through."""
        for _ in range(_CLOCK_TRIES):
            now_ms = int(time.time() * 1000)
            try:
                self._talk.ask("do", "time", now_ms // 1000, now_ms % 1000, tries=1)
            except TimeoutError:
                continue
            except RefusedError:  # this computer's time is off
                pass
            return

    def list(self) -> Shelf:
        """What lies there, page by page."""
        shelf = Shelf()
        at = (0, 0)
        while True:
            page = self._talk.ask("list", *at, self._talk.payload).payload
            for line in page.decode("ascii", "replace").splitlines():
                words = line.split(" ")
                if words[0] == "." and len(words) == 2:
                    shelf.strange += _number(words[1])
                    return shelf
                session, part, n_bytes = _numbers(words)
                if (session, part) < at:
                    raise _nonsense()
                at = (session, part + 1)
                shelf.add(f"s{session:05d}", f"{part:04d}.rwl", n_bytes)
            if not page:
                raise _nonsense()

    def hash(self, session: str, name: str, n_bytes: int) -> str | None:
        """SHA-256 of a whole file. Raises DamagedError if it is not as long as was told."""
        return self._hash(session, name, n_bytes, n_bytes + 1)

    def hash_start(self, session: str, name: str, n_bytes: int) -> str | None:
        """SHA-256 of its first bytes. Raises DamagedError if it has not so many."""
        return self._hash(session, name, n_bytes, n_bytes)

    def _hash(self, session: str, name: str, expected: int, wanted: int) -> str | None:
        wait_s = 0.5 + expected / _HASHED_PER_S
        try:
            answer = self._talk.ask("hash", *_place(session, name), wanted, wait_s=wait_s)
        except RefusedError as error:
            if error.code == "unreadable":
                return None
            raise
        if answer.offset != expected or len(answer.payload) != 32:
            raise DamagedError(
                f"{session}/{name} has {answer.offset} bytes, where the device told {expected}; it was not kept.",
                "`retrowalk doctor` checks the device; then run `retrowalk sync` again.",
            )
        return answer.payload.hex()

    def read(self, session: str, name: str, span: tuple[int, int], on_bytes: Callable[[bytes], None]) -> None:
        """The file's bytes, at a higher rate if that is worth it; a rate at which much is lost is left for good."""
        self._n_read += span[1] - span[0]
        if self._talk.rate == BAUD < self._most_baud and self._n_read >= WORTH_A_STEP_BYTES:
            # What does not work once is not tried again in this talk.
            self._most_baud = baud.step_up(self._talk, self._most_baud)
        rate = self._talk.rate
        fetch = Fetch(self._talk, *_place(session, name), *span, on_bytes)
        fetch.run()
        if rate > BAUD and (self._talk.rate == BAUD or fetch.is_lossy):
            baud.step_down(self._talk)
            self._most_baud = rate - 1

    def remove(self, session: str, sizes: dict[str, int]) -> None:
        """Delete a session, if it holds as many bytes as these files."""
        self._talk.ask("drop", int(session[1:]), sum(sizes.values()))

    def verified(self, session: str, n_bytes: int) -> None:
        """Tell the device; an app that has no such command, or no room for a mark, goes without."""
        try:
            self._talk.ask("do", "verified", int(session[1:]), n_bytes)
        except RefusedError as error:
            if error.code not in ("unknown_command", "flash_full"):
                raise


def _parse(payload: bytes) -> Hello | None:
    words = payload.decode("ascii", "replace").split(" ")
    if words[0].isdigit() and words[0] != str(PROTOCOL):
        return None
    if len(words) != 6 or not is_device_id(words[1]) or words[2] not in _STATES:
        raise _nonsense()
    session, _, most_baud = _numbers(words[3:])
    return Hello(words[1], words[2], session or None, most_baud)


def _place(session: str, name: str) -> tuple[int, int]:
    """The numbers of a file."""
    return int(session[1:]), int(name[:4])


def _numbers(words: list[str]) -> tuple[int, int, int]:
    if len(words) != 3:
        raise _nonsense()
    return _number(words[0]), _number(words[1]), _number(words[2])


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 11):
        raise _nonsense()
    return int(word)


def _nonsense() -> DamagedError:
    return DamagedError(
        "The device's answer makes no sense; nothing of it was kept.",
        "`retrowalk doctor` checks the device; `retrowalk flash` brings device and computer to one version.",
    )
