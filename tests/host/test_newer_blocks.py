"""Sessions of other formats: plain samples of format 1 read on, and what only a newer retrowalk reads is named."""

import json
import struct
from binascii import crc32
from pathlib import Path

import pytest
from sessions_made import json_block, make_session
from walks_made import header, write_session

from retrogait import record
from retrowalk.session_files.contents import COMPLETE, newer_text, read_contents
from retrowalk.session_files.session_log import load_session

NEWER = [(200, 1), (record.PACKED, 9), (record.SAMPLES, 9), (record.EVENTS, 9)]


def rewritten(folder: Path, change) -> list[Path]:
    """The session's blocks in one file, each as (kind, version, payload, first_index) by `change`, numbered anew."""
    data = b"".join(path.read_bytes() for path in sorted(folder.glob("*.rwl")))
    rows = [row for block in record.read_blocks(data) for row in change(block)]
    out = b""
    for sequence, (kind, version, payload, first) in enumerate(rows):
        sealed = struct.pack("<2sBBIIIH", b"RW", kind, version, 7, sequence, first, len(payload)) + payload
        out += sealed + struct.pack("<I", crc32(sealed))
    for path in folder.glob("*.rwl"):
        path.unlink()
    (folder / "0000.rwl").write_bytes(out)
    return [folder / "0000.rwl"]


def as_it_is(block):
    return block.kind, block.version, block.payload, block.first_index


def with_newer_ones(block):
    yield as_it_is(block)
    if block.kind == record.HEADER:
        for kind, version in NEWER:
            yield kind, version, b"\xff\x00RW whatever", 0


def test_newer_blocks_are_skipped_and_named_and_no_damage(tmp_path):
    before = load_session(sorted(write_session(tmp_path / "s00007").glob("*.rwl")))
    files = rewritten(tmp_path / "s00007", with_newer_ones)
    after = load_session(files)
    assert after.contents.state == COMPLETE
    assert after.contents.damage == []
    told = after.contents.as_manifest()["newer_blocks"]
    assert [(each["kind"], each["version"], each["n"]) for each in told] == sorted((*each, 1) for each in NEWER)
    assert newer_text(after.contents) in after.notes
    assert "4 blocks of another format (kind 2 version 9, " in newer_text(after.contents)
    assert newer_text(before.contents) == ""
    assert [segment.values.tobytes() for segment in after.segments] == [
        segment.values.tobytes() for segment in before.segments
    ]
    assert after.events == before.events


def test_a_newer_header_is_not_a_missing_one(tmp_path):
    def with_newer_header(block):
        yield block.kind, 9 if block.kind == record.HEADER else 1, block.payload, block.first_index

    found = read_contents(rewritten(write_session(tmp_path / "s00007"), with_newer_header))
    assert (found.state, found.header, found.newer) == (COMPLETE, {}, {(record.HEADER, 9): 1})


def test_a_newer_block_that_is_lost_is_missed_all_the_same(tmp_path):
    files = rewritten(write_session(tmp_path / "s00007"), with_newer_ones)
    data = bytearray(files[0].read_bytes())
    at = data.index(b"RW whatever")
    data[at] ^= 1
    files[0].write_bytes(data)
    assert {each["kind"] for each in read_contents(files).damage} == {"corrupt bytes", "blocks missing"}


def test_plain_and_packed_samples_are_the_same_walk(tmp_path):
    packed = load_session(sorted(write_session(tmp_path / "s00007").glob("*.rwl")))

    def plainly(block):
        if block.kind != record.PACKED:
            return [as_it_is(block)]
        rows = list(block.samples())
        halves = (0, rows[:80]), (80, rows[80:])
        return [
            (record.SAMPLES, 1, b"".join(struct.pack("<6h", *row) for row in half), block.first_index + at)
            for at, half in halves
            if half
        ]

    files = rewritten(tmp_path / "s00007", plainly)
    plain = load_session(files)
    assert plain.n_samples == packed.n_samples
    assert [each.values.tobytes() for each in plain.segments] == [each.values.tobytes() for each in packed.segments]
    assert plain.contents.as_manifest() == packed.contents.as_manifest()


def test_a_session_of_format_1_reads_on(tmp_path):
    files = []
    for number, data in enumerate(make_session(3)):
        files.append(tmp_path / f"{number:04}.rwl")
        files[-1].write_bytes(data)
    found = read_contents(files)
    assert (found.state, found.n_samples) == (COMPLETE, 30 * 84)


@pytest.mark.parametrize("payload", [b"", b"\x01\x00" + bytes(12), b"\xff\xff" + bytes(40), bytes(17)])
def test_packed_samples_that_cannot_be_are_damage(tmp_path, payload):
    writer = record.BlockWriter(7)
    writer.begin(record.PACKED, 0)
    writer.add_bytes(payload)
    writer.sequence = 1
    blocks = [bytes(json_block(7, record.HEADER, 0, header()).finish()), bytes(writer.finish())]
    end = json_block(7, record.END, 0, {"reason": "button"})
    end.sequence = 2
    path = tmp_path / "0000.rwl"
    path.write_bytes(b"".join([*blocks, bytes(end.finish())]))
    found = read_contents([path])
    assert sorted(each["kind"] for each in found.damage) == ["blocks missing", "corrupt bytes"]
    assert json.dumps(found.as_manifest())
