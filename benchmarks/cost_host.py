"""What the core costs on the host: replay of a long walk, where its time goes, and how fast a session's log grows.

Counts are int16 [n, 6] at 104 Hz. Called by cost.py.
"""

import cProfile
import gzip
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from retrogait import RATE_HZ, record
from retrowalk.recordings.recording import STANDARD_GRAVITY_MPS2, Segment
from retrowalk.walk.replay import replay

_FLUSH_SAMPLES = 5 * RATE_HZ
_STATUS = {"battery_mv": 3900, "faults": {}, "uptime_ms": 123456, "utc_s": 1795390879}
# The header of a walk of the demo has 1384 bytes, two thirds of them settings; each file begins with it.
_FILE_BYTES = 64 * 1024
_HEADER_BYTES = record.HEAD_BYTES + 1384 + record.CRC_BYTES


def replay_s(engine: Any, counts: np.ndarray) -> float:
    """Processor seconds to replay the walk as analyze does: other programs on the machine do not count."""
    began_s = time.process_time()
    replay([Segment(0, counts)], engine, len(counts))
    return time.process_time() - began_s


def analyze_s(counts: np.ndarray) -> float:
    """Processor seconds of `retrowalk analyze FILE.csv.gz` as a process, for a waist recording with these counts."""
    per_count = np.array([244e-6 * STANDARD_GRAVITY_MPS2] * 3 + [np.radians(0.0175)] * 3)
    rows = np.column_stack([np.arange(len(counts)) / RATE_HZ, counts * per_count])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "walk.csv.gz"
        with gzip.open(file, "wt", compresslevel=1) as out:
            np.savetxt(out, rows, fmt="%.5f", delimiter=",", header="t_s,ax,ay,az,gx,gy,gz", comments="")
        command = [
            sys.executable,
            "-m",
            "retrowalk",
            "analyze",
            str(file),
            "--mount",
            "waist",
            "--axes=-z,y,x",
            "--json",
        ]
        began_s = sum(os.times()[2:4])
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"NO_COLOR": "1"})
        return sum(os.times()[2:4]) - began_s


def profile_of(engine: Any, counts: np.ndarray, n_shown: int = 8) -> str:
    """The functions with the largest share of their own time, largest first."""
    profile = cProfile.Profile()
    profile.enable()
    replay([Segment(0, counts)], engine, len(counts))
    profile.disable()
    rows = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole_s = sum(own_s for _, _, own_s, _, _ in rows.values())
    largest = sorted(rows.items(), key=lambda row: -row[1][2])[:n_shown]
    return ", ".join(
        f"{Path(file).stem}.{name} {100 * own_s / whole_s:.0f} %" for (file, _, name), (_, _, own_s, _, _) in largest
    )


def log_growth(engine: Any, counts: np.ndarray) -> dict[str, float]:
    """How a session grows: packed samples, events, headers and a status every five seconds, as app/logbook.py does.

    bytes_a_minute: of sealed blocks; samples_percent: the samples' blocks, of 12 bytes a sample.
    """
    samples, events = record.SampleWriter(1), record.BlockWriter(1, 512)
    samples.begin_samples(0)
    events.begin(record.EVENTS, 0)
    status = record.HEAD_BYTES + len(json.dumps(_STATUS)) + record.CRC_BYTES
    of_samples = of_others = 0
    queue = engine.events
    for index, row in enumerate(counts.tolist()):
        is_flush = index % _FLUSH_SAMPLES == 0
        if samples.is_full or is_flush:
            of_samples += 0 if samples.is_empty() else len(samples.finish())
            samples.begin_samples(index)
        samples.add_sample(row)
        engine.push(row)
        while queue.take():
            if events.room < record.EVENT_BYTES:
                of_others += _seal(events, index)
            events.add_event(queue.index, queue.kind, queue.value_a, queue.value_b)
        if is_flush:
            of_others += _seal(events, index) + status
    of_headers = (of_samples + of_others) * _HEADER_BYTES / (_FILE_BYTES - _HEADER_BYTES)
    return {
        "bytes_a_minute": (of_samples + of_others + of_headers) * 60 * RATE_HZ / len(counts),
        "samples_percent": 100 * of_samples / (len(counts) * record.SAMPLE_BYTES),
    }


def _seal(events: record.BlockWriter, index: int) -> int:
    """Close the block of events if anything is in it and begin the next; its bytes."""
    n_bytes = 0 if events.is_empty() else len(events.finish())
    events.begin(record.EVENTS, index)
    return n_bytes
