"""A device's raw REPL: a context manager around mpremote's SerialTransport used as a library.

It never disturbs a walk: the app is asked first. It enters the raw REPL without a soft reset (Ctrl-C ends the idle app)
and leaves with one, so that the app runs again. Results come as JSON lines and are parsed, never evaluated.
Called through retrowalk.contact.remote by sync, flash and doctor.
"""

import binascii
import contextlib
import io
import json
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from retrowalk.console import clean
from retrowalk.contact.buffered import BufferedPort
from retrowalk.contact.compatibility import tell
from retrowalk.contact.device_clock import Anchor, greet
from retrowalk.contact.link import FLASH_HINT, TRANSFER_MARK, Link, Speaker, require_app, require_idle
from retrowalk.contact.ports import gone_error
from retrowalk.errors import BusyError, DamagedError, FailedError, NoDeviceError, RetrowalkError

SILENCE_S = 10.0  # no byte for this long in an answer: the device hangs
LINE_BYTES = 8192
WRITE_CHUNK_BYTES = 2048
_MOST_BYTES = 1 << 21  # of an answer: a full list of files has half of it
_MOST_FILE_TEXT_BYTES = 1 << 25  # of a file in base64, line by line
_MOST_BLANK_LINES = 1000
_MOST_ERROR_BYTES = 1 << 16
_ENTER_S = 5
_ENTER_TRIES = 3  # the keys may meet an app that starts anew, or a busy computer: they are pressed again
_LEAVE_S = 2.0
_POLL_S = 0.002
_SET_CLOCK = """\
try:
 import machine
 machine.RTC().datetime(({},{},{},{},{},{},{},0))
except (ImportError,AttributeError,OSError):
 pass
"""
_SEND_FILE = """\
import binascii,sys
with open({!r},'rb') as f:
 f.seek({})
 while 1:
  b=f.read(1536)
  if not b:break
  sys.stdout.write({!r}+binascii.b2a_base64(b).decode())
"""


class _Remote(SerialTransport):
    """mpremote's transport on a port that is open already: nobody comes in between, and no board is reset by opening.

    is_pty is False, because mpremote waits for ever on a silent pty; as for a board it keeps its time limits.
    """

    def __init__(self, path: str, port: Any) -> None:
        self.device_name = path
        self.serial = port
        self.in_raw_repl = self.mounted = self.is_pty = False
        self.use_raw_paste = True


