"""Real session folders, walked by the walking model and written as the device writes them: for the replay."""

import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from plans_made import DEVICE, SYNC_S, at

from retrogait import VERSION, record
from retrogait.engine import WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.archive.archive import Archive, StoredSession, hash_file, write_manifest
from retrowalk.session_files.contents import read_contents
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

RANGES = (8, 500)
AXES = "-z,y,x"
_UNITS_PER_COUNT = np.array([244] * 3 + [140] * 3)
STAND = Segment(4.0)
TURN = Segment(3.0, BACKWARD, 0.3, 90.0, turn_deg=180.0)


def steady(duration_s: float, **changes) -> Segment:
    """Backward, upright, 0.5 m/s."""
    return Segment(duration_s, BACKWARD, 0.5, 90.0, **changes)


def forward(duration_s: float) -> Segment:
    """Back to the start, forward."""
    return Segment(duration_s, FORWARD, 1.0, 105.0)


def walked(
    archive: Archive, number: int, script, stage: int | None, more=(), day: float = 0.0, end="button", **changes
):
    """Walk `script`, log it with the device's writer, store it as sync does. `more`: (index, kind, a, b) besides;
    `changes`: other settings.
    """
    settings = Settings({**({"stage": stage} if stage else {}), **changes})
    logged, counts = _core(np.asarray(walk(script).frames.values), settings)
    stored_settings = settings.as_dict()
    if stage is None:
        del stored_settings["stage"]
    header = {
        "format": record.FORMAT, "rate_hz": 104, "mount": "waist", "mounting": Mounting.from_axes(AXES).as_list(),
        "accel_range_g": RANGES[0], "gyro_range_dps": RANGES[1], "settings": stored_settings, "device_id": DEVICE,
        "firmware": VERSION, "utc_s": at(day),
    }  # fmt: skip
    blocks = [_json_block(number, record.HEADER, 0, header)]
    for first in range(0, len(counts), 84):
        writer = record.SampleWriter(number)
        writer.begin_samples(first)
        for row in counts[first : first + 84].tolist():
            writer.add_sample(row)
        blocks.append(writer)
    told = sorted([*logged, *more])
    for first in range(0, len(told), 30):
        writer = record.BlockWriter(number, 512)
        writer.begin(record.EVENTS, told[first][0])
        for each in told[first : first + 30]:
            writer.add_event(*each)
        blocks.append(writer)
    blocks.append(_json_block(number, record.END, len(counts), {"reason": end, "n_samples": len(counts)}))
    return _store(archive, number, b"".join(_sealed(each, i) for i, each in enumerate(blocks)), at(day) + SYNC_S)


def _core(values: np.ndarray, settings: Settings) -> tuple[list[tuple[int, int, int, int]], np.ndarray]:
    counts = np.clip(np.floor(values / _UNITS_PER_COUNT + 0.5), -32768, 32767).astype(np.int16)
    engine = WaistEngine(settings, Mounting.from_axes(AXES), *RANGES)
    logged: list[tuple[int, int, int, int]] = []
    for row in [*counts.tolist(), None]:
        if row is None:
            engine.finish()
        else:
            engine.push(row)
        queue = engine.events
        while queue.take():
            logged.append((queue.index, queue.kind, queue.value_a, queue.value_b))
    return logged, counts


def _store(archive: Archive, number: int, data: bytes, synced_utc_s: int) -> StoredSession:
    name = f"s{number:05d}"
    folder = archive.folder(DEVICE, name)
    path = Path(folder) / "0000.rwl"
    path.write_bytes(data)
    synced = datetime.fromtimestamp(synced_utc_s, timezone.utc).isoformat()
    files = {path.name: {"size": len(data), "sha256": hash_file(path)}}
    manifest = {"device_id": DEVICE, "session": name, "synced_utc": synced, "files": files}
    write_manifest(folder, {**manifest, **read_contents([path]).as_manifest()})
    return next(each for each in archive.sessions(DEVICE) if each.name == name)


def _sealed(writer: record.BlockWriter, sequence: int) -> bytes:
    writer.sequence = sequence
    return bytes(writer.finish())


def _json_block(number: int, kind: int, index: int, value: dict) -> record.BlockWriter:
    writer = record.BlockWriter(number, 3000)
    writer.begin(kind, index)
    writer.add_bytes(json.dumps(value).encode())
    return writer
