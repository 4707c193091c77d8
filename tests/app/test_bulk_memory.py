"""The bulk transfer on real MicroPython: a frame costs no memory, and requests that make no sense cost nothing else."""

from retrowalk.bulk.frames import request_line
from retrowalk.virtual.runner import run_script

SCRIPT = """
import asyncio, gc, sys
import app.shelf
app.shelf.FOLDER = sys.argv[-1]
import app.bulk as bulk
from app.baud import Baud
from app.faults import Faults


class Controller:
    session = None

    def state(self):
        return "idle"

    def command(self, words):
        return {"error": "unknown_command"} if words == ["nonsense"] else {}


class Housekeeping:
    def postpone(self):
        pass


faults = Faults()
made = bulk.Bulk("0123456789ab", Controller(), Baud(None), Housekeeping(), faults)


def frames(line):
    made.take(line)
    found = []
    while made._jobs:
        n_bytes = made._step(made._jobs[0])
        if n_bytes:
            found.append(bytes(made._buffer[:n_bytes]))
    return found

"""

ALLOCATES = """
made.take({line!r})
job = made._jobs[0]
made._step(job)
gc.collect()
gc.disable()
before = gc.mem_alloc()
for _ in range(10):
    made._step(job)
print(gc.mem_alloc() - before)
"""


def folder_of(tmp_path):
    (tmp_path / "s00001").mkdir()
    (tmp_path / "s00001" / "0000.rwl").write_bytes(bytes(range(256)) * 64)
    return tmp_path


def test_a_frame_allocates_nothing(tmp_path):
    """On 64 bits; the CRC of a frame is a large integer on the ESP32's 32, 16 bytes that the next collection frees."""
    script = SCRIPT + ALLOCATES.format(line=request_line(5, "get", 1, 0, 0, 16384, 1024).rstrip(b"\n"))
    assert run_script(script, arguments=(str(folder_of(tmp_path)),)) == "0\n"


def test_requests_that_make_no_sense_are_refused_or_forgotten(tmp_path):
    """No verb, no number, no file, too many words, a name: each a word back, and the app's faults stay empty."""
    asked = [
        ("get",), ("get", 1, 0, 0, "x", 64), ("get", 1, 0, -1, 5, 64), ("get", 100000, 0, 0, 5, 64),
        ("get", 7, 0, 0, 5, 64),
        ("get", "../main.py", 0, 0, 5, 64), ("list",), ("list", 0, 0, 1, 1, 1), ("hash", 1, 99999, 5), ("drop", 1, 5),
        ("drop", 0, 0), ("baud", 460800), ("nothing",), ("do",), ("do", "nonsense"), ("put", 1, 0, "data"),
    ]  # fmt: skip
    lines = [request_line(tag, *words).rstrip(b"\n") for tag, words in enumerate(asked)]
    damaged = [b"rwf", b"rwf ", b"rwf 1 get 00000000", b"rwf 1 hello zzzzzzzz", b"rwf 1 hello 1 ", lines[3][:-1]]
    script = SCRIPT + (
        f"print([[frame[2:4] + frame[10:-4] for frame in frames(line)] for line in {lines!r}])\n"
        f"print([frames(line) for line in {damaged!r}])\nprint(faults.counts)\n"
    )
    folder = folder_of(tmp_path)
    told, forgotten, faults = run_script(script, arguments=(str(folder),)).splitlines()
    words = [answer[0][2:].decode() for answer in eval(told)]  # noqa: S307 what our own script printed
    assert words == [
        "bad_request", "bad_request", "bad_request", "bad_request", "unreadable", "bad_request", "bad_request",
        "bad_request", "bad_request", "differs", "bad_request", "bad_rate", "unknown_command", "bad_request",
        "unknown_command", "unknown_command",
    ]  # fmt: skip
    assert forgotten == str([[]] * 6)
    assert faults == "{}"
    assert (folder / "s00001" / "0000.rwl").exists()
