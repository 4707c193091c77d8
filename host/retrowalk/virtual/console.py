"""What the interpreter prints, as a board's serial port would carry it.

Text gets carriage returns; what the program wrote to sys.stdout.buffer (framed by inside/boot.py) passes untouched; the
banner names our board; and it is noted whether the REPL is in raw mode, which survives a soft reset.
"""

import re

_RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n"
_FRIENDLY_BANNER = b'\nType "help()" for more information.\r\n'
# The interpreter writes these two parts of its banner one after the other.
_VERSION = re.compile(rb"MicroPython [0-9a-f]{10} on ")
_MACHINE = re.compile(rb"(linux|darwin) \[[^\]\r\n]*\] version")
_OUR_MACHINE = b"Virtual ESP32 module with ESP32S3"
_LENGTH_DIGITS = 6
_TAIL_BYTES = 64


class Console:
    """mark: the bytes that introduce a frame; release: as "1.29.0"; is_after_raw: raw mode was on before the reset."""

    def __init__(self, mark: bytes, release: str, is_after_raw: bool) -> None:
        self.is_raw = is_after_raw
        self._mark = mark
        self._version = f"MicroPython v{release} on ".encode()
        self._hides_until_raw = False
        self._is_after_raw = is_after_raw
        self._pending = b""
        self._binary_left = 0
        self._ends_in_return = False
        self._tail = b""

    def take(self, data: bytes) -> bytes:
        """The bytes for the serial port that `data` from the interpreter leads to."""
        self._pending += data
        out = bytearray()
        while self._pending:
            piece = self._next_piece()
            if piece is None:
                break
            out += piece
        return bytes(out)

    def _next_piece(self) -> bytes | None:
        if self._hides_until_raw:
            at = self._pending.find(_RAW_PROMPT)
            if at < 0:
                return None
            self._pending = self._pending[at:]
            self._hides_until_raw = False
        if self._binary_left:
            piece = self._pending[: self._binary_left]
            self._pending = self._pending[len(piece) :]
            self._binary_left -= len(piece)
            self._ends_in_return = False
            return piece
        at = self._pending.find(self._mark)
        if at > 0:
            return self._text(at)
        if at < 0:
            return self._text(self._length_without_partial_mark())
        header = self._pending[len(self._mark) :][:_LENGTH_DIGITS]
        if len(header) < _LENGTH_DIGITS:
            return None
        self._pending = self._pending[len(self._mark) + _LENGTH_DIGITS :]
        if header == b"REPL..":
            self._hides_until_raw = self._is_after_raw
        else:
            self._binary_left = int(header, 16)
        return b""

    def _length_without_partial_mark(self) -> int:
        for n_bytes in range(min(len(self._mark), len(self._pending)), 0, -1):
            if self._mark.startswith(self._pending[-n_bytes:]):
                return len(self._pending) - n_bytes
        return len(self._pending)

    def _text(self, n_bytes: int) -> bytes | None:
        text = self._pending[:n_bytes]
        if not text:
            return None
        self._pending = self._pending[n_bytes:]
        # A lone LF gets its CR; the interpreter's own REPL strings carry theirs already.
        guard = b"\r" if self._ends_in_return else b""
        cooked = re.sub(rb"(?<!\r)\n", b"\r\n", guard + text)[len(guard) :]
        self._ends_in_return = cooked.endswith(b"\r")
        cooked = _MACHINE.sub(_OUR_MACHINE, _VERSION.sub(self._version, cooked))
        self._note_mode(cooked)
        return cooked

    def _note_mode(self, text: bytes) -> None:
        window = self._tail + text
        raw = window.rfind(_RAW_PROMPT + b">")
        friendly = window.rfind(_FRIENDLY_BANNER)
        if raw != friendly:
            self.is_raw = raw > friendly
        self._tail = window[-_TAIL_BYTES:]
