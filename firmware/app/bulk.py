"""The bulk half of the link: hands sessions to the host in frames with a CRC, while idle and between other tasks.

Protocol: docs/reference/link.md. Nobody can write a file through it; what it removes is whole sessions. A request is
a job; jobs are generators that fill the one buffer with a frame and yield its length, so that a frame allocates
nothing and the button, the motor and the status line are served between any two pieces of it. A job ends when a
session begins. Losses are the host's to find: it asks again for what did not come.
"""

import asyncio
import hashlib
import os
import struct
import sys
from binascii import crc32

from app import shelf
from app.baud import BASE

PROTOCOL = 1

_DATA, _ANSWER, _REFUSAL = 0x44, 0x41, 0x45
_HEAD = "<2sBBIH"
_HEAD_BYTES = 10
_SYNC = b"\xf7R"
_MOST_PAYLOAD = 1024
_LEAST_PAYLOAD = 32
_MOST_RANGE = 16384
_MOST_JOBS = 4
# What is written at once blocks all tasks: 22 ms at 115200 baud.
_SLICE = 256
_SILENCE_MS = 3000
_IDLE = "idle"


class Bulk:
    """device_id: hexadecimal; controller: who tells what the device does, and obeys; baud: an app.baud.Baud.

    housekeeping: told of each request, so that it waits, and of room made; faults: the counter.
    Field: `is_sending`, true while a frame is half sent and nothing else may be written.
    """

    def __init__(self, device_id, controller, baud, housekeeping, faults):
        self.is_sending = False
        self._device_id = device_id
        self._controller = controller
        self._baud = baud
        self._housekeeping = housekeeping
        self._faults = faults
        self._shelf = shelf.Shelf()
        self._buffer = bytearray(_HEAD_BYTES + _MOST_PAYLOAD + 4)
        self._view = memoryview(self._buffer)
        self._body = self._view[2:_HEAD_BYTES]
        self._verbs = {
            "hello": self._hello,
            "list": self._list,
            "hash": self._hash,
            "get": self._get,
            "drop": self._drop,
            "baud": self._set_baud,
            "test": self._test,
        }
        # (tag, whether only while idle, the generator); the first is under way.
        self._jobs = []
        self._last = b""
        self._wake = asyncio.Event()

    def take(self, line):
        """One request line; one that was damaged on its way, is sent again or is one too many, is forgotten."""
        text, _, crc = bytes(line).rpartition(b" ")
        try:
            if text == self._last or int(crc, 16) != crc32(text):
                return
            words = text.decode().split()
            tag = int(words[1]) & 0xFF
            verb = words[2]
        except (ValueError, IndexError):
            return
        self._last = text
        self._housekeeping.postpone()
        if verb == "hello":
            # A new talk: what another host asked for is of no interest any more.
            while self._jobs:
                self._jobs.pop()[2].close()
        if len(self._jobs) < _MOST_JOBS:
            self._jobs.append((tag, verb not in ("hello", "do"), self._job(tag, verb, words[3:])))
            self._wake.set()

    async def run(self):
        """The task: do one job after the other, for ever."""
        buffer = self._buffer
        write = sys.stdout.buffer.write
        while True:
            await self._wait()
            job = self._jobs[0]
            while self._jobs and self._jobs[0] is job:
                n_bytes = self._step(job)
                self.is_sending = True
                at = 0
                while at < n_bytes:
                    write(buffer, at, min(_SLICE, n_bytes - at))
                    at += _SLICE
                    await asyncio.sleep_ms(0)
                self.is_sending = False
                await asyncio.sleep_ms(0)

    async def _wait(self):
        while not self._jobs:
            self._wake.clear()
            if self._baud.rate == BASE:
                await self._wake.wait()
                continue
            try:
                await asyncio.wait_for_ms(self._wake.wait(), _SILENCE_MS)
            except asyncio.TimeoutError:
                self._baud.back()

    def _step(self, job):
        """Let a job fill the buffer; returns the length of the frame, 0 if there is none yet."""
        tag, needs_idle, steps = job
        state = self._controller.state() if needs_idle else _IDLE
        try:
            if state == _IDLE:
                return next(steps)
            n_bytes = self._say(_REFUSAL, tag, state)
        except StopIteration:
            n_bytes = 0
        except (ValueError, TypeError):
            n_bytes = self._say(_REFUSAL, tag, "bad_request")
        except OSError:
            n_bytes = self._say(_REFUSAL, tag, "unreadable")
        except Exception as error:  # noqa: BLE001 no host may end the app
            self._faults.write_traceback(error)
            n_bytes = self._say(_REFUSAL, tag, "app_crashed")
        steps.close()
        self._jobs.pop(0)
        return n_bytes

    def _job(self, tag, verb, words):
        """The generator that does it; nothing happens before its first step."""
        if verb == "do":
            return self._obey(tag, words)
        return self._numbered(self._verbs.get(verb), tag, words)

    def _numbered(self, job, tag, words):
        """A job whose words are whole numbers."""
        if job is None:
            yield self._say(_REFUSAL, tag, "unknown_command")
            return
        if not all(word.isdigit() for word in words):
            raise ValueError("no number")
        yield from job(tag, *[int(word) for word in words])

    def _hello(self, tag):
        controller, baud = self._controller, self._baud
        told = (PROTOCOL, self._device_id, controller.state(), controller.session or 0, baud.rate, baud.most)
        text = "%d %s %s %d %d %d" % told
        yield self._say(_ANSWER, tag, text)

    def _obey(self, tag, words):
        """A command of the line protocol, of which only the refusal is told."""
        if not words:
            raise ValueError("no command")
        refusal = self._controller.command(words).get("error")
        yield self._say(_REFUSAL if refusal else _ANSWER, tag, refusal or "ok")

    def _list(self, tag, session, part, most):
        rows = ""
        for row in self._shelf.rows(session, part):
            if len(rows) + len(row) > _payload(most):
                break
            rows += row
            yield 0
        yield self._say(_ANSWER, tag, rows)

    def _hash(self, tag, session, part, n_bytes):
        """SHA-256 of the first `n_bytes`; the frame's offset says how many there were."""
        digest = hashlib.sha256()
        done = 0
        with open(shelf.path(session, part), "rb") as file:
            while done < n_bytes:
                count = file.readinto(self._view[_HEAD_BYTES : _HEAD_BYTES + min(_MOST_PAYLOAD, n_bytes - done)])
                if not count:
                    break
                digest.update(self._view[_HEAD_BYTES : _HEAD_BYTES + count])
                done += count
                yield 0
        yield self._say(_ANSWER, tag, digest.digest(), done)

    def _get(self, tag, session, part, offset, n_bytes, size):
        """Bytes of a file; an empty frame says that it ends there."""
        size = _payload(size)
        room = self._view[_HEAD_BYTES : _HEAD_BYTES + size]
        end = offset + min(n_bytes, _MOST_RANGE)
        with open(shelf.path(session, part), "rb") as file:
            file.seek(offset)
            while offset < end:
                if end - offset < size:
                    room = self._view[_HEAD_BYTES : _HEAD_BYTES + end - offset]
                count = file.readinto(room)
                yield self._seal(_DATA, tag, offset, count)
                if not count:
                    return
                offset += count

    def _drop(self, tag, session, n_bytes):
        """Remove a whole session, if it holds as many bytes as the host has verified."""
        parts = self._shelf.parts(session)
        if parts and sum(size for _, size in parts) != n_bytes:
            yield self._say(_REFUSAL, tag, "differs")
            return
        # Its beginning last: a rest that a power cut leaves still says what it is of.
        for part, _ in reversed(parts):
            os.remove(shelf.path(session, part))
            yield 0
        shelf.remove_folder(session)
        self._housekeeping.room.measure()
        yield self._say(_ANSWER, tag, "ok")

    def _set_baud(self, tag, rate):
        if not self._baud.can(rate):
            yield self._say(_REFUSAL, tag, "bad_rate")
            return
        yield self._say(_ANSWER, tag, "ok")
        self._baud.set(rate)

    def _test(self, tag):
        """A frame as long as can be, to try the line with."""
        yield self._seal(_DATA, tag, 0, _MOST_PAYLOAD)

    def _say(self, kind, tag, payload, offset=0):
        """A frame with a short payload, text or bytes."""
        payload = payload.encode() if isinstance(payload, str) else payload
        self._buffer[_HEAD_BYTES : _HEAD_BYTES + len(payload)] = payload
        return self._seal(kind, tag, offset, len(payload))

    def _seal(self, kind, tag, offset, n_bytes):
        """Head and CRC around the payload that lies in the buffer; returns the frame's length."""
        struct.pack_into(_HEAD, self._buffer, 0, _SYNC, kind, tag, offset, n_bytes)
        end = _HEAD_BYTES + n_bytes
        if len(self._body) != end - 2:
            self._body = self._view[2:end]
        struct.pack_into("<I", self._buffer, end, crc32(self._body))
        return end + 4


def _payload(most):
    return max(_LEAST_PAYLOAD, min(_MOST_PAYLOAD, most))
