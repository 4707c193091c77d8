"""Session files as the device leaves them when it has taken the raw samples out to make room."""

from __future__ import annotations

from sessions_made import json_block

from retrogait import record


def thin(data: bytes) -> bytes:
    """One record file without its SAMPLES blocks, by the format's page and not by the device's code."""
    blocks = [block for block in record.read_blocks(data) if isinstance(block, record.Block)]
    gone = [block for block in blocks if block.kind == record.SAMPLES]
    counts = [len(block.payload) // record.SAMPLE_BYTES for block in gone]
    note = json_block(
        blocks[0].session,
        record.THINNED,
        gone[0].first_index,
        {
            "end_sequence": gone[-1].sequence + 1,
            "blocks": len(gone),
            "samples": sum(counts),
            "spans": [[gone[0].first_index, gone[-1].first_index + counts[-1]]],
        },
    )
    note.sequence = gone[0].sequence
    out = b""
    for block in blocks:
        if block is gone[0]:
            out += bytes(note.finish())
        elif block.kind != record.SAMPLES:
            end = block.offset + record.HEAD_BYTES + len(block.payload) + record.CRC_BYTES
            out += data[block.offset : end]
    return out
