"""Closes the session that was being written when power went: at the next start it gets its END block.

/data/recording holds the number of the session that is being written, so that a start with nothing to recover only
finds that there is no such file. Nothing that was recorded is changed: the END goes into a file of its own, after the
HEADER as in each file, and bytes of a block that was cut off stay where they are. Power may go again at any point: the
next start does the rest.
"""

import json
import os

from app import sessions_folder
from app.block_scan import BlockScan
from app.flash_room import give_up_reserve
from app.store import FOLDER, remove
from retrogait import record
from retrogait.events import BACKWARD, CUE, FORWARD, STEP, WITHHELD

_OPEN = "recording"
REASON = "power_lost"


def note_open(number):
    """A session begins; OSError if the flash is full."""
    with open(FOLDER + "/" + _OPEN, "w") as file:
        file.write("%d" % number)


def note_closed():
    """The session has its END. Should the flash refuse, the next start finds the END and does this again."""
    remove(_OPEN)


def recover(faults):
    """Close what a power cut left open. Returns the session's number if one was closed now, else None."""
    try:
        with open(FOLDER + "/" + _OPEN) as file:
            number = int(file.read(8))
    except OSError:
        return None
    except ValueError:
        # Cut before the number was written: then the session had not begun.
        note_closed()
        return None
    try:
        is_closed_now = _close(number)
    except OSError:
        faults.add("session_unrecovered")
        return None
    except Exception as error:  # noqa: BLE001 whatever it is: the device starts, and the next start tries again
        faults.write_traceback(error)
        return None
    note_closed()
    return number if is_closed_now else None


def _close(number):
    """Write the END if it is missing; returns whether it did. A session of which nothing was kept is removed."""
    folder = sessions_folder.folder_of(number)
    try:
        files = sessions_folder.record_files(folder)
    except OSError:
        return False
    totals = Totals()
    totals.read(files)
    if totals.is_ended:
        return False
    if not totals.has_blocks:
        _remove_empty(folder, files)
        return False
    last = files[-1]
    if os.stat(last)[6]:
        last = "%s/%04d.rwl" % (folder, int(last[-8:-4]) + 1)
    sessions_folder.forget_verified(folder)
    try:
        _write_end(last, number, totals)
    except OSError:
        give_up_reserve()
        _write_end(last, number, totals)
    return True


def _write_end(path, number, totals):
    """All of it is there when the file is closed, or nothing."""
    sequence = totals.next_sequence
    with open(path, "wb") as file:
        if totals.header:
            file.write(_sealed(number, sequence, record.HEADER, 0, totals.header))
            sequence += 1
        file.write(_sealed(number, sequence, record.END, totals.n_samples, json.dumps(totals.as_end()).encode()))


def _remove_empty(folder, files):
    """Only files without a byte: what cannot be read is kept for the host to judge."""
    if any(os.stat(path)[6] for path in files):
        return
    for path in files:
        os.remove(path)
    os.rmdir(folder)


def _sealed(number, sequence, kind, first_index, payload):
    writer = record.BlockWriter(number, len(payload))
    writer.sequence = sequence
    writer.begin(kind, first_index)
    writer.add_bytes(payload)
    return writer.finish()


class Totals:
    """What the blocks of a session tell of it: `header` (bytes of its JSON, maybe none), `n_samples`, `next_sequence`,
    `has_blocks`, `is_ended`, counts.
    """

    def __init__(self):
        self.header = b""
        self.n_samples = 0
        self.next_sequence = 0
        self.has_blocks = False
        self.is_ended = False
        self._steps = [0, 0, 0]
        self._cues = 0
        self._withheld = 0

    def read(self, files):
        """Count through the files, each as far as it is whole."""
        scan = BlockScan()
        for path in files:
            with open(path, "rb") as file:
                scan.begin(file)
                while scan.next():
                    self._take(scan)

    def as_end(self):
        """The content of the END block."""
        return {
            "reason": REASON,
            "n_samples": self.n_samples,
            "step_count": sum(self._steps),
            "backward_steps": self._steps[BACKWARD],
            "forward_steps": self._steps[FORWARD],
            "cues": self._cues,
            "cues_withheld": self._withheld,
            "recovered": True,
        }

    def _take(self, scan):
        self.has_blocks = True
        self.next_sequence = max(self.next_sequence, scan.sequence + 1)
        # A flush ends with a STATUS at the index it has reached; only a full flash has none.
        self.n_samples = max(self.n_samples, scan.first_index)
        if scan.kind == record.HEADER and not self.header:
            self.header = bytes(scan.payload)
        elif scan.kind == record.END:
            self.is_ended = True
        elif scan.has_samples:
            self.n_samples = max(self.n_samples, scan.first_index + scan.n_samples)
        elif scan.kind == record.EVENTS:
            for _index, kind, value_a, _value_b in record.events_of(scan.payload):
                if kind == STEP:
                    self._steps[value_a if value_a in (BACKWARD, FORWARD) else 0] += 1
                elif kind == CUE:
                    self._cues += 1
                elif kind == WITHHELD:
                    self._withheld += 1
