"""What a malicious device may answer over the raw REPL, and with which exit code a sync may end.

Exit 5 where what came cannot be true. 1 where it cannot be told from a bad cable (garbled text), 3 and 4 where nothing
that speaks as a Retrowalk was there at all, 0 where only names were strange: then all that is ours was copied.
"""

import base64
import itertools
import json
from collections.abc import Callable, Iterator

from scripted import answer
from test_sync_many import HOSTILE

from fault_rows.fake_repl import FakeRepl

_MEGABYTE = 1 << 20
_ESCAPE = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>"
_PATH = "/sessions/s00001/0000.rwl"


def _once(*pieces: bytes) -> Callable[[str], Iterator[bytes]]:
    return lambda _code: iter([*pieces, b"\x04\x04>"])


def _endless(piece: bytes, *first: bytes) -> Callable[[str], Iterator[bytes]]:
    return lambda _code: itertools.chain(first, itertools.repeat(piece))


def _rows(*rows: object) -> Callable[[str], Iterator[bytes]]:
    return _once(*(json.dumps(row).encode() + b"\r\n" for row in rows))


def _many_rows(_code: str) -> Iterator[bytes]:
    return (b'["/sessions/s%05d/%04d.rwl",5]\r\n' % (n // 10000 % 100000, n % 10000) for n in itertools.count())


def _repl(word: str, attack: Callable[[str], Iterator[bytes]]):
    return lambda data: FakeRepl(data, {word: attack})


def _names(*rows: tuple[str, int]):
    def speaker(data: bytes) -> FakeRepl:
        return FakeRepl(data, {"ilistdir": _rows([_PATH, len(data)], *rows)})

    return speaker


def _status(*pieces: bytes, is_endless: bool = False):
    said = (lambda: itertools.cycle(pieces)) if is_endless else (lambda: iter(pieces))
    return lambda data: FakeRepl(data, {}, said)


ATTACKS = (
    ("honest", _repl("nothing", _once()), (0,)),
    *((f"name {i}", _names((name[:3000], 10)), (0, 5)) for i, name in enumerate(HOSTILE)),
    ("a name of 10 MB", _repl("ilistdir", _once(b'["/sessions/', *[b"x" * _MEGABYTE] * 10, b'",1]\r\n')), (1, 5)),
    ("names without an end", _repl("ilistdir", _many_rows), (1, 5)),
    ("the same name without an end", _repl("ilistdir", _endless(b'["/sessions/s00001/0000.rwl",5]\r\n')), (1, 5)),
    ("one line without an end", _repl("ilistdir", _endless(b"[" * 1000)), (1, 5)),
    ("JSON nested without an end", _repl("ilistdir", _once(b"[" * 8000, b"\r\n")), (1, 5)),
    ("code in the place of JSON", _repl("ilistdir", _once(b"__import__('os').system('touch /tmp/owned')\r\n")), (1, 5)),
    ("an error text without an end", _repl("ilistdir", _endless(b"Traceback\r\n", b"\x04")), (1, 5)),
    ("an error text with escapes", _repl("ilistdir", lambda _code: iter([b"\x04", _ESCAPE.encode(), b"\x04>"])), (1,)),
    ("size too small", _repl("ilistdir", _rows([_PATH, 7])), (5,)),
    ("size negative", _repl("ilistdir", _rows([_PATH, -7])), (5,)),
    ("size huge", _repl("ilistdir", _rows([_PATH, 1 << 39])), (0, 5)),
    ("size no number", _repl("ilistdir", _rows([_PATH, "9" * 4000])), (1, 5)),
    ("rows of another shape", _repl("ilistdir", _rows({"a": 1}, 3, None)), (1, 5)),
    ("facts: no id", _repl("unique_id", _rows({"device_id": "../../etc"})), (1, 5)),
    ("facts: escapes", _repl("unique_id", _rows({"device_id": _ESCAPE, "board": _ESCAPE})), (1, 5)),
    ("facts: endless", _repl("unique_id", _endless(b"{}\r\n")), (1, 5)),
    ("hash of another file", _repl("sha256", _rows(["/etc/passwd", "0" * 64])), (5,)),
    ("hash that is wrong", _repl("sha256", _rows([_PATH, "0" * 64])), (1, 5)),
    ("hash that is none", _repl("sha256", _rows([_PATH, _ESCAPE])), (5,)),
    ("hashes without an end", _repl("sha256", _endless(json.dumps([_PATH, "0" * 64]).encode() + b"\r\n")), (1, 5)),
    ("a file without an end", _repl("b2a_base64", _endless(b"RWF " + base64.b64encode(bytes(1536)) + b"\r\n")), (5,)),
    ("a file of empty pieces", _repl("b2a_base64", _endless(b"RWF \r\n")), (1, 5)),
    ("a file of no base64", _repl("b2a_base64", _endless(b"RWF ====\xff\r\n")), (1, 5)),
    ("a file of blank lines", _repl("b2a_base64", _endless(b"\r\n")), (1, 5)),
    ("a file with other bytes", _repl("b2a_base64", _once(b"RWF " + base64.b64encode(bytes(600)) + b"\r\n")), (1, 5)),
    ("status: names with escapes", _status(answer(name=_ESCAPE, version=_ESCAPE, faults={_ESCAPE: _ESCAPE})), (0,)),
    ("status: nested JSON", _status(b"RW " + b'{"a":' * 600 + b"1" + b"}" * 600 + b"\r\n"), (0, 1, 3, 4, 5)),
    # Told nothing of use, the host goes on at the prompt, where this device is honest.
    (
        "status: numbers of 4000 digits",
        _status(b'RW {"app":"retrowalk","session":' + b"9" * 4000 + b"}\r\n"),
        (0,),
    ),
    ("status: an id that is a path", _status(answer(device_id="../../x")), (0,)),
    ("status: without an end", _status(b"RW " + b"{" * 1000, is_endless=True), (3, 4, 5)),
    ("status: answers without an end", _status(answer(app="x"), is_endless=True), (3, 4, 5)),
    ("noise without an end", _status(bytes(range(14, 256)), is_endless=True), (3, 4, 5)),
)
