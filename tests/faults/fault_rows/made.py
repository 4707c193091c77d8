"""A session as the logbook writes it, made block by block with the device's own writers, and the truth about it."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from retrogait import RATE_HZ, events, record
from retrogait.settings import Settings

FLUSH_SAMPLES = 5 * RATE_HZ
# A hole that the device knows of: its FIFO ran over. It is told by an event, and no damage.
_OVERRUN_AT, _OVERRUN_SAMPLES = 300, 90
_HEADER = {
    "format": 1, "device_id": "0123456789ab", "board": "virtual", "version": "0.2.0", "mount": "waist",
    "rate_hz": RATE_HZ, "accel_range_g": 8, "gyro_range_dps": 500, "utc_s": 1800000000,
    "mounting": [0, 0, -16384, 0, 16384, 0, 16384, 0, 0], "settings": Settings().as_dict(),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """blocks: sealed, in order; counts [n, 6] of every sample index; known: indices that were recorded."""

    number: int
    blocks: list[bytes]
    counts: np.ndarray
    known: np.ndarray
    events: Counter[tuple[int, int, int, int]]

    @property
    def steps(self) -> int:
        """How many steps were recorded."""
        return self._count(events.STEP)

    @property
    def cues(self) -> int:
        """How many cues were recorded."""
        return self._count(events.CUE)

    @property
    def data(self) -> bytes:
        """All blocks as one file."""
        return b"".join(self.blocks)

    def _count(self, kind: int) -> int:
        return sum(n for each, n in self.events.items() if each[1] == kind)


@lru_cache
def made(number: int, seconds: int, is_packed: bool = True, ended: bool = True) -> Made:
    """A session of so many seconds; samples, steps and cues differ from one number to the other."""
    n_samples = seconds * RATE_HZ
    counts = _motion(number, n_samples)
    known = np.ones(n_samples, dtype=bool)
    known[_OVERRUN_AT : _OVERRUN_AT + _OVERRUN_SAMPLES] = False
    told = _events(number, n_samples)
    sealed: list[bytes] = []

    def seal(writer: record.BlockWriter) -> None:
        writer.sequence = len(sealed)
        sealed.append(bytes(writer.finish()))

    seal(_json_block(number, record.HEADER, 0, _HEADER))
    for start in range(0, n_samples, FLUSH_SAMPLES):
        end = min(start + FLUSH_SAMPLES, n_samples)
        for first, last in _runs(known, start, end):
            _seal_samples(seal, number, counts, first, last, is_packed)
        some = [each for each in told if start <= each[0] < end]
        writer = record.BlockWriter(number, 512)
        writer.begin(record.EVENTS, start)
        for each in some:
            writer.add_event(*each)
        seal(writer)
        if start == 0:
            seal(_json_block(number, record.HEADER, 0, _HEADER))
        seal(_json_block(number, record.STATUS, end, {"utc_s": 1800000000 + end // RATE_HZ, "faults": {}}))
    if ended:
        steps = sum(each[1] == events.STEP for each in told)
        seal(
            _json_block(number, record.END, n_samples, {"reason": "button", "step_count": steps, "samples_dropped": 0})
        )
    return Made(number, sealed, counts, known, Counter(told))


def _motion(number: int, n_samples: int) -> np.ndarray:
    """Somebody walks: two swings a second, up along the sensor's x, with the noise of a sensor."""
    chance = np.random.default_rng(number)
    swing = np.sin(2 * np.pi * (1.8 + number / 50) * np.arange(n_samples) / RATE_HZ)
    parts = [4100 + 700 * swing, 90 * swing, 300 - 200 * swing, 900 * swing, -400 * swing, 250 * swing]
    return np.rint(np.stack(parts, axis=1) + chance.normal(0, 6, (n_samples, 6))).astype(np.int16)


def _events(number: int, n_samples: int) -> list[tuple[int, int, int, int]]:
    steps = [(i, events.STEP, events.BACKWARD, 58) for i in range(30 + number, n_samples, 58)]
    cues = [(i, events.CUE, 1, 400) for i in range(200 + number, n_samples, 777)]
    gap = [(_OVERRUN_AT, events.GAP, _OVERRUN_SAMPLES, 0)] if n_samples > _OVERRUN_AT else []
    return sorted([*steps, *cues, *gap])


def _runs(known: np.ndarray, start: int, end: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known[start:end], [False])).astype(np.int8)))
    return [(start + int(a), start + int(b)) for a, b in edges.reshape(-1, 2)]


def _seal_samples(seal, number: int, counts: np.ndarray, first: int, last: int, is_packed: bool) -> None:
    at = first
    while at < last:
        if is_packed:
            packer = record.SampleWriter(number)
            packer.begin_samples(at)
            while at < last and not packer.is_full:
                packer.add_sample(counts[at].tolist())
                at += 1
            seal(packer)
        else:
            writer = record.BlockWriter(number)
            writer.begin(record.SAMPLES, at)
            while at < last and writer.room >= record.SAMPLE_BYTES:
                writer.add_bytes(counts[at].tobytes())
                at += 1
            seal(writer)


def _json_block(number: int, kind: int, index: int, value: dict) -> record.BlockWriter:
    payload = json.dumps(value).encode()
    writer = record.BlockWriter(number, len(payload))
    writer.begin(kind, index)
    writer.add_bytes(payload)
    return writer
