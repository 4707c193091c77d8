"""The session format: round trip, damage, and a golden block."""

import random

import pytest

from retrogait import record
from retrogait.record import Block, BlockWriter, Damage, read_blocks


def session(blocks=6):
    """Bytes of a made session and its samples."""
    rng = random.Random(1)
    writer = BlockWriter(7)
    data = bytearray()
    samples = []
    for number in range(blocks):
        writer.begin(record.SAMPLES, number * 20)
        for _ in range(20):
            samples.append(tuple(rng.randint(-32768, 32767) for _ in range(6)))
            writer.add_sample(samples[-1])
        data += writer.finish()
    return bytes(data), samples


def test_samples_events_and_text_come_back():
    writer = BlockWriter(3)
    data = bytearray()
    writer.begin(record.HEADER, 0)
    writer.add_bytes(b'{"a":1}')
    data += writer.finish()
    writer.begin(record.EVENTS, 5)
    writer.add_event(5, 1, 2, -3)
    writer.add_event(1 << 29, 12, -(1 << 29), 0)
    data += writer.finish()
    made, samples = session()
    head, events, *rest = read_blocks(bytes(data) + made)
    assert (head.kind, head.session, head.sequence, head.payload) == (record.HEADER, 3, 0, b'{"a":1}')
    assert list(events.events()) == [(5, 1, 2, -3), (1 << 29, 12, -(1 << 29), 0)]
    assert [sample for block in rest for sample in block.samples()] == samples
    assert [block.first_index for block in rest] == [0, 20, 40, 60, 80, 100]


def test_golden_block():
    writer = BlockWriter(1)
    writer.begin(record.SAMPLES, 0)
    writer.add_sample((1, -1, 4098, 0, 0, 0))
    assert bytes(writer.finish()).hex() == GOLDEN


GOLDEN = (
    "52570201"  # magic, type, version
    "01000000" "00000000" "00000000"  # session, sequence, first index
    "0c00"  # payload length
    "0100ffff0210000000000000"  # the sample
    "c352aea4"  # CRC-32
)  # fmt: skip


def test_every_flipped_byte_costs_one_block_at_most_and_is_named():
    data, _ = session()
    size = len(data) // 6
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x40
        items = list(read_blocks(bytes(broken)))
        blocks = [item for item in items if isinstance(item, Block)]
        damage = [item for item in items if isinstance(item, Damage)]
        assert len(blocks) == 5
        assert (at // size) * 20 not in [block.first_index for block in blocks]
        assert [(item.offset, item.length) for item in damage] == [(at // size * size, size)]


def test_every_truncation_keeps_the_whole_blocks():
    data, _ = session()
    size = len(data) // 6
    for length in range(len(data)):
        items = list(read_blocks(data[:length]))
        assert sum(isinstance(item, Block) for item in items) == length // size
        assert sum(item.length for item in items if isinstance(item, Damage)) == length % size


def test_random_bytes_are_damage_and_nothing_else():
    rng = random.Random(2)
    for _ in range(200):
        data = bytes(rng.choice(b"RW\x02\x01\x00\xff") for _ in range(rng.randrange(3000)))
        items = list(read_blocks(data))
        assert all(isinstance(item, Damage) for item in items)
        assert sum(item.length for item in items) == len(data)


def test_a_block_cannot_be_overfilled():
    writer = BlockWriter(1, capacity=24)
    writer.begin(record.HEADER, 0)
    with pytest.raises(ValueError):
        writer.add_bytes(bytes(25))
    with pytest.raises(ValueError):
        BlockWriter(1, capacity=5000)
