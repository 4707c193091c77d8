"""Sessions on flash: small rotating files of sealed blocks, flushed every five seconds.

What a returned flush covered survives a power cut; at most one flush interval is lost (docs/reference/record-format.md
and design figures in docs/explanation). Samples stop when the room set aside for events is reached, and a full flash
never ends a walk: steps, cues and the end of the session are written as long as anything can be.
"""

import json
import os

from app.store import ensure_folder, next_session_number
from retrogait import record

FOLDER = "/sessions"
FILE_BYTES = 64 * 1024
_KEPT_FOR_EVENTS_BYTES = 96 * 1024


def free_bytes():
    """Free space of the filesystem: slow, never call it during a walk."""
    figures = os.statvfs("/")
    return figures[0] * figures[3]


class Logbook:
    """One session's writer. faults: the counter. Fields: `session` (number), `samples_dropped`, `open`."""

    def __init__(self, faults):
        self.session = 0
        self.samples_dropped = 0
        self.open = False
        self._faults = faults
        self._file = None
        self._samples = None
        self._events = None
        self._room = 0

    def begin(self, header):
        """Open the next session and write its HEADER block (a dict as JSON); OSError if even that has no room."""
        ensure_folder(FOLDER)
        self._room = free_bytes() - _KEPT_FOR_EVENTS_BYTES
        self.session = next_session_number(FOLDER)
        self._path = "%s/s%05d" % (FOLDER, self.session)
        os.mkdir(self._path)
        self._samples = record.BlockWriter(self.session)
        self._events = record.BlockWriter(self.session, 512)
        self._sequence = 0
        self._part = -1
        self._next_index = 0
        self.samples_dropped = 0
        self._rotate()
        self._write_json(record.HEADER, 0, header)
        self._file.flush()
        self._samples.begin(record.SAMPLES, 0)
        self._events.begin(record.EVENTS, 0)
        self.open = True

    def add_sample(self, index, sample):
        """Keep one raw sample with its index; after a gap in the index a new block begins."""
        samples = self._samples
        if index != self._next_index or samples.room < record.SAMPLE_BYTES:
            self._seal(samples, record.SAMPLES, index)
        self._next_index = index + 1
        samples.add_sample(sample)

    def add_event(self, index, kind, value_a, value_b):
        """Keep one event."""
        events = self._events
        if events.room < record.EVENT_BYTES:
            self._seal(events, record.EVENTS, index)
        events.add_event(index, kind, value_a, value_b)

    def flush(self, index, status):
        """Seal and write everything, with a STATUS block (dict); called every five seconds."""
        self._seal(self._samples, record.SAMPLES, self._next_index)
        self._seal(self._events, record.EVENTS, index)
        try:
            self._write_json(record.STATUS, index, status)
            self._file.flush()
        except OSError:
            self._faults.add("flash_full")

    def end(self, index, summary):
        """Write the END block (dict) and close; the session counts as complete only with it."""
        if not self.open:
            return
        self.open = False
        self._seal(self._samples, record.SAMPLES, index)
        self._seal(self._events, record.EVENTS, index)
        try:
            self._write_json(record.END, index, summary)
            self._file.close()
        except OSError:
            self._faults.add("flash_full")

    def _seal(self, writer, kind, next_first_index):
        """Write the block that is being filled, if anything is in it, and begin the next."""
        if not writer.is_empty():
            samples = kind == record.SAMPLES
            if samples and self._room <= 0:
                self.samples_dropped += (writer.capacity - writer.room) // record.SAMPLE_BYTES
                self._faults.counts["samples_dropped"] = self.samples_dropped
            else:
                try:
                    self._write(writer)
                except OSError:
                    self._faults.add("flash_full")
                    self._room = 0
        writer.begin(kind, next_first_index)

    def _write_json(self, kind, index, value):
        writer = record.BlockWriter(self.session, 1024)
        writer.begin(kind, index)
        writer.add_bytes(json.dumps(value).encode())
        self._write(writer)

    def _write(self, writer):
        writer.sequence = self._sequence
        block = writer.finish()
        if self._file_bytes + len(block) > FILE_BYTES:
            self._rotate()
        self._file.write(block)
        self._sequence += 1
        self._file_bytes += len(block)
        self._room -= len(block)

    def _rotate(self):
        if self._file:
            self._file.close()
        self._part += 1
        self._file_bytes = 0
        self._file = open("%s/%04d.rwl" % (self._path, self._part), "ab")
