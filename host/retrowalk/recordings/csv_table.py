"""Reads the numbers of a recording's CSV fast, and says exactly what is wrong with a bad one.

Knows files, gzip, text and columns; nothing of gait, units or sampling. Called by `retrowalk.recordings.recording`.
"""

import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrowalk.console import clean
from retrowalk.errors import DamagedError, UsageError

_GZIP_MAGIC = b"\x1f\x8b"
_ABSURD = 1e15  # a number beyond this is no measurement; it counts as missing
_MISSING = {"", "na", "n/a", "null", "none", "nan", "inf", "+inf", "-inf"}
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


@dataclass(frozen=True)
class Table:
    """`names`: the header's columns; `values`: float64 [n, len(wanted)], NaN where empty; `lines`: line of each row."""

    names: list[str]
    values: np.ndarray
    lines: np.ndarray


def read_text(path: Path) -> str:
    """The text of a .csv or .csv.gz (told by content, not by name). Raises UsageError or DamagedError."""
    if path.is_dir():
        raise UsageError(
            f"{clean(path)} is a folder that holds no record files, so it is neither a recording nor a session.",
            "give a .csv or .csv.gz file, or a session's folder.",
        )
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"There is no file {clean(path)}.", "check the spelling and the folder you are in (`ls`)."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{clean(path)} cannot be read: {clean(error.strerror or error)}.", "check its permissions."
        ) from None
    if not data:
        raise DamagedError(f"{clean(path)} is empty: no byte is in it.", "copy or export the recording again.")
    if data.startswith(_GZIP_MAGIC):
        data = _unpack(path, data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedError(
            f"{clean(path)} is not text (byte {error.start} is no UTF-8), so it is no CSV.",
            "give a CSV with the header t_s,ax,ay,az,gx,gy,gz, or convert the file to one.",
        ) from None


def _unpack(path: Path, data: bytes) -> bytes:
    """gunzip; a cut or corrupt file is told with what is still readable."""
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        reader = zlib.decompressobj(wbits=31)
        try:
            rows = max(0, reader.decompress(data).count(b"\n") - 1)
        except zlib.error:
            rows = 0
    can_save = f" Its first {rows} rows are readable." if rows else ""
    save = f", or save those rows with `gzip -dc {clean(path)} > part.csv` and analyze part.csv" if rows else ""
    raise DamagedError(
        f"{clean(path)} is a gzip file that is cut short or corrupt.{can_save}", f"copy it again{save}."
    ) from None


def read_table(path: Path, wanted: tuple[str, ...], optional: tuple[str, ...] = ()) -> Table:
    """The columns `wanted`, then those of `optional` (all or none of them), as numbers.

    Raises UsageError for wrong columns, DamagedError for a file without rows, text among the numbers or rows of
    the wrong length. Empty cells, `nan` and `inf` become NaN.
    """
    lines = read_text(path).splitlines()
    numbered = [(i, line) for i, line in enumerate(lines, start=1) if line and not line.isspace()]
    if not numbered:
        raise DamagedError(f"{clean(path)} holds nothing but blank lines.", "copy or export the recording again.")
    names = [word.strip().strip('"') for word in numbered[0][1].split(",")]
    columns = wanted + optional if any(name in names for name in optional) else wanted
    _check_columns(path, names, columns, wanted + optional)
    rows = numbered[1:]
    if not rows:
        raise DamagedError(
            f"{clean(path)} has a header but no samples under it.", "copy or export the recording again."
        )
    at = [names.index(name) for name in columns]
    texts = [line for _, line in rows]
    try:
        values = np.loadtxt(texts, delimiter=",", comments=None, usecols=at, ndmin=2)
    except ValueError:
        values = _read_slowly(path, rows, len(names), columns, at)
    values[~(np.abs(values) < _ABSURD)] = np.nan
    return Table(names, values, np.array([i for i, _ in rows]))


def _check_columns(path: Path, names: list[str], columns: tuple[str, ...], full: tuple[str, ...]) -> None:
    header = ",".join(full)
    if all(_NUMBER.fullmatch(name) for name in names):
        raise UsageError(
            f"{clean(path)} has no header: its first line is numbers, so nothing says which column is which.",
            f"put `{header}` (or what the columns are) as its first line.",
        )
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        mark = "semicolons" if ";" in names[0] else "tabs"
        raise UsageError(f"{clean(path)} separates its columns by {mark}.", "save it with commas and decimal points.")
    missing = [name for name in columns if name not in names]
    if missing:
        found = clean(", ".join(name or "(no name)" for name in names))
        raise UsageError(
            f"{clean(path)} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. It has: {found}.",
            f"rename its columns so that the header reads {header}; further columns do no harm.",
        )
    twice = sorted({name for name in columns if names.count(name) > 1})
    if twice:
        raise UsageError(f"{clean(path)} has the column {twice[0]} more than once.", "keep one of them.")


def _read_slowly(
    path: Path, rows: list[tuple[int, str]], n_names: int, columns: tuple[str, ...], at: list[int]
) -> np.ndarray:
    """Row by row, for files with empty cells, and to find the line that is wrong."""
    values = np.empty((len(rows), len(at)))
    for row, (line, text) in enumerate(rows):
        cells = text.split(",")
        if len(cells) != n_names:
            last = " It is the last line: the file seems cut short." if row == len(rows) - 1 else ""
            raise DamagedError(
                f"{clean(path)}, line {line}: {len(cells)} values where the header names {n_names} columns.{last}",
                f"mend or delete line {line}, or copy the file again.",
            )
        for k, i in enumerate(at):
            values[row, k] = _number(path, line, columns[k], cells[i])
    return values


def _number(path: Path, line: int, column: str, cell: str) -> float:
    text = cell.strip().strip('"')
    if text.lower() in _MISSING:
        return float("nan")
    if not _NUMBER.fullmatch(text):
        raise DamagedError(
            f'{clean(path)}, line {line}, column {column}: "{clean(text, 40)}" is not a number.',
            f"mend or delete line {line}.",
        )
    return float(text)
