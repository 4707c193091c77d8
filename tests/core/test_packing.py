"""Packing: every count comes back, nothing grows, no bytes make the reader fail, and recorded walks fit in 60 %."""

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from golden_sessions_made import GOLDEN, MADE, decoded, noise_counts, packed, walk_counts

from retrogait import record
from retrogait.packing import LONGEST_BYTES, Packer
from retrogait.record import Block, Damage, SampleWriter, read_blocks
from retrogait.unpacking import unpack

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
LOW, HIGH = -32768, 32767
MOST_GROWTH_BYTES = 25


def pack(rows):
    """The payload of all rows, in a buffer that is large enough."""
    buffer = bytearray(20 * len(rows) + 40)
    packer = Packer(buffer)
    packer.begin(0)
    for row in rows:
        before = packer.at
        packer.push(row)
        assert packer.at - before <= LONGEST_BYTES
    return bytes(buffer[: packer.close()])


def come_back(rows):
    """The length of the payload, after proving that it holds the rows, and grew by a few bytes at most."""
    payload = pack(rows)
    counts = unpack(payload)
    assert counts is not None
    assert list(counts) == [value for row in rows for value in row]
    assert len(payload) <= 12 * len(rows) + MOST_GROWTH_BYTES
    return len(payload)


def test_made_signals_come_back():
    assert come_back([(0,) * 6] * 180) < 200
    assert come_back([(0, 0, 4098, 0, 0, 0)]) == 14
    ramp = [(i, -i, 300 * i - 27000, LOW + i, HIGH - i, i * i % 1000) for i in range(180)]
    assert come_back(ramp) < 6 * 180
    assert come_back(walk_counts(150)) < 0.55 * 12 * 150
    assert come_back(noise_counts(150)) <= 12 * 150 + MOST_GROWTH_BYTES


