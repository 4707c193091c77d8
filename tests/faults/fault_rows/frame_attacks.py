"""What a malicious device may answer in frames, and with which exit code a sync may end: see repl_attacks.py."""

import hashlib
import itertools
from collections.abc import Callable, Iterator

from retrowalk.bulk.frames import ANSWER, DATA, MOST_PAYLOAD, REFUSAL, Frame, frame_bytes

_ID = "0123456789ab"
_HELLO = f"1 {_ID} idle 0 115200 0".encode()
Answer = Callable[[int, list[str], bytes], Iterator[Frame]]


class FakeFrames:
    """A device in frames with one session, whose file is `data`; answers: by verb, what it says instead."""

    def __init__(self, data: bytes, answers: dict[str, Answer]) -> None:
        self._data = data
        self._answers = answers
        self._heard = b""

    def hear(self, data: bytes) -> Iterator[bytes]:
        """See hostile_port.Speaker."""
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            words = line.decode(errors="replace").split(" ")
            if len(words) >= 4 and words[0] == "rwf":
                tag, verb = int(words[1]), words[2]
                said = self._answers.get(verb, self._honest)(tag, words[2:-1], self._data)
                yield from map(frame_bytes, said)

    def _honest(self, tag: int, words: list[str], data: bytes) -> Iterator[Frame]:
        verb = words[0]
        if verb == "hello":
            yield Frame(ANSWER, tag, 0, _HELLO)
        elif verb == "list":
            yield Frame(ANSWER, tag, 0, b"1 0 %d\n. 0\n" % len(data))
        elif verb == "hash":
            n_bytes = min(int(words[3]), len(data))
            yield Frame(ANSWER, tag, n_bytes, hashlib.sha256(data[:n_bytes]).digest())
        elif verb == "get":
            offset, n_bytes, size = map(int, words[3:6])
            for at in range(offset, min(offset + n_bytes, len(data)), size):
                yield Frame(DATA, tag, at, data[at : min(at + size, offset + n_bytes)])
        else:
            yield Frame(ANSWER, tag, 0, b"ok")


def _says(verb: str, payload: bytes, kind: int = ANSWER, offset: int = 0):
    def attack(tag: int, _words: list[str], _data: bytes) -> Iterator[Frame]:
        yield Frame(kind, tag, offset, payload)

    return lambda data: FakeFrames(data, {verb: attack})


def _floods(verb: str, frame: Callable[[int, int], Frame]):
    """frame(tag, n): the n-th of frames without an end."""

    def attack(tag: int, _words: list[str], _data: bytes) -> Iterator[Frame]:
        return (frame(tag, n) for n in itertools.count())

    return lambda data: FakeFrames(data, {verb: attack})


def _pages(tag: int, words: list[str], _data: bytes) -> Iterator[Frame]:
    """A list that never ends: each page begins where it was asked to."""
    session, part = int(words[1]), int(words[2])
    first = max(session, 1) * 10000 + part
    rows = (b"%d %d 5\n" % divmod(n, 10000) for n in range(first, first + 60))
    yield Frame(ANSWER, tag, 0, b"".join(rows))


def _shifted(tag: int, words: list[str], data: bytes) -> Iterator[Frame]:
    offset = int(words[3])
    yield Frame(DATA, tag, max(0, offset - 7) + 5000, data[:64])


ATTACKS = (
    ("honest", lambda data: FakeFrames(data, {}), (0,)),
    ("hello: an id that is a path", _says("hello", b"1 ../../x idle 0 115200 0"), (5,)),
    ("hello: escapes", _says("hello", b"1 \x1b]0;x\x07 idle 0 115200 0"), (5,)),
    ("hello: numbers of 1000 digits", _says("hello", f"1 {_ID} idle {'9' * 900} 1 1".encode()), (5,)),
    ("hello: another protocol", _says("hello", b"99999999999999999999"), (3, 4, 5)),
    ("hello: a state that is none", _says("hello", f"1 {_ID} \x1b[2J 0 1 1".encode()), (5,)),
    ("list without an end", lambda data: FakeFrames(data, {"list": _pages}), (5,)),
    ("the same page again and again", _says("list", b"1 0 5\n"), (5,)),
    ("list: an empty page", _says("list", b""), (5,)),
    ("list: paths", _says("list", b"../../../etc/passwd 0 5\n. 0\n"), (5,)),
    ("list: numbers that are no part of a name", _says("list", b"999999999 77777 5\n. 0\n"), (0, 5)),
    ("list: negative", _says("list", b"-1 0 5\n. 0\n"), (5,)),
    ("list: sizes that are huge", _says("list", b"1 0 9999999999\n. 0\n"), (0, 5)),
    ("list: size of 16 MB", _says("list", b"1 0 16777216\n. 0\n"), (5,)),
    ("list: digits of another script", _says("list", "١ 0 5\n. 0\n".encode()), (5,)),
    ("hash: too short", _says("hash", b"x", offset=1), (5,)),
    ("hash: of a longer file", _says("hash", bytes(32), offset=1 << 31), (5,)),
    ("refusal with escapes", _says("hash", b"\x1b]0;owned\x07\x1b[2J", REFUSAL), (4, 5)),
    ("refusal of 1000 characters", _says("get", b"y" * 1000, REFUSAL), (4, 5)),
    ("data: wrong bytes", _says("get", bytes(64), DATA), (1, 3, 5)),
    ("data: beyond what was asked", lambda data: FakeFrames(data, {"get": _shifted}), (5,)),
    ("data: at an offset of 4 GB", _says("get", bytes(64), DATA, (1 << 32) - 64), (5,)),
    ("data: empty frames without an end", _floods("get", lambda tag, _n: Frame(DATA, tag, 0, b"")), (5,)),
    ("data: the same frame without an end", _floods("get", lambda tag, _n: Frame(DATA, tag, 0, bytes(64))), (5,)),
    ("frames nobody asked for", _floods("get", lambda tag, n: Frame(DATA, tag + 100 & 255, n, bytes(64))), (5,)),
    ("answers of unknown kind", _floods("list", lambda tag, n: Frame(n & 127, tag, n, bytes(MOST_PAYLOAD))), (5,)),
    ("answers to the list without an end", _floods("list", lambda tag, _n: Frame(ANSWER, tag, 0, b"x" * 900)), (5,)),
    ("drop: refused", _says("drop", b"differs", REFUSAL), (4, 5)),
)
