"""The line protocol of the running app: `rw COMMAND` out, one line `RW {json}` back, over the REPL's serial port.

Used before anything else is done with a device, because only the app knows whether a walk is being recorded. It tells
the app from a bare MicroPython prompt, from silence, and from a device that is no Retrowalk.
"""

import enum
import time
from dataclasses import dataclass
from typing import Any

import serial

from retrowalk.console import clean
from retrowalk.contact.compatibility import require_understood
from retrowalk.contact.ports import gone_error, open_serial
from retrowalk.contact.reasons import in_words
from retrowalk.contact.status import ANSWER_BYTES, NotAnAnswer, Status, parse_answer, parse_status
from retrowalk.errors import BusyError, NoDeviceError, NotIdleError

ANSWER_S = 1.0
PROMPT_S = 0.6
BACKLOG_S = 20.0  # what a killed transfer left in the buffers between there and here
PATIENCE_S = 2.0  # a flash erase or a soft reset keeps the app from answering for a while
# Before a Ctrl-C: it would break off an app that is starting, which imports a hundred files.
QUESTIONS = 5
TRANSFER_MARK = b"RWF "  # starts each line of a file transfer (transport.py): seen when a host was killed in the middle
FLASH_HINT = "if this is the board for Retrowalk, put the app on it: `retrowalk flash`."
_MARK = b"RW {"
_NOISE_BYTES = 16384
_RAW_REPL_MARKS = b"\x01\x04> \r\n"  # all that a raw REPL says to what it does not expect
_TO_PROMPT = b"\r\x03\x02"  # end the line, Ctrl-C the program, Ctrl-B out of the raw REPL


class Speaker(enum.Enum):
    """Who is at the other end of a port."""

    APP = "app"
    PROMPT = "prompt"
    NOBODY = "nobody"
    STRANGER = "stranger"


@dataclass(frozen=True)
class Answer:
    """Who answered, and the app's status if it was the app."""

    speaker: Speaker
    status: Status | None = None


