"""What is on a board before anything is done to it, as its port tells: our app, MicroPython, another, nothing."""

import contextlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

from serial import Serial

from retrowalk.console import clean
from retrowalk.contact import remote
from retrowalk.contact.link import Link, Speaker, require_idle
from retrowalk.contact.ports import Port, TerminalError, find_ports, gone_error, open_serial
from retrowalk.contact.remote import Facts
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError, RetrowalkError
from retrowalk.flashing.image_file import CHIPS

KEPT_MAIN = "/main_before.py"
_COPY = """\
with open({!r},'rb') as s, open({!r},'wb') as t:
 while 1:
  b=s.read(512)
  if not b:break
  t.write(b)
"""
_QUESTION = b"rw status\n"
_POLITE_S = 0.4
_SYNC = b"\xc0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20" + 32 * b"\x55" + b"\xc0\n"
_SYNC_ANSWER = b"\xc0\x01\x08"
_ENOUGH_BYTES = 4096
_START_S = 20.0
_AFTER_RESET_S = 60.0
_LISTEN_S = 0.2
_AWAY_S = 5.0
_CALL_LOADER = b"import machine;machine.bootloader()\r"
_CALLS = 3


@dataclass(frozen=True)
class OnBoard:
    """`facts` is None where no MicroPython answers; `speaks` is true where another program does."""

    facts: Facts | None = None
    speaks: bool = False

    @property
    def release(self) -> str | None:
        """MicroPython's release, like 1.29.0."""
        return self.facts.release if self.facts else None

    @property
    def chip(self) -> str | None:
        """The chip, as MicroPython names it; None if it names none that we know."""
        words = re.sub(r"[^a-z0-9 ]", "", self.facts.machine.lower()).split() if self.facts else []
        return next((word for word in reversed(words) if word in CHIPS), None)


def look(path: str) -> OnBoard:
    """Ask. Raises BusyError where a walk is being recorded, and the errors of opening the port.

    A program that is not ours is interrupted, to reach the MicroPython that may be below it.
    """
    if _loader_waits(path):
        return OnBoard()
    with Link(path) as link:
        answer = link.identify()
        speaks = answer.speaker is Speaker.STRANGER
        if speaks:
            answer = link.take_over()
    if answer.status is not None:
        require_idle(answer.status)
    elif answer.speaker is not Speaker.PROMPT:
        return OnBoard(None, speaks)
    with Transport(path, takeover=True) as device:
        return OnBoard(remote.read_facts(device), speaks)


def _loader_waits(path: str) -> bool:
    """Whether the chip's loader is listening. Only a port that has been silent to a polite question is asked so."""
    with open_serial(path) as port:
        try:
            port.write(_QUESTION)
            if _hear(port, _POLITE_S):
                return False
            port.write(_SYNC)
            return _SYNC_ANSWER in _hear(port, _LISTEN_S)
        except (OSError, TerminalError) as error:  # SerialException is an OSError
            raise gone_error(path) from error


def _hear(port: Serial, seconds: float) -> bytes:
    """What comes, until nothing has come for so long."""
    deadline_s, heard = time.monotonic() + seconds, b""
    while time.monotonic() < deadline_s and len(heard) < _ENOUGH_BYTES:
        piece = port.read(max(1, port.in_waiting))
        if piece:
            heard += piece
            deadline_s = time.monotonic() + seconds
    return heard


def set_aside(device: Transport) -> None:
    """Keep a copy of another program's main.py; it stays in its place until ours replaces it."""
    device.run(_COPY.format("/main.py", KEPT_MAIN))


def unreadable_error() -> FailedError:
    """The error where MicroPython runs, or would run, and the files' partition holds no filesystem that can be read."""
    return FailedError(
        "The filesystem on the board cannot be read, and walks may still be in it: its files were left alone.",
        "`retrowalk flash --backup FILE --erase` copies the whole flash into FILE first, then begins anew.",
    )


def call_loader(path: str) -> None:
    """Have MicroPython start the chip's loader, where it can; on a board with auto-reset esptool does it itself."""
    for _ in range(_CALLS):
        with Link(path) as link:
            answer = link.identify()
            if answer.status is not None:
                require_idle(answer.status)
            if answer.speaker in (Speaker.APP, Speaker.STRANGER):
                answer = link.take_over()
            if answer.speaker is Speaker.PROMPT:
                with contextlib.suppress(OSError, TerminalError):  # native USB goes away at once
                    link.port.write(_CALL_LOADER)
                    _hear(link.port, _LISTEN_S)
                return


def find_again(port: Port) -> Port:
    """The port after a reset: native USB goes away for a moment, and may come back under another name."""
    deadline_s = time.monotonic() + _AWAY_S
    while time.monotonic() < deadline_s:
        same = [each for each in find_ports() if each.identity and _digits(each) == _digits(port)]
        if same:
            return same[0]
        if port.kind != "usb" and Path(port.path).exists():
            break
        time.sleep(_LISTEN_S)
    return port


def _digits(port: Port) -> str:
    """The serial number without the colons that the ROM's USB writes into it, and MicroPython's does not."""
    return re.sub(r"[^0-9a-z]", "", (port.identity or "").lower())


def await_micropython(path: str, must_press_reset: bool) -> None:
    """Wait until MicroPython, or our app on it, answers after a reset. Raises FailedError if it does not."""
    deadline_s = time.monotonic() + (_AFTER_RESET_S if must_press_reset else _START_S)
    while time.monotonic() < deadline_s:
        try:
            with Link(path) as link:
                answer = link.identify()
        except RetrowalkError:  # a native USB port goes away for a moment at a reset
            time.sleep(_LISTEN_S)
            continue
        if answer.speaker in (Speaker.PROMPT, Speaker.APP):
            return
        if answer.speaker is Speaker.STRANGER:  # a program of before, which was kept
            return
    raise FailedError(
        f"MicroPython is written and verified, but does not answer on {clean(path)}.",
        "press RESET, without BOOT, and run this again: it goes on from here.",
    )
