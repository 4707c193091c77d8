"""A device that speaks frames from a dictionary of files, behind a pty; it can lie in every answer.

The real one, with real MicroPython, is tested in tests/e2e.
"""

import hashlib
import json
import os
import select
from binascii import crc32

from scripted import ScriptedPort, answer

from retrowalk.bulk.frames import ANSWER, DATA, REFUSAL, Frame, frame_bytes

DEVICE_ID = "0123456789ab"


class FramedDevice(ScriptedPort):
    """`files`: (session, part) -> bytes. `requests`: the words of all that came whole.

    `anchors()`: the rows that it tells of its clock.

    `lies`: verb -> function(device, tag, words) that gives the frames to send in the place of the true ones, or None
    for the truth after all.
    """

    def __init__(self, files=None, **lies):
        super().__init__(self._hear)
        self.files = dict(files or {})
        self.lies = lies
        self.requests = []
        self.anchors = list
        self._line = self._taken = b""

    def _hear(self, data):
        *lines, self._line = (self._line + data).split(b"\n")
        return b"".join(self._obey(line) for line in lines)

    def _obey(self, line):
        if line.startswith(b"rw "):
            return self._answer(line)
        text, _, crc = line.rpartition(b" ")
        if not text.startswith(b"rwf ") or int(crc, 16) != crc32(text):
            return b""
        _, tag, *words = text.decode().split()
        self.requests.append(words)
        if text == self._taken:
            return b""
        self._taken = text
        verb = self.lies.get(words[0])
        frames = verb(self, int(tag), words) if verb else None
        if frames is None:
            frames = getattr(self, "do_" + words[0])(int(tag), *words[1:])
        return b"".join(each if isinstance(each, bytes) else frame_bytes(each) for each in frames)

    def _answer(self, line):
        if line != b"rw anchors":
            return answer(frames=1, protocol=[1, 2])
        return b"RW " + json.dumps({"run": "aaaa0001", "uptime_ms": 1, "anchors": self.anchors()}).encode() + b"\r\n"

    def do_hello(self, tag):
        return [Frame(ANSWER, tag, 0, f"1 {DEVICE_ID} idle 0 115200 0".encode())]

    def do_do(self, tag, *words):
        if words[0] == "time":
            return [Frame(ANSWER, tag, 0, b"ok")]
        return [Frame(REFUSAL, tag, 0, b"unknown_command")]

    def do_list(self, tag, session, part, most):
        rows = ""
        for at in sorted(self.files):
            row = f"{at[0]} {at[1]} {len(self.files[at])}\n"
            if at >= (int(session), int(part)):
                if len(rows + row) > int(most):
                    return [Frame(ANSWER, tag, 0, rows.encode())]
                rows += row
        return [Frame(ANSWER, tag, 0, (rows + ". 0\n").encode())]

    def do_hash(self, tag, session, part, n_bytes):
        data = self.files[int(session), int(part)][: int(n_bytes)]
        return [Frame(ANSWER, tag, len(data), hashlib.sha256(data).digest())]

    def do_get(self, tag, session, part, offset, n_bytes, size):
        start, end, size = int(offset), int(offset) + int(n_bytes), int(size)
        data = self.files[int(session), int(part)][:end]
        return [Frame(DATA, tag, at, data[at : at + size][:size]) for at in range(start, min(end, len(data)), size)]

    def do_drop(self, tag, session, n_bytes):
        held = [at for at in self.files if at[0] == int(session)]
        if held and sum(len(self.files[at]) for at in held) != int(n_bytes):
            return [Frame(REFUSAL, tag, 0, b"differs")]
        for at in held:
            del self.files[at]
        return [Frame(ANSWER, tag, 0, b"ok")]

    def _send(self, data):
        """All of it, as fast as the host reads."""
        while data and not self._stop.is_set():
            if select.select([], [self._ours], [], 0.05)[1]:
                data = data[os.write(self._ours, data[:1024]) :]
