"""One session on flash: small rotating files of sealed blocks, flushed every five seconds.

What a returned flush covered survives a power cut; at most one flush interval is lost (see the docs).
Samples stop when only the room set aside for events is left, and a full flash never ends a walk: steps, cues and the
end of the session are written as long as anything can be.
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
    """Opens the next session with its HEADER block (a dict as JSON); OSError if even that has no room.

    faults: the counter. Fields: `session` (its number), `samples_dropped` (for want of room).
    """

    def __init__(self, header, faults):
        ensure_folder(FOLDER)
        self.session = next_session_number(FOLDER)
        self.samples_dropped = 0
        self._faults = faults
        self._room = free_bytes() - _KEPT_FOR_EVENTS_BYTES
        self._path = "%s/s%05d" % (FOLDER, self.session)
        os.mkdir(self._path)
        self._samples = record.BlockWriter(self.session)
        self._events = record.BlockWriter(self.session, 512)
        self._sequence = 0
        self._next_index = 0
        self._part = 0
        self._file = self._open_part()
        self._file_bytes = 0
        self._write_json(record.HEADER, 0, header)
        self._file.flush()
        self._samples.begin(record.SAMPLES, 0)
        self._events.begin(record.EVENTS, 0)

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
        self._seal_all(index)
        try:
            self._write_json(record.STATUS, index, status)
            self._file.flush()
        except OSError:
            self._faults.add("flash_full")

    def end(self, index, summary):
        """Write the END block (dict) and close; the session counts as complete only with it."""
        self._seal_all(index)
        try:
            self._write_json(record.END, index, summary)
        except OSError:
            self._faults.add("flash_full")
        try:
            self._file.close()
        except OSError:
            self._faults.add("flash_full")

    def _seal_all(self, index):
        self._seal(self._samples, record.SAMPLES, self._next_index)
        self._seal(self._events, record.EVENTS, index)

    def _seal(self, writer, kind, next_first_index):
        """Write the block that is being filled, if anything is in it, and begin the next."""
        if not writer.is_empty():
            if kind == record.SAMPLES and self._room <= 0:
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
        writer = record.BlockWriter(self.session, 1536)
        writer.begin(kind, index)
        writer.add_bytes(json.dumps(value).encode())
        self._write(writer)

    def _write(self, writer):
        writer.sequence = self._sequence
        block = writer.finish()
        if self._file_bytes + len(block) > FILE_BYTES:
            self._file.close()
            self._part += 1
            self._file = self._open_part()
            self._file_bytes = 0
        self._file.write(block)
        self._sequence += 1
        self._file_bytes += len(block)
        self._room -= len(block)

    def _open_part(self):
        return open("%s/%04d.rwl" % (self._path, self._part), "ab")
