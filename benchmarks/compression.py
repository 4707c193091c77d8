"""How small raw samples become: `make compression`. Per cent of the plain 12 bytes a sample, data set by data set.

Ours is written by the device's own writer as app/logbook.py does: blocks sealed at every flush of five seconds, read
back and compared. `with heads` is what lies on flash, block heads and checksums included; all others are payload only,
and those per file had the whole recording to learn from. Peers: compression_peers.py, flac_peer.py.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from accuracy.recordings import DATA
from compression_peers import difference_entropy, flac_files, lpc_rice, zlib_blocks, zlib_files
from machine import machine
from recorded_counts import SETS

from retrogait import RATE_HZ, record

FLUSH_SAMPLES = 5 * RATE_HZ
GOAL_PERCENT = 60.0
_PLAIN_BYTES = record.SAMPLE_BYTES
COLUMNS = (
    "with heads", "ours", "zlib, block", "zlib, file", "lpc, block", "flac, file", "entropy d1", "entropy d2",
)  # fmt: skip


def packed(segments: list[np.ndarray]) -> list[record.Block]:
    """All blocks of a data set, read back from what the device would write; AssertionError if a count has changed."""
    writer = record.SampleWriter(1)
    blocks: list[record.Block] = []
    for segment in segments:
        rows = segment.tolist()
        at = 0
        while at < len(rows):
            writer.begin_samples(at)
            end = min(len(rows), (at // FLUSH_SAMPLES + 1) * FLUSH_SAMPLES)
            while at < end and not writer.is_full:
                writer.add_sample(rows[at])
                at += 1
            (block,) = record.read_blocks(bytes(writer.finish()))
            assert isinstance(block, record.Block)
            assert np.array_equal(np.array(block.counts).reshape(-1, 6), segment[block.first_index : at])
            blocks.append(block)
    return blocks


def share_of(blocks: list[record.Block], with_heads: bool) -> float:
    """Per cent of the plain bytes."""
    around = record.HEAD_BYTES + record.CRC_BYTES if with_heads else 0
    n_bytes = sum(len(block.payload) + around for block in blocks)
    return 100 * n_bytes / sum(block.n_samples * _PLAIN_BYTES for block in blocks)


def figures(segments: list[np.ndarray]) -> dict[str, float | None]:
    """One row of the table."""
    blocks = packed(segments)
    parts = [np.array(block.counts, dtype="<i2").reshape(-1, 6) for block in blocks]
    values = (
        share_of(blocks, True), share_of(blocks, False), zlib_blocks(parts), zlib_files(segments), lpc_rice(parts),
        flac_files(segments), difference_entropy(segments, 1), difference_entropy(segments, 2),
    )  # fmt: skip
    return {
        "samples": len(blocks) and sum(block.n_samples for block in blocks),
        "samples_a_block": sum(block.n_samples for block in blocks) / len(blocks),
        **dict(zip(COLUMNS, values, strict=True)),
    }


def main() -> int:
    """Measure and print; 1 where the recordings are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.stderr.write(f"no recordings: {DATA} is absent, so nothing was measured\n")
        return 1
    print(f"machine: {machine()}")
    print(f"per cent of {_PLAIN_BYTES} bytes a sample; goal: with heads at most {GOAL_PERCENT:g}\n")
    print(f"{'':22}{'samples':>8}{'a block':>8}" + "".join(f"{name:>12}" for name in COLUMNS))
    table = {}
    for each in SETS:
        row = table[each.name] = figures(each.counts())
        cells = "".join(f"{'-':>12}" if row[name] is None else f"{row[name]:12.1f}" for name in COLUMNS)
        missed = "   misses the goal" if (row["with heads"] or 0) > GOAL_PERCENT else ""
        print(f"{each.name:22}{row['samples']:8.0f}{row['samples_a_block']:8.0f}{cells}{missed}", flush=True)
    print("\nlpc: an estimate of FLAC on our blocks (order 0 to 8, 12-bit coefficients, Rice by parts)")
    print(
        "flac: libFLAC at its best level over the whole recording" + ("" if row["flac, file"] else "; -: `make peers`")
    )
    print(
        "entropy: of first and second differences, all blocks pooled: no bound for what follows the walk, as ours does"
    )
    if args.json:
        args.json.write_text(json.dumps({"machine": machine(), "percent": table}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
