"""Walks for the tests of analyze and plot: session folders written as the device writes them, and told walks.

The session's counts are those of `recordings_made`, and its events are what the core said when it was walked.
"""

import argparse
import json
from pathlib import Path

import analyze_contract
import numpy as np
from recordings_made import standing_then_stepping
from sessions_made import json_block

from retrogait import VERSION, events, record
from retrogait.engine import WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk import analyze
from retrowalk.recordings.recording import to_counts
from retrowalk.walk.replay import Event, Trace
from retrowalk.walk.walk_source import Walk, add_input_arguments, load_walk


def header(**changes) -> dict:
    """A session's header, as the recorder writes it."""
    told = {
        "format": record.FORMAT, "rate_hz": 104, "mount": "waist", "mounting": Mounting.from_axes("x,y,z").as_list(),
        "accel_range_g": 8, "gyro_range_dps": 500, "settings": Settings().as_dict(), "device_id": "0123456789ab",
        "name": "Anna's clip", "board": "virtual", "firmware": VERSION, "utc_s": 1_790_000_000, "ticks_ms": 5,
        "battery_mv": 3900,
    }  # fmt: skip
    return {**told, **changes}


def write_session(
    folder: Path,
    told: dict | None = None,
    missing: range = range(0),
    ended: bool = True,
    values: np.ndarray | None = None,
) -> Path:
    """A session folder of two files: header, samples (but those of the indices `missing`), events, a mark, the end."""
    values = standing_then_stepping(rate_hz=104.0) if values is None else values
    counts, _ = to_counts(values[:, 1:], 8, 500)
    engine = WaistEngine(Settings(), Mounting.from_axes("x,y,z"), 8, 500)
    return write_walk(folder, counts, engine, header() if told is None else told, missing, ended)


def write_walk(folder: Path, counts, engine, told: dict, missing=range(0), ended=True, presses=frozenset()) -> Path:
    """The same of any counts [n, 6] and engine; `presses`: sample indices at which the button goes down in a test."""
    blocks = [json_block(7, record.HEADER, 0, told)]
    logged: list[tuple[int, int, int, int]] = []
    writer = None
    for index, row in enumerate(counts.tolist()):
        if index in missing:
            continue
        if index in presses:
            engine.course.press(index)
        if engine.index < index:
            engine.skip(index - engine.index)
            writer = None
        if writer is None or writer.is_full:
            writer = record.SampleWriter(7)
            writer.begin_samples(index)
            blocks.append(writer)
        writer.add_sample(row)
        engine.push(row)
        if index == len(counts) - 1:
            engine.finish()
        while engine.events.take():
            queue = engine.events
            logged.append((queue.index, queue.kind, queue.value_a, queue.value_b))
    logged.append((1000, events.MARK, 0, 0))
    for at in range(0, len(logged), 30):
        writer = record.BlockWriter(7, 512)
        writer.begin(record.EVENTS, logged[at][0])
        for each in logged[at : at + 30]:
            writer.add_event(*each)
        blocks.append(writer)
    if ended:
        blocks.append(json_block(7, record.END, len(counts), {"reason": "button", "n_samples": len(counts)}))
    sealed = [_sealed(writer, sequence) for sequence, writer in enumerate(blocks)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0000.rwl").write_bytes(b"".join(sealed[:12]))
    (folder / "0001.rwl").write_bytes(b"".join(sealed[12:]))
    return folder


def _sealed(writer: record.BlockWriter, sequence: int) -> bytes:
    writer.sequence = sequence
    return bytes(writer.finish())


def arguments(source: object, *words: str) -> argparse.Namespace:
    """What the command line would hand to `load_walk`."""
    parser = argparse.ArgumentParser()
    add_input_arguments(parser, "FILE")
    return parser.parse_args([str(source), *words])


def told_walk(mount: str = "waist", name: str = "Anna's clip s00007", seconds: float = 20.0) -> Walk:
    """A walk of which everything is known: backward with two cues, a turn, a gap, a mark and a pain stop."""
    n = round(seconds * 104)
    told = [Event(0, events.STATE, events.STILL, 0), Event(208, events.STATE, events.BACKWARD, 0)]
    told += [Event(208 + 62 * k, events.STEP, events.BACKWARD, 62 if k else 0) for k in range(12)]
    told += [Event(1040, events.STATE, events.TURNING, 0), Event(1040, events.TURN, 150, -170)]
    told += [Event(1200, events.STATE, events.FORWARD, 0), Event(1210, events.STEP, events.FORWARD, 0)]
    told += [Event(1270, events.STEP, events.UNKNOWN, 60), Event(600, events.CUE, events.LEAN_FORWARD, 180)]
    told += [Event(700, events.GOOD_AGAIN, events.LEAN_FORWARD, 60), Event(1010, events.CUE, events.TOO_FAST, 120)]
    told += [Event(1400, events.GAP, 104, 0), Event(1600, events.MARK, 0, 0), Event(1800, events.PAIN, 0, 0)]
    at = np.arange(-(-n // 8)) * 8
    lean = np.where((at > 500) & (at < 700), 11.0, 1.0)
    lean[(at >= 1400) & (at < 1504)] = np.nan
    cadence = np.where((at > 300) & (at < 1040), 101.0, np.nan)
    trace = Trace(n, told, lean, 0.3 * lean, cadence, np.zeros(len(lean)), [(1400, 104)])
    quality = {
        "source": "session", "sample_rate_hz": 104.0, "missing_s": 1.0, "interpolated_s": 0.0, "gaps": 1,
        "clipped_samples": 3, "gyro": True, "core": VERSION, "notes": ["a note"],
        "neutral": {"source": "calibration", "start_s": None, "end_s": None},
    }  # fmt: skip
    return Walk(name, mount, 1_790_000_000, 0.0, trace, Settings().as_dict(), quality)


def analyzed(source: object, *words: str) -> dict:
    """The contract's object of `source`, after a trip through JSON, checked."""
    found = json.loads(json.dumps(analyze.contract(load_walk(arguments(source, *words))), allow_nan=False))
    analyze_contract.check(found)
    return found
