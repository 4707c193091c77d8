"""The status line over the REPL's serial port: a line in, one line of JSON out; nothing is ever said unasked.

Protocol: docs/reference/link.md. Lines that begin with "rwf" are requests of the bulk transfer. A line with a byte that
no command has, or too long, is forgotten whole, so that a terminal, a Ctrl-C during a walk or noise on the wire does
nothing.
"""

import asyncio
import json
import sys

_LONGEST_LINE = 80


class Link:
    """handle(words) answers a command's words (after "rw") with a dict; bulk: an app.bulk.Bulk; faults: the counter."""

    def __init__(self, handle, bulk, faults):
        self._handle = handle
        self._bulk = bulk
        self._faults = faults
        self._line = bytearray()
        self._is_spoilt = False

    async def run(self):
        """The task: read lines, answer those that begin with "rw"."""
        reader = asyncio.StreamReader(sys.stdin.buffer)
        while True:
            byte = await reader.read(1)
            if not byte:
                await asyncio.sleep_ms(100)
            elif self._take(byte):
                line = self._line
                self._line = bytearray()
                if line.startswith(b"rwf "):
                    self._bulk.take(line)
                    continue
                # Not into the middle of a frame.
                while self._bulk.is_sending:
                    await asyncio.sleep_ms(1)
                self._answer(line)

    def _take(self, byte):
        """Add to the line; True when it is whole."""
        if byte in (b"\n", b"\r"):
            is_whole = not self._is_spoilt
            if self._is_spoilt:
                self._line = bytearray()
            self._is_spoilt = False
            return is_whole
        elif len(self._line) < _LONGEST_LINE and 32 <= byte[0] < 127:
            self._line += byte
        else:
            self._is_spoilt = True
        return False

    def _answer(self, line):
        words = bytes(line).decode().split()
        if len(words) < 2 or words[0] != "rw":
            return
        try:
            answer = self._handle(words[1:])
        except Exception as error:  # noqa: BLE001 a question must never end a walk
            self._faults.write_traceback(error)
            answer = {"error": "app_crashed"}
        sys.stdout.write("RW %s\n" % json.dumps(answer))
