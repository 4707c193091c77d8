"""How the constants of retrogait.packing were chosen: each made smaller and larger, on recorded walks of every set.

All are powers of two, or sums of few. The packer is told again here in numpy, all blocks of a data set side by side,
with its constants as fields; that this tells the same is proved first, against the bytes of the device's own writer.
Then one set after the other is left out: what would the others have chosen for it? `make compression`.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np
from accuracy.recordings import DATA
from compression import GOAL_PERCENT, packed
from recorded_counts import SETS

from retrogait import packing, record

_AROUND_BYTES = record.HEAD_BYTES + record.CRC_BYTES + packing.BITS_AT


@dataclass(frozen=True)
class Constants:
    """Of the packer, in the units of the format's page: shares are one in so many."""

    slope_share: float = 2
    gain_unit: float = 16
    first_width: float = packing.FIRST_WIDTH
    widest: float = packing.WIDEST
    width_step: float = 8
    unrest_step: float = 4
    unrest_share: float = 8
    unary: int = packing.UNARY
    escape: int = packing.ESCAPE


TRIED = {
    "slope_share": (1.5, 3),
    "gain_unit": (8, 32),
    "first_width": (192, 256),
    "widest": (352, 415),
    "width_step": (4, 16),
    "unrest_step": (2, 8),
    "unrest_share": (4, 16),
    "unary": (3, 5),
    "escape": (7,),  # after 8 zeros a code of 12 low bits would not fit 31-bit integers
}


def block_bits(counts: np.ndarray, lengths: np.ndarray, by: Constants) -> np.ndarray:
    """Bits of the codes of each block; counts int [n_blocks, most samples, 6], of which `lengths` are the block's."""
    n_blocks = len(counts)
    bits = np.zeros(n_blocks, dtype=np.int64)
    slopes = np.zeros((n_blocks, 6), dtype=np.int64)
    gains = np.full((n_blocks, 6), int(by.gain_unit))
    widths = np.full((n_blocks, 6), int(by.first_width))
    unrest = np.zeros(n_blocks, dtype=np.int64)
    for at in range(1, counts.shape[1]):
        steps = counts[:, at] - counts[:, at - 1]
        errors = steps - np.floor(gains * slopes / by.gain_unit).astype(np.int64)
        gains += np.where((errors ^ slopes) < 0, -1, 1)
        slopes = steps - np.floor(slopes / by.slope_share).astype(np.int64)
        misses = np.where(errors < 0, ~(errors << 1), errors << 1)
        for axis in range(6):
            width = np.clip(widths[:, axis] + unrest, 0, int(by.widest))
            n_low = width >> 5
            quotient = misses[:, axis] >> n_low
            beyond = np.floor(np.log2(np.maximum(1, quotient - by.unary + 1))).astype(np.int64)
            zeros = np.minimum(quotient, by.unary) + beyond
            is_plain = zeros >= by.escape
            code = np.where(is_plain, by.escape + 16, zeros + 1 + n_low + beyond)
            zeros = np.minimum(zeros, by.escape)
            bits += np.where(at < lengths, code, 0)
            widths[:, axis] = width + int(by.width_step) * (zeros - 1)
            unrest += int(by.unrest_step) * (zeros - 1) - np.floor(unrest / by.unrest_share).astype(np.int64)
    return bits


def blocks_of(blocks: list[record.Block]) -> tuple[np.ndarray, np.ndarray]:
    """Counts and lengths as `block_bits` takes them."""
    lengths = np.array([block.n_samples for block in blocks])
    counts = np.zeros((len(blocks), lengths.max(), 6), dtype=np.int64)
    for row, block in zip(counts, blocks, strict=True):
        row[: block.n_samples] = np.array(block.counts).reshape(-1, 6)
    return counts, lengths


def percent(counts: np.ndarray, lengths: np.ndarray, by: Constants) -> float:
    """Of the plain bytes, heads included."""
    n_bytes = -(-block_bits(counts, lengths, by) // 8) + _AROUND_BYTES
    return 100 * float(n_bytes.sum()) / float(lengths.sum() * record.SAMPLE_BYTES)


def main() -> int:
    """Measure and print; 1 where the recordings are absent."""
    if not DATA.is_dir():
        sys.stderr.write(f"no recordings: {DATA} is absent, so nothing was measured\n")
        return 1
    sets: list[tuple[np.ndarray, np.ndarray]] = []
    for each in SETS:
        blocks = packed(each.counts(8))
        counts, lengths = blocks_of(blocks)
        n_bytes = -(-block_bits(counts, lengths, Constants()) // 8) + packing.BITS_AT
        assert n_bytes.tolist() == [len(block.payload) for block in blocks], "the packer is another than told here"
        sets.append((counts, lengths))
    print(f"constants of the packer: per cent of plain, heads included, at most 8 files a set; goal {GOAL_PERCENT:g}\n")
    print(f"{'':24}{'mean of sets':>14}{'dearest set':>14}")
    chosen = np.array([percent(*each, Constants()) for each in sets])
    print(f"{'as they are':24}{chosen.mean():14.2f}{chosen.max():14.2f}")
    tried = {"as they are": chosen}
    for name, value in ((name, value) for name, values in TRIED.items() for value in values):
        row = np.array([percent(*each, replace(Constants(), **{name: value})) for each in sets])
        tried[label := f"{name} {value:g}"] = row
        print(f"{label:24}{row.mean():14.2f}{row.max():14.2f}", flush=True)
    print("\nset left out, the step the others would take, and what it would do to the set")
    for i, each in enumerate(SETS):
        best = min(tried, key=lambda label: np.delete(tried[label], i).sum())
        print(f"{each.name:24}{best:24}{chosen[i]:8.2f} to {tried[best][i]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
