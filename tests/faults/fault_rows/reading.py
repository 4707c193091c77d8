"""Reads a damaged session with the host's own readers and compares all that they give with the truth.

What must hold for any damage: no exception but the one that says that nothing can be replayed; every sample given is
the one that was recorded at its index; no event is given that was not recorded, nor twice; every sample that is not
given lies in a span that is named as missing, or behind the last that is there in a session that is not called
complete; and a session is called complete only if nothing of it is missing.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from fault_rows.made import Made
from fault_rows.row import Row
from retrowalk.errors import DamagedError
from retrowalk.session_files.contents import COMPLETE, Contents, read_contents
from retrowalk.session_files.session_log import SessionLog, load_session


class Reading:
    """row: where findings go; folder: where the files are put, under the names they have in an archive."""

    def __init__(self, row: Row, folder: Path, truth: Made) -> None:
        self._row = row
        self._folder = folder
        self._truth = truth

    def judge(self, files: list[bytes], where: str) -> Contents | None:
        """One case: `files` is what is left of the session. Returns what was read, None if that failed."""
        row = self._row
        row.cases += 1
        row.sessions += 1
        paths = self._write(files)
        try:
            contents = read_contents(paths)
            log = self._load(paths)
        except Exception as error:  # noqa: BLE001 that is what this looks for
            row.lose(f"{where}: {type(error).__name__}: {error}")
            return None
        self._compare(contents, log, where)
        return contents

    def _write(self, files: list[bytes]) -> list[Path]:
        for each in self._folder.iterdir():
            each.unlink()
        paths = [self._folder / f"{i:04d}.rwl" for i in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        return paths

    def _load(self, paths: list[Path]) -> SessionLog | None:
        try:
            return load_session(paths)
        except DamagedError:
            return None

    def _compare(self, contents: Contents, log: SessionLog | None, where: str) -> None:
        truth, row = self._truth, self._row
        given = np.zeros(len(truth.counts), dtype=bool)
        for segment in log.segments if log else ():
            is_inside = segment.end_index <= len(truth.counts)
            row.expect(is_inside, f"{where}: samples up to index {segment.end_index} of {len(truth.counts)}")
            if is_inside:
                span = slice(segment.first_index, segment.end_index)
                is_right = np.array_equal(segment.values, truth.counts[span]) and bool(truth.known[span].all())
                row.expect(is_right, f"{where}: wrong samples from index {segment.first_index}")
                row.expect(not given[span].any(), f"{where}: samples twice from index {segment.first_index}")
                given[span] = True
        if log:
            extra = Counter(map(tuple, log.events)) - truth.events
            row.expect(not extra, f"{where}: events that were never recorded: {list(extra)[:2]}")
        self._compare_spans(contents, given, log is not None, where)

    def _compare_spans(self, contents: Contents, given: np.ndarray, is_replayed: bool, where: str) -> None:
        truth, row = self._truth, self._row
        lost = truth.known & ~given
        row.bytes_lost = max(row.bytes_lost, 12 * int(lost.sum()))
        is_whole = not lost.any() and contents.step_count == truth.steps and contents.cues == truth.cues
        row.expect(is_whole or contents.state != COMPLETE, f"{where}: called complete, and is not")
        row.expect(contents.step_count <= truth.steps, f"{where}: {contents.step_count} steps of {truth.steps}")
        row.expect(contents.n_samples <= len(truth.counts), f"{where}: {contents.n_samples} samples long")
        if not is_replayed:
            return
        named = np.zeros(len(lost), dtype=bool)
        for start, end in contents.missing_spans:
            named[start:end] = True
        row.expect(not (named & given).any(), f"{where}: named as missing, and given")
        last = int(np.flatnonzero(given)[-1]) if given.any() else -1
        end = contents.n_samples if contents.end is not None else last
        unnamed = np.flatnonzero(lost[:end] & ~named[:end])
        row.expect(not unnamed.size, f"{where}: missing from index {unnamed[:1]}, and not named")