class Link:
    """One open port with the line protocol on it; a context manager. Raises the errors of ports.open_serial.

    `port` is the open pyserial port, for whoever goes on with another protocol (transport.py).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.port = open_serial(path)
        self._heard = b""

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the port."""
        self.port.close()

    def status(self) -> Status:
        """The running app's status. Raises NoDeviceError for silence, BusyError where the app does not run, or where
        its firmware and this computer do not understand each other's commands.

        Never sends a Ctrl-C: a silent device may just be starting its app.
        """
        status = require_app(self.identify(interrupt=False), self.path)
        require_understood(status)
        return status

    def glance(self) -> Status | None:
        """The running app's status if it comes at once, else None. Raises NoDeviceError if the port is gone."""
        return self._ask_status(b"\nrw status\n", ANSWER_S)

    def identify(self, interrupt: bool = True) -> Answer:
        """Find out who is there. With `interrupt`, a silent port also gets a Ctrl-C, which a recording app ignores.

        It takes about a second where nobody answers at once, three where nobody answers at all, nine with
        `interrupt`: silence may be an app that starts, and a start that is broken off ends at the prompt.
        """
        for number in range(QUESTIONS if interrupt else 2):
            line, wait_s = (b"\nrw status\n", PATIENCE_S) if number else (b"rw status\n", ANSWER_S)
            status = self._ask_status(line, wait_s)
            if status is not None:
                return Answer(Speaker.APP, status)
            if TRANSFER_MARK in self._heard and interrupt:
                return self._find_prompt(_TO_PROMPT, wait_s, longest_s=BACKLOG_S)
            if b"rw status" in self._heard:  # a prompt echoes, the app does not
                return self._find_prompt(b"\x03", PROMPT_S)
            if number and self._heard:
                break
        if self._heard.strip(_RAW_REPL_MARKS):  # after two seconds: not the messages of a board that is starting
            return Answer(Speaker.STRANGER)
        if interrupt:
            return self._find_prompt(_TO_PROMPT, PROMPT_S)  # also ends a raw prompt that a killed host has left
        return Answer(Speaker.NOBODY)

    def take_over(self) -> Answer:
        """Interrupt a program that is not ours, to reach the MicroPython prompt below it."""
        return self._find_prompt(_TO_PROMPT, PATIENCE_S)

    def command(self, text: str) -> None:
        """Send one command and wait until the app has taken it. Raises as `ask`."""
        self.ask(text)

    def ask(self, text: str) -> dict[str, Any]:
        """Send one command; returns the app's answer. Raises BusyError (refused), NoDeviceError (silent)."""
        try:
            self._send(f"rw {text}\n".encode())
            answer = self._wait_answer(PATIENCE_S)
        except OSError as error:
            raise gone_error(self.path) from error
        if answer is None:
            raise silent_error(self.path)
        try:
            told = parse_answer(answer)
        except NotAnAnswer as error:
            raise BusyError(f"The device's answer cannot be used: {error}.", FLASH_HINT) from error
        if "error" in told:
            meaning, remedy = in_words(told["error"])
            why = f" ({clean(told['why'])})" if "why" in told else ""
            raise BusyError(f"The device refused `{text}`: {meaning}{why}.", remedy)
        return told

    def set_time(self) -> None:
        """Send the time: seconds since 1970 and milliseconds, UTC. Raises as `command`."""
        now_ms = int(time.time() * 1000)
        self.command(f"time {now_ms // 1000} {now_ms % 1000}")

    def _ask_status(self, line: bytes, wait_s: float) -> Status | None:
        try:
            self._send(line)
            deadline_s = time.monotonic() + wait_s
            while True:
                answer = self._wait_answer(deadline_s - time.monotonic())
                if answer is None:
                    return None
                try:
                    return parse_status(parse_answer(answer))
                except NotAnAnswer:
                    continue
        except OSError as error:  # SerialException is one
            raise gone_error(self.path) from error

    def _find_prompt(self, keys: bytes, wait_s: float, longest_s: float = 0.0) -> Answer:
        """Press `keys` and look for MicroPython's prompt for `wait_s`; as long as more is said, for `longest_s`."""
        is_silent = not self._heard.strip(_RAW_REPL_MARKS)
        try:
            self._send(keys)
            began_s = heard_s = time.monotonic()
            while b">>> " not in self._heard:
                now_s = time.monotonic()
                if now_s > began_s + wait_s and not now_s < min(heard_s + wait_s, began_s + longest_s):
                    return Answer(Speaker.NOBODY if is_silent else Speaker.STRANGER)
                if self._listen():
                    heard_s, is_silent = now_s, False
                    self._heard = self._heard[-_NOISE_BYTES:]
        except OSError as error:
            raise gone_error(self.path) from error
        return Answer(Speaker.PROMPT)

    def _send(self, line: bytes) -> None:
        self.port.read(self.port.in_waiting)  # not reset_input_buffer: its error for a lost port is no OSError
        self._heard = b""
        try:
            self.port.write(line)
        except serial.SerialTimeoutException:
            return  # nobody takes our bytes: the silence that follows says so

    def _wait_answer(self, wait_s: float) -> bytes | None:
        """The JSON text of the next `RW {...}` line, or None when `wait_s` is over or only noise comes."""
        deadline_s = time.monotonic() + wait_s
        while True:
            start = self._heard.find(_MARK)
            end = self._heard.find(b"\n", start) if start >= 0 else -1
            if end >= 0:
                answer = self._heard[start + 3 : end].strip()
                self._heard = self._heard[end + 1 :]
                return answer
            if time.monotonic() >= deadline_s or len(self._heard) > _NOISE_BYTES + ANSWER_BYTES:
                return None
            self._listen()

    def _listen(self) -> bool:
        piece = self.port.read(max(1, self.port.in_waiting))
        self._heard += piece
        return bool(piece)


def require_app(answer: Answer, path: str) -> Status:
    """The status in `answer`. Raises NoDeviceError or BusyError if it was not the app who spoke."""
    if answer.status is not None:
        return answer.status
    if answer.speaker is Speaker.NOBODY:
        raise silent_error(path)
    if answer.speaker is Speaker.PROMPT:
        raise BusyError(
            f"MicroPython on {clean(path)} runs, but not the Retrowalk app (not installed, or in safe mode).",
            "press reset without holding the button; if it stays so, `retrowalk flash`.",
        )
    raise BusyError(
        f"What speaks on {clean(path)} is no Retrowalk.", "choose another port with --port, or " + FLASH_HINT
    )


def require_idle(status: Status) -> None:
    """Raises NotIdleError when the device does something that must not be interrupted."""
    if status.state != "idle":
        raise NotIdleError(status.state, status.session)


def silent_error(path: str) -> NoDeviceError:
    """The error for a port that opens and says nothing."""
    return NoDeviceError(
        f"{clean(path)} opens, but nothing answers.",
        "press the board's reset button and try again; if it stays silent, the port is another device's, or the board "
        "has no MicroPython yet.",
    )
