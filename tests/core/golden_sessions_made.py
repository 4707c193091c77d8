"""Makes the golden sessions of tests/core/golden: `python golden_sessions_made.py` prints nothing and writes them anew.

Only a new version of the format is a reason to run it. Counts come from a recipe in integers, not from a random module.
"""

import json
from pathlib import Path

from retrogait import record

GOLDEN = Path(__file__).with_name("golden")
SESSION = 9


def walk_counts(n, first=0):
    """A made walk: steps of 52 samples, quiet in between, noise in the last two bits, one knock to full scale."""
    rows = []
    noise = 12345
    for i in range(first, first + n):
        row = []
        for axis in range(6):
            noise = (noise * 1103 + 12289) % 65536
            phase = (i + 9 * axis) % 52
            swing = (phase * (52 - phase) - 338) * (3 + axis) if (i // 104) % 2 == 0 else 0
            row.append((4098 if axis == 2 else 0) + swing + noise % 5 - 2)
        rows.append(tuple(row))
    if n > 50:
        rows[50] = (32767, -32768, 32767, -32768, 32767, -32768)
    return rows


def noise_counts(n):
    """Noise of full scale, which cannot be packed."""
    noise = 777
    rows = []
    for _ in range(n):
        row = []
        for _ in range(6):
            noise = (noise * 1103 + 12289) % 65536
            row.append(noise - 32768)
        rows.append(tuple(row))
    return rows


def text(writer, kind, index, value):
    """A sealed block of JSON."""
    writer.begin(kind, index)
    writer.add_bytes(json.dumps(value).encode())
    return bytes(writer.finish())


def packed(writer, first, rows):
    """A sealed PACKED block of all `rows`."""
    writer.begin_samples(first)
    for row in rows:
        assert not writer.is_full
        writer.add_sample(row)
    return bytes(writer.finish())


def format_1():
    """Plain samples, as before PACKED."""
    writer = record.BlockWriter(SESSION)
    data = text(writer, record.HEADER, 0, {"format": 1, "rate_hz": 104})
    writer.begin(record.SAMPLES, 0)
    for row in walk_counts(60):
        writer.add_sample(row)
    data += bytes(writer.finish())
    writer.begin(record.EVENTS, 0)
    writer.add_event(31, 1, 1, 62)
    data += bytes(writer.finish())
    return data + text(writer, record.END, 60, {"reason": "button"})


def format_3():
    """A packed walk, a block of noise, one sample alone, plain samples among them, and a kind of the future."""
    other, writer = record.BlockWriter(SESSION), record.SampleWriter(SESSION)
    data = text(other, record.HEADER, 0, {"format": 3, "rate_hz": 104})
    writer.sequence = 1
    data += packed(writer, 0, walk_counts(150))
    data += packed(writer, 150, noise_counts(40))
    data += packed(writer, 190, walk_counts(1, 190))
    other.sequence = 4
    data += text(other, 200, 191, {"of": "the future"})
    other.begin(record.SAMPLES, 191)
    for row in walk_counts(3, 191):
        other.add_sample(row)
    data += bytes(other.finish())
    return data + text(other, record.END, 194, {"reason": "button"})


def decoded(data):
    """What a reader must find."""
    blocks = list(record.read_blocks(data))
    return [
        {
            "kind": block.kind, "sequence": block.sequence, "first_index": block.first_index, "offset": block.offset,
            "samples": [list(row) for row in block.samples()], "is_known": block.is_known,
        }
        for block in blocks
    ]  # fmt: skip


MADE = {"format1": format_1, "format3": format_3}

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, make in MADE.items():
        (GOLDEN / f"{name}.rwl").write_bytes(make())
        (GOLDEN / f"{name}.json").write_text(json.dumps(decoded(make())) + "\n")
