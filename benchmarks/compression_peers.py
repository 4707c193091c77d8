"""What others make of the same counts, in per cent of the plain bytes: zlib, linear prediction, FLAC, entropy.

Counts are int16 [n, 6]. Called by compression.py.
"""

import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np

_PEERS = Path(__file__).resolve().parents[1] / ".venv" / "peers" / "bin" / "python"
_ORDERS = 8
_COEFFICIENT_BITS = 12
_ROW_BYTES = 12


def _percent(n_bytes: float, parts: list[np.ndarray]) -> float:
    return 100 * n_bytes / sum(len(part) * _ROW_BYTES for part in parts)


def zlib_blocks(blocks: list[np.ndarray]) -> float:
    """zlib at its best level, each of our blocks alone."""
    return _percent(sum(len(zlib.compress(block.tobytes(), 9)) for block in blocks), blocks)


def zlib_files(segments: list[np.ndarray]) -> float:
    """The same, each recording whole."""
    return _percent(sum(len(zlib.compress(each.tobytes(), 9)) for each in segments), segments)


def flac_files(segments: list[np.ndarray]) -> float | None:
    """libFLAC, each recording whole; None where the peers (or soundfile among them) are not set up."""
    if not _PEERS.exists():
        return None
    with tempfile.TemporaryDirectory(prefix="retrowalk-flac-") as folder:
        for i, each in enumerate(segments):
            np.save(Path(folder) / f"{i}.npy", each)
        command = [str(_PEERS), str(Path(__file__).with_name("flac_peer.py")), folder]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return _percent(int(run.stdout), segments) if run.returncode == 0 else None


def difference_entropy(segments: list[np.ndarray], order: int) -> float:
    """Entropy of the differences of that order, each axis' values pooled over the data set."""
    bits = 0.0
    for axis in range(6):
        values = np.concatenate([np.diff(each[:, axis].astype(int), order) for each in segments if len(each) > order])
        _, counts = np.unique(values, return_counts=True)
        share = counts / len(values)
        bits -= float((share * np.log2(share)).sum())
    return 100 * bits / (8 * _ROW_BYTES)


def lpc_rice(blocks: list[np.ndarray]) -> float:
    """An estimate of FLAC on our blocks: the best of linear prediction and fixed orders, then Rice codes by parts."""
    n_bits = 0
    for block in blocks:
        for axis in range(6):
            signal = block[:, axis].astype(np.int64)
            n_bits += 8 + min(_fixed_bits(signal), _lpc_bits(signal), 16 * len(signal))
    return _percent(n_bits / 8, blocks)


def _fixed_bits(signal: np.ndarray) -> int:
    """Differences of order 0 to 4, the one of the smallest sum; its first values are plain."""
    order = min(range(min(5, len(signal))), key=lambda order: np.abs(np.diff(signal, order)).sum())
    return 16 * order + _rice_bits(np.diff(signal, order))


def _lpc_bits(signal: np.ndarray) -> int:
    """Least squares by autocorrelation over a tapered block, the best order up to 8."""
    n = len(signal)
    if n < 4 * _ORDERS:
        return 16 * n
    tapered = signal * np.hanning(n + 2)[1:-1]
    lags = np.array([float(tapered[k:] @ tapered[: n - k]) for k in range(_ORDERS + 1)])
    lags[0] = lags[0] * (1 + 1e-9) + 1
    best = signal
    for order in range(1, _ORDERS + 1):
        rows = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
        weights = np.linalg.solve(lags[rows], lags[1 : order + 1])
        shift = _COEFFICIENT_BITS - 2 - int(np.ceil(np.log2(max(1e-9, np.abs(weights).max()))))
        whole = np.rint(weights * 2.0**shift) / 2.0**shift
        history = np.stack([signal[order - 1 - k : n - 1 - k] for k in range(order)], axis=1)
        miss = signal[order:] - np.floor(history @ whole).astype(np.int64)
        # An order must win what its coefficient costs.
        if np.abs(miss).mean() * 2 ** (_COEFFICIENT_BITS / n) < np.abs(best).mean():
            best = miss
    return (n - len(best)) * (16 + _COEFFICIENT_BITS) + 9 + _rice_bits(best)


def _rice_bits(miss: np.ndarray) -> int:
    """Bits of the best Rice code, the block in 1, 2, 4 or 8 parts with a parameter of 4 bits each."""
    folded = np.where(miss >= 0, 2 * miss, -2 * miss - 1)
    cuts = (np.arange(n_parts) * len(folded) // n_parts for n_parts in (1, 2, 4, 8) if n_parts <= len(folded))
    return min(_parts_bits(folded, each) for each in cuts)


def _parts_bits(folded: np.ndarray, cuts: np.ndarray) -> int:
    """With each part's best parameter."""
    lengths = np.diff(cuts, append=len(folded))
    bits = [np.add.reduceat(folded >> k, cuts) + (k + 1) * lengths for k in range(17)]
    return int(np.min(bits, axis=0).sum()) + 4 * len(cuts)