@pytest.mark.parametrize("period", [1, 2, 3, 5, 20, 60])
def test_full_scale_alternation_comes_back(period):
    both = ((LOW, HIGH) * 3, (HIGH, LOW) * 3)
    come_back([both[i // period % 2] for i in range(300)])
    one_axis = [tuple(both[i // period % 2][axis] if axis == 4 else 3 for axis in range(6)) for i in range(300)]
    assert come_back(one_axis) < 12 * 300


def test_whatever_comes_comes_back_and_never_grows():
    rng = random.Random(5)
    for _ in range(300):
        rows, spread = [], 1
        for _ in range(rng.randrange(1, 120)):
            # The worst for a width that follows: quiet, then sudden.
            if rng.random() < 0.1:
                spread = 1 << rng.randrange(17)
            row = [rng.randint(-spread, spread) for _ in range(6)]
            rows.append(tuple(min(HIGH, max(LOW, value)) for value in row))
        come_back(rows)


def test_quiet_is_paid_back_when_it_becomes_loud():
    rows = [(0,) * 6] * 60 + noise_counts(60)
    assert come_back(rows) < 12 * 120


def sealed_packed(rows, first=0):
    return packed(SampleWriter(7), first, rows)


def with_right_checksum(payload, kind=record.PACKED):
    """A block that nothing but its payload speaks against."""
    writer = record.BlockWriter(7, 4096)
    writer.begin(kind, 0)
    writer.add_bytes(payload)
    return bytes(writer.finish())


def test_a_block_of_the_writer_and_when_it_is_full():
    writer = SampleWriter(7)
    for rows, n_fit in ((walk_counts(400), 180), ([(0,) * 6] * 400, 180), (noise_counts(400), 109)):
        writer.begin_samples(50)
        assert writer.is_empty()
        n = 0
        while not writer.is_full:
            writer.add_sample(rows[n])
            n += 1
        sealed = bytes(writer.finish())
        assert sealed == bytes(writer.finish())[:8] + sealed[8:], "a second finish writes the same again"
        assert len(sealed) <= record.HEAD_BYTES + writer.capacity + record.CRC_BYTES
        (block,) = read_blocks(sealed)
        assert (block.kind, block.first_index, block.n_samples) == (record.PACKED, 50, n)
        assert list(block.samples()) == rows[:n]
        assert n == writer.n_samples == n_fit


def test_every_flipped_byte_costs_its_block_and_is_named():
    parts = [sealed_packed(walk_counts(40, first), first) for first in (0, 40, 80)]
    data = b"".join(parts)
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x40
        items = list(read_blocks(bytes(broken)))
        blocks = [item for item in items if isinstance(item, Block)]
        assert len(blocks) == 2
        assert all(list(block.samples()) == walk_counts(40, block.first_index) for block in blocks)
        assert sum(item.length for item in items if isinstance(item, Damage)) == len(data) - sum(
            22 + len(block.payload) for block in blocks
        )


def test_every_truncation_is_damage():
    data = sealed_packed(walk_counts(30))
    for length in range(1, len(data)):
        (item,) = read_blocks(data[:length])
        assert (item.offset, item.length) == (0, length)


def test_payloads_cut_or_changed_under_a_right_checksum_are_never_a_wrong_number_of_samples():
    """Whoever lies about the checksum may change values; what the count and the length say must fit all the same."""
    payload = pack(walk_counts(30))
    for length in range(len(payload)):
        assert unpack(payload[:length]) is None, length
    for cut in (1, 5, 11, 13):
        assert unpack(payload + bytes(cut)) is None
    assert len(unpack(payload + bytes(12))) == 6 * 31, "plain samples may follow"
    for n_coded in (0, 1, 28, 30, 31, 5000, 65535):
        claimed = n_coded.to_bytes(2, "little") + payload[2:]
        found = unpack(claimed)
        assert found is None or len(found) >= 6 * (n_coded + 1)
    (item,) = read_blocks(with_right_checksum(payload[:-1]))
    assert isinstance(item, Damage)


def test_fuzzed_payloads_never_raise_and_stay_small():
    rng = random.Random(11)
    good = pack(walk_counts(60))
    n_read = 0
    for _ in range(4000):
        if rng.random() < 0.5:
            payload = bytearray(good)
            for _ in range(rng.randrange(1, 6)):
                payload[rng.randrange(len(payload))] = rng.randrange(256)
        else:
            payload = bytearray(rng.randbytes(rng.randrange(200)))
            payload[:2] = rng.randrange(40).to_bytes(2, "little")
        items = list(read_blocks(with_right_checksum(bytes(payload)))) if payload else []
        for item in items:
            if isinstance(item, Block):
                n_read += 1
                n_coded = item.payload[0] | item.payload[1] << 8
                assert n_coded + 1 <= item.n_samples <= 1 + len(item.payload) * 8 // 6
                assert all(LOW <= value <= HIGH for value in item.counts)
    assert n_read > 50, "most of the good payload's bytes may change without breaking its codes"


def test_the_longest_payload_of_ones_is_bounded():
    full = (5440).to_bytes(2, "little") + bytes(12) + b"\xff" * 4082
    found = unpack(full)
    assert found is None or len(found) == 6 * 5441
    assert unpack((5450).to_bytes(2, "little") + bytes(12) + b"\xff" * 4082) is None


@pytest.mark.parametrize("name", sorted(MADE))
def test_golden_sessions(name):
    data = (GOLDEN / f"{name}.rwl").read_bytes()
    assert decoded(data) == json.loads((GOLDEN / f"{name}.json").read_text())
    assert MADE[name]() == data, "the writer writes other bytes than it did: a new version of the format is needed"
    # A CRC would not do: over blocks that end in theirs it is the same whatever is in them.
    told = {"format1": "c01ba4cf1bf9a2b6", "format3": "42ff61d0e9438bee"}
    assert hashlib.sha256(data).hexdigest()[:16] == told[name]


PROGRAM = """
import gc, micropython, sys
sys.path.insert(0, %r)
from array import array
from retrogait.record import SampleWriter
writer = SampleWriter(1)
sample = array("h", (0, 0, 4098, 0, 0, 0))
def walk(n, loud):
    writer.begin_samples(0)
    for i in range(n):
        sample[0] = (i * 7919) %% loud
        sample[4] = -sample[0]
        writer.add_sample(sample)
before = 0
walk(100, 60000)
gc.collect()
before = gc.mem_alloc()
micropython.heap_lock()
walk(100, 60000)
walk(179, 300)
micropython.heap_unlock()
print("grown", gc.mem_alloc() - before, "samples", writer.n_samples)
"""


def test_packing_works_with_the_heap_locked():
    micropython = Path(sys.executable).parent / "micropython"
    if not micropython.exists():
        pytest.skip(f"no MicroPython: {micropython} is absent")
    command = [str(micropython), "-c", PROGRAM % str(FIRMWARE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["grown", "0", "samples", "179"]), done.stderr
