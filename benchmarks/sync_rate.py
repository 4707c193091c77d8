"""How fast a sync is: kilobytes a second and share of the line, beside `mpremote fs cp` on the same line, same run.

On the virtual device at the speed of life, behind a line that carries baud/10 bytes a second. Both are timed without
the start of their interpreter. The bytes are those of the model's walk as the device packs it; the second table counts
in seconds of that walk, and there mpremote copies it as plain samples of 12 bytes. Run: `make sync-rate`.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from machine import machine

from retrogait import RATE_HZ, record
from retrowalk.archive.archive import Archive
from retrowalk.console import emit, table
from retrowalk.contact.link import Link
from retrowalk.contact.ports import Port
from retrowalk.contact.transport import Transport
from retrowalk.sync import sync
from retrowalk.syncing.prune_policy import PrunePolicy
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.line import Line
from retrowalk.wearer.cast import model

FILE_BYTES = 64 * 1024
N_FILES = 2
FOLDER = "/sessions/s00001"
BESIDE = "/beside.bin"
PLAIN = "/plain.bin"
BESIDE_BYTES = 32 * 1024
# Of the waist's ranges, 8 g and 500 dps, in the units of a track.
_UG_PER_COUNT = 244
_UNITS_PER_COUNT = 140
RATES = (115200, 460800)
MPREMOTE = str(Path(sys.executable).with_name("mpremote"))
BOOT_S = 20.0


def main() -> int:
    """Measure and print the tables."""
    rates: list[tuple[str, ...]] = []
    walks: list[tuple[str, ...]] = []
    their_rates = []
    packed, n_samples = _walk_bytes(N_FILES * FILE_BYTES)
    samples_a_byte = n_samples / len(packed)
    with tempfile.TemporaryDirectory() as folder:
        flash, port = Path(folder) / "flash.bin", Path(folder) / "port"
        _fill(flash, port, packed)
        for baud in RATES:
            line = Line(baud, is_fixed=True)
            ours = _sync_bytes_per_s(flash, port, line, Path(folder) / f"walks{baud}")
            theirs, plain = (
                _mpremote_bytes_per_s(flash, port, line, each, Path(folder) / "copied") for each in (BESIDE, PLAIN)
            )
            their_rates.append((theirs, plain))
            rates.append((f"{baud} baud, fixed", *_words(ours, baud), *_words(theirs, baud), f"{ours / theirs:.1f} x"))
            walks.append((f"{baud} baud, fixed", *_walked(ours * samples_a_byte, plain / record.SAMPLE_BYTES)))
        stepped = _sync_bytes_per_s(flash, port, Line(), Path(folder) / "stepped")
    theirs, plain = their_rates[0]
    rates.append(("a bridge, rate free", *_words(stepped, 921600), *rates[0][3:5], f"{stepped / theirs:.1f} x"))
    walks.append(("a bridge, rate free", *_walked(stepped * samples_a_byte, plain / record.SAMPLE_BYTES)))
    emit(f"sync of {N_FILES * FILE_BYTES // 1024} kB; mpremote fs cp of {BESIDE_BYTES // 1024} kB; virtual device")
    emit(machine())
    for text in table(("line", "sync kB/s", "of the line", "mpremote kB/s", "of the line", "sync is"), rates):
        emit(text)
    emit("The last row's share is of 921600 baud; it includes what comes before the step, and the step.")
    emit(
        "mpremote writes bytes as text, about three characters a byte: on a line of one rate nobody can be faster than"
    )
    emit("about three times it. It knows 115200 baud only; sync goes up by itself where a bridge lets it.")
    emit("")
    emit("seconds of walking that arrive in one second")
    for text in table(("line", "sync, packed", "mpremote, plain", "sync is"), walks):
        emit(text)
    return 0


def _model_counts() -> np.ndarray:
    """Counts [n, 6] of the model's walk."""
    values = model("demo").frames.values
    return np.column_stack([values[:, :3] // _UG_PER_COUNT, values[:, 3:] // _UNITS_PER_COUNT])


def _walk_bytes(n_bytes: int) -> tuple[bytes, int]:
    """PACKED blocks of the model's walk, over and over, up to n_bytes, and how many samples they hold."""
    counts = _model_counts()
    out, writer, index = bytearray(), record.SampleWriter(1), 0
    writer.begin_samples(0)
    while len(out) < n_bytes:
        writer.add_sample(tuple(map(int, counts[index % len(counts)])))
        index += 1
        if writer.is_full:
            out += writer.finish()
            writer.begin_samples(index)
    return bytes(out[:n_bytes]), round(index * n_bytes / len(out))


def _fill(flash: Path, port: Path, data: bytes) -> None:
    """A device with one session of these bytes, and files elsewhere, where mpremote gets them: packed and plain."""
    with VirtualDevice(flash, link=port, speed=20) as device:
        _wait_idle(device)
        with Transport(str(device.port)) as raw:
            raw.run(f"import os\nfor d in ('/sessions', {FOLDER!r}):\n try:\n  os.mkdir(d)\n except OSError:\n  pass\n")
            for number in range(N_FILES):
                raw.write_file(f"{FOLDER}/{number:04d}.rwl", data[number * FILE_BYTES :][:FILE_BYTES])
            raw.write_file(BESIDE, data[:BESIDE_BYTES])
            raw.write_file(PLAIN, _model_counts().astype("<i2").tobytes()[:BESIDE_BYTES])


def _wait_idle(device: VirtualDevice) -> None:
    deadline_s = time.monotonic() + BOOT_S
    with Link(str(device.port)) as link:
        while link.glance() is None:
            if time.monotonic() > deadline_s:
                raise TimeoutError("the app does not start")


def _sync_bytes_per_s(flash: Path, port: Path, line: Line, archive: Path) -> float:
    """List, hash, copy, verify: all that `retrowalk sync` does."""
    with VirtualDevice(flash, link=port, line=line) as device:
        _wait_idle(device)
        began_s = time.monotonic()
        report = sync(Port(str(port), "virtual", None, "", has_baud=not line.is_fixed), Archive(archive), PrunePolicy())
        took_s = time.monotonic() - began_s
    if sum(each.new_bytes for each in report.sessions) != N_FILES * FILE_BYTES:
        raise ValueError("not all has come")
    return N_FILES * FILE_BYTES / took_s


def _mpremote_bytes_per_s(flash: Path, port: Path, line: Line, source: str, target: Path) -> float:
    """`mpremote fs cp`, without the time that mpremote needs to start, to connect and to leave."""
    with VirtualDevice(flash, link=port, line=line) as device:
        _wait_idle(device)
        empty_s = _mpremote(port, "eval", "1")
        took_s = _mpremote(port, "fs", "cp", f":{source}", str(target)) - empty_s
    if target.stat().st_size != BESIDE_BYTES:
        raise ValueError("not all has come")
    return BESIDE_BYTES / took_s


def _mpremote(port: Path, *words: str) -> float:
    began_s = time.monotonic()
    subprocess.run([MPREMOTE, "connect", str(port), *words], check=True, capture_output=True, timeout=120)
    return time.monotonic() - began_s


def _walked(ours: float, theirs: float) -> tuple[str, str, str]:
    """Both in samples a second."""
    return f"{ours / RATE_HZ:.1f} s", f"{theirs / RATE_HZ:.1f} s", f"{ours / theirs:.1f} x"


def _words(bytes_per_s: float, baud: int) -> tuple[str, str]:
    return f"{bytes_per_s / 1000:.1f}", f"{bytes_per_s / (baud / 10):.0%}"


if __name__ == "__main__":
    sys.exit(main())
