"""Takes the raw samples out of a record file on the flash; steps, cues, every event and the totals stay.

The blocks that stay are copied to NAME.part, and the copy takes the file's name, which LittleFS does in one step:
whenever power fails, the file is whole or thinned, never less. In the place of the first block that is gone stands a
THINNED block that tells which are. A file with a damaged block is left as it is. Never called in a walk.
"""

import json
import os

from app.store import remove_path
from retrogait import record

_PART = ".part"
# Of the STATUS blocks one a minute stays: enough for dates and drift.
_STATUS_SAMPLES = 60 * 104
_MOST_SPANS = 32


def thin(path, scan):
    """Thin one file. scan: a BlockScan. Returns the bytes saved, 0 if there was nothing to take out or it is damaged.

    OSError if the copy has no room; then nothing has changed.
    """
    try:
        if not _copy_thinned(path, scan):
            return 0
        saved = os.stat(path)[6] - os.stat(path + _PART)[6]
        os.rename(path + _PART, path)
    except OSError:
        # Should that fail too, the next try writes over it.
        remove_path(path + _PART)
        raise
    return saved


def _copy_thinned(path, scan):
    """Make the copy; returns whether there was anything to take out of a whole file."""
    note = _Removal()
    with open(path, "rb") as file:
        if not _has_raw(file, scan):
            return False
        file.seek(0)
        for is_kept in _judged(file, scan):
            if not is_kept:
                note.add(scan)
        if not scan.is_whole:
            return False
        file.seek(0)
        with open(path + _PART, "wb") as part:
            _copy(file, scan, part, note)
    return True


def _has_raw(file, scan):
    """Whether raw samples come before a THINNED block: usually the second block tells."""
    scan.begin(file)
    while scan.next():
        if scan.has_samples:
            return True
        if scan.kind == record.THINNED:
            return False
    return False


def _judged(file, scan):
    """Yield for each block, which `scan` then holds, whether it stays."""
    status_due = 0
    scan.begin(file)
    while scan.next():
        is_kept = not scan.has_samples
        if scan.kind == record.STATUS:
            is_kept = scan.first_index >= status_due
            if is_kept:
                status_due = scan.first_index + _STATUS_SAMPLES
        yield is_kept


def _copy(file, scan, part, note):
    is_told = False
    for is_kept in _judged(file, scan):
        if is_kept:
            part.write(scan.block)
        elif not is_told:
            is_told = True
            part.write(note.block(scan.session))


class _Removal:
    """What the THINNED block tells."""

    def __init__(self):
        self._sequence = -1
        self._end_sequence = 0
        self._first_index = 0
        self._blocks = 0
        self._samples = 0
        self._spans = []

    def add(self, scan):
        """The block that `scan` holds is taken out."""
        if self._sequence < 0:
            self._sequence = scan.sequence
            self._first_index = scan.first_index
        self._end_sequence = scan.sequence + 1
        self._blocks += 1
        if scan.has_samples:
            n_samples = scan.n_samples
            self._samples += n_samples
            self._add_span(scan.first_index, scan.first_index + n_samples)

    def block(self, session):
        """The sealed block."""
        told = {
            "end_sequence": self._end_sequence,
            "blocks": self._blocks,
            "samples": self._samples,
            "spans": self._spans,
        }
        payload = json.dumps(told).encode()
        writer = record.BlockWriter(session, len(payload))
        writer.sequence = self._sequence
        writer.begin(record.THINNED, self._first_index)
        writer.add_bytes(payload)
        return writer.finish()

    def _add_span(self, first, end):
        spans = self._spans
        if spans and (spans[-1][1] == first or len(spans) == _MOST_SPANS):
            spans[-1][1] = end
        else:
            spans.append([first, end])