class Transport:
    """One device's raw REPL, as a context manager. `answer` tells who was there before; `anchors`: of the app's clock.

    takeover: also interrupt a program that is no Retrowalk's (only `flash` does that). link: the port, if it is open.
    Raises NoDeviceError (silent, gone) and BusyError (recording, in use, no Retrowalk).
    """

    def __init__(self, path: str, takeover: bool = False, link: Link | None = None) -> None:
        self.path = path
        self.anchors: list[Anchor] = []
        link = link or Link(path)
        try:
            self.answer = link.identify()
            if takeover and self.answer.speaker is Speaker.STRANGER:
                self.answer = link.take_over()
            if self.answer.status is not None:
                tell(self.answer.status)
                require_idle(self.answer.status)
                self.anchors = greet(link)
            elif self.answer.speaker is not Speaker.PROMPT:
                require_app(self.answer, path)
        except BaseException:
            link.close()
            raise
        self._port = BufferedPort(link.port, SILENCE_S)
        self._remote = _Remote(path, self._port)
        self._entered = False

    def __enter__(self) -> "Transport":
        try:
            with self._errors():
                self._enter()
            self._entered = True
            now = time.gmtime()
            self.run(_SET_CLOCK.format(*now[:3], now.tm_wday, *now[3:6]))
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def run(
        self, code: str, on_line: Callable[[bytes], None] | None = None, most_bytes: int = _MOST_BYTES
    ) -> list[Any]:
        """Run `code` on the device and return the JSON values it printed, one a line.

        With `on_line` the lines go there instead. Raises FailedError with the device's last words if the code fails,
        and DamagedError for an answer of more than `most_bytes`.
        """
        values: list[Any] = []
        with self._errors():
            self._remote.exec_raw_no_follow(code)
            trouble = self._follow(on_line or (lambda line: values.append(_parse(line))), most_bytes)
        if trouble:
            raise _device_error(trouble)
        return values

    def read_file(self, path: str, on_bytes: Callable[[bytes], None], offset: int = 0) -> None:
        """Stream a file from `offset` on to `on_bytes`. Nothing is checked here: compare the hash afterwards."""
        code = _SEND_FILE.format(path, offset, TRANSFER_MARK.decode())
        self.run(code, lambda line: on_bytes(_decode_piece(line)), _MOST_FILE_TEXT_BYTES)

    def write_file(self, path: str, data: bytes) -> None:
        """Write a file on the device. Nothing is checked here: compare the hash afterwards."""
        code = f"from binascii import a2b_base64 as d\nf=open({path!r},'wb')\nw=f.write\n"
        for at in range(0, len(data), WRITE_CHUNK_BYTES):
            code += f"w({_literal(data[at : at + WRITE_CHUNK_BYTES])})\n"
            if at + WRITE_CHUNK_BYTES < len(data):
                self.run(code)
                code = ""
        self.run(code + "f.close()")

    def _enter(self) -> None:
        """Press the keys for the raw REPL. A walk that has begun meanwhile goes on: its app ignores them."""
        for tries_left in reversed(range(_ENTER_TRIES)):
            try:
                self._remote.enter_raw_repl(soft_reset=False, timeout_overall=_ENTER_S)
                return
            except TransportError:
                if not tries_left:
                    raise

    def _leave(self) -> None:
        """The friendly prompt, then a soft reset, after which main.py runs again."""
        with contextlib.suppress(OSError, RetrowalkError):  # the cable may be out: then there is nothing to leave
            self._port.write(b"\r\x03\x02")
            self._read_until(b">>> ")
            self._port.write(b"\x04")
            self._read_until(b"soft reboot\r\n")
        with contextlib.suppress(OSError):
            self._port.close()

    def _follow(self, on_line: Callable[[bytes], None], most_bytes: int) -> bytes:
        """Hand the output's lines to `on_line`; returns the error text. Each of the two ends with an EOT."""
        line, n_bytes, n_blank = b"", 0, 0
        for piece in self._until_eot():
            n_bytes += len(piece)
            *whole, line = (line + piece).split(b"\n")
            for each in filter(None, map(bytes.strip, whole)):
                on_line(each)
            n_blank += sum(not each.strip() for each in whole)
            if len(line) > LINE_BYTES:
                raise _garbled()
            if n_bytes > most_bytes or n_blank > _MOST_BLANK_LINES:
                raise _endless()
        if line.strip():
            on_line(line.strip())
        trouble = b""
        for piece in self._until_eot():
            trouble += piece
            if len(trouble) > _MOST_ERROR_BYTES:
                raise _endless()
        return trouble

    def _until_eot(self) -> Iterator[bytes]:
        """The output up to the next EOT, in pieces."""
        alive_s = time.monotonic()
        while True:
            piece = self._port.read_ready()
            if piece:
                alive_s = time.monotonic()
            elif time.monotonic() - alive_s > SILENCE_S:
                raise NoDeviceError("The device stopped answering.", "press its reset button and run this again.")
            else:
                time.sleep(_POLL_S)
            text, eot, rest = piece.partition(b"\x04")
            yield text
            if eot:
                self._port.unread(rest)
                return

    def _read_until(self, ending: bytes) -> None:
        heard, deadline_s = b"", time.monotonic() + _LEAVE_S
        while ending not in heard and time.monotonic() < deadline_s:
            time.sleep(_POLL_S)
            heard = (heard + self._port.read_ready())[-LINE_BYTES:]

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """mpremote's and pyserial's exceptions as ours, and mpremote's prints nowhere."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        except (TransportError, struct.error) as error:
            raise self._transport_error(error) from error
        except OSError as error:  # SerialException is one
            raise gone_error(self.path) from error

    def _transport_error(self, error: Exception) -> RetrowalkError:
        if not self._entered:
            return BusyError(f"{clean(self.path)} gives no MicroPython prompt.", FLASH_HINT)
        return FailedError(
            f"The talk with the device broke off: {clean(error)}.", "check the cable, press reset, and run this again."
        )


def _literal(data: bytes) -> str:
    """Python text for `data`, the shorter of two: in `d` stands the device's a2b_base64."""
    plain, coded = repr(data), f"d({binascii.b2a_base64(data, newline=False)!r})"
    return min(plain, coded, key=len)


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _garbled() from error


def _decode_piece(line: bytes) -> bytes:
    try:
        piece = binascii.a2b_base64(line.removeprefix(TRANSFER_MARK))
    except binascii.Error as error:
        raise _garbled() from error
    if not piece:
        raise _garbled()
    return piece


def _endless() -> DamagedError:
    return DamagedError(
        "The device sends without an end what nobody asked for; it was not kept.",
        "`retrowalk doctor` checks the device; if it is not a device of yours, do not connect it.",
    )


def _garbled() -> FailedError:
    return FailedError("The device's answer is garbled.", "check the cable and run this again.")


def _device_error(trouble: bytes) -> FailedError:
    """The error for a traceback of the device, of which the last line tells the most."""
    lines = trouble.decode("utf-8", "replace").strip().splitlines()
    last = clean(lines[-1]) if lines else "no reason given"
    if "ENOSPC" in last or last.endswith("OSError: 28"):
        return FailedError("The device's flash is full.", "free it with `retrowalk sync --prune`, then run this again.")
    return FailedError(f"The device could not do it: {last}.", "`retrowalk doctor` checks the device.")
