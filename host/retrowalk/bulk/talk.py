"""One talk in requests and frames over an open port: questions asked until they are answered, and an end to patience.

Whatever the device or the line does, a talk ends: with an answer, or with the error that says why not. Called by
fetch.py, baud.py and bulk_source.py.
"""

import secrets
import time
from collections.abc import Iterator

import serial

from retrowalk.bulk.frames import ANSWER, LEAST_PAYLOAD, MOST_PAYLOAD, REFUSAL, Frame, FrameReader, request_line
from retrowalk.console import clean
from retrowalk.contact.ports import BAUD, gone_error
from retrowalk.contact.reasons import in_words
from retrowalk.errors import BusyError, DamagedError, NoDeviceError, NoisyError, NotIdleError, RetrowalkError

FIRST_WAIT_S = 0.4
LONGEST_WAIT_S = 2.0
SILENT_S = 10.0  # not a byte for so long: nobody is there
NOISY_S = 40.0  # bytes, but nothing of use
REVERTED_S = 4.0  # the device goes back to the first rate after 3 s in which it hears nothing
_LOOK_S = 0.02
_SHORT_PAYLOAD = 64
_REPEATS = 3
_MOST_USELESS_BYTES = 1 << 20
_MOST_UNASKED_FRAMES = 500
_STATES = ("recording", "calibrating", "countdown")
_HANDS_OFF = "`retrowalk doctor` checks the device; if it is not a device of yours, do not connect it."


class RefusedError(BusyError):
    """The device refused a request; `code` is its word for why."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        super().__init__(message, next_step)
        self.code = code


class Talk:
    """`port` is open and ours. Fields: `payload`, the frame length to ask for in bytes, and `rate`, in baud."""

    def __init__(self, port: serial.Serial, path: str) -> None:
        self.payload = MOST_PAYLOAD
        self.rate = BAUD
        self._port = port
        port.timeout = _LOOK_S
        self._path = path
        self._reader = FrameReader()
        # The device forgets a request that is the same as the last one, which may have been another host's.
        self._tag = secrets.randbelow(256)
        self._n_useless = self._n_unasked = 0
        self._useful_s = self._heard_s = time.monotonic()

    def send(self, *words: object, is_again: bool = False) -> int:
        """Send a request, on a bad line or after a loss several times: it counts once. Returns its tag.

        Each repeat has a line end before it, too, so that one that lost its own spoils no other.
        """
        self._tag = (self._tag + 1) & 0xFF
        line = request_line(self._tag, *words)
        try:
            self._port.write((b"\n" + line) * _REPEATS if is_again or self.is_bad_line else line)
        except serial.SerialTimeoutException:
            pass  # nobody takes our bytes: the silence that follows says so
        except OSError as error:
            raise gone_error(self._path) from error
        return self._tag

    @property
    def hears_frames(self) -> bool:
        """Whether anything like a frame has come so far, whole or not."""
        return self._reader.has_seen_head

    @property
    def is_bad_line(self) -> bool:
        """Whether so much is lost that frames are kept very short."""
        return self.payload <= _SHORT_PAYLOAD

    def hear(self, wait_s: float) -> Iterator[Frame]:
        """The frames that come within `wait_s`, at least those that are here. Raises what ends every patience."""
        data, now_s = b"", time.monotonic()
        deadline_s = now_s + wait_s
        try:
            while not data and now_s <= deadline_s:
                data = self._port.read(max(1, self._port.in_waiting))
                now_s = time.monotonic()
        except OSError as error:  # SerialException is one
            raise gone_error(self._path) from error
        if data:
            self._heard_s = now_s
            self._n_useless += len(data)
        yield from self._reader.push(data)
        self._check_patience(now_s)

    def useful(self) -> None:
        """Something that was asked for has come: patience begins anew."""
        self._useful_s = time.monotonic()
        self._n_useless = self._n_unasked = 0

    def unasked(self) -> None:
        """A good frame has come that nobody asked for. Raises DamagedError if there are many."""
        self._n_unasked += 1
        if self._n_unasked > _MOST_UNASKED_FRAMES:
            raise DamagedError("The device sends frames that nobody asked for; nothing of them was kept.", _HANDS_OFF)

    def ask(self, *words: object, kind: int = ANSWER, wait_s: float = FIRST_WAIT_S, tries: int = 0) -> Frame:
        """Ask until the frame of that kind comes. Raises RefusedError, NotIdleError, and the ends of patience.

        With `tries`, only so often, and then TimeoutError.
        """
        asked: set[int] = set()
        self.useful()
        while True:
            asked.add(self.send(*words, is_again=bool(asked)))
            deadline_s = time.monotonic() + (wait_s if not self.is_bad_line else wait_s / 2)
            while (left_s := deadline_s - time.monotonic()) > 0:
                for frame in self.hear(left_s):
                    if frame.tag not in asked:
                        self.unasked()
                    elif frame.kind == kind:
                        self.useful()
                        return frame
                    else:
                        self.raise_refusal(frame)
            if tries and len(asked) >= tries:
                raise TimeoutError
            if self._n_useless:
                # The answer may have been too long for the noise.
                self.payload = max(LEAST_PAYLOAD, self.payload // 4)
            wait_s = min(max(wait_s, LONGEST_WAIT_S), (1.1 if self.is_bad_line else 1.3) * wait_s)

    def raise_refusal(self, frame: Frame) -> None:
        """Raise the error for a refusal; other frames of no use are only counted."""
        if frame.kind != REFUSAL:
            self.unasked()
            return
        code = frame.payload.decode("ascii", "replace")
        if code in _STATES:
            raise NotIdleError(code)
        meaning, remedy = in_words(code)
        raise RefusedError(code, f"The device refused: {meaning}.", remedy)

    def silent(self) -> RetrowalkError:
        """The error for a device that answered before and is silent now."""
        return NoDeviceError(
            f"The device on {clean(self._path)} has stopped answering; what has come is kept.",
            "check the cable, press the device's reset button, and run this again: it goes on where it stopped.",
        )

    def set_rate(self, baud: int) -> None:
        """The port's own rate from here on."""
        try:
            self._port.flush()
            self._port.baudrate = baud
        except (OSError, ValueError) as error:
            raise gone_error(self._path) from error
        self.rate = baud
        self._reader.forget()

    def _check_patience(self, now_s: float) -> None:
        if self.rate != BAUD and now_s > self._heard_s + REVERTED_S:
            self.set_rate(BAUD)
        if self._n_useless > _MOST_USELESS_BYTES:
            raise DamagedError("The device sends without an end what nobody asked for; it was not kept.", _HANDS_OFF)
        if now_s > self._heard_s + SILENT_S and now_s > self._useful_s + SILENT_S:
            raise self.silent()
        if now_s > self._useful_s + NOISY_S:
            raise NoisyError(
                f"What comes from {clean(self._path)} is too damaged to go on; what has come is kept.",
                "use another cable or USB port, then run this again: it goes on where it stopped.",
            )
