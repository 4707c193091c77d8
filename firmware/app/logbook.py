"""One session on flash: small rotating files of sealed blocks, flushed every five seconds.

What a returned flush covered survives a power cut; at most one flush interval is lost (see the docs). Writing flash can
stop everything for hundreds of milliseconds, so adding never writes: full blocks wait in buffers until `work` is called
at a good moment. Samples stop when only the room for events is left; what has no room for a while of events does not
begin; and room for the end of the session is set aside as a file. Each file begins with the HEADER, and a session of
one file ends with it too: whatever block is damaged, the rest can be replayed.
"""

import json
import os

from app import recovery
from app.flash_room import LEAST_BYTES, give_up_reserve, set_aside_reserve
from app.sessions_folder import FOLDER, folder_of
from app.store import ensure_folder, next_session_number
from retrogait import record

FILE_BYTES = 64 * 1024
_KEPT_FOR_EVENTS_BYTES = 96 * 1024
_SAMPLE_BUFFERS = 3
_ENOSPC = 28


class Logbook:
    """Opens the next session with its HEADER block (a dict as JSON); OSError if there is no room for a session.

    free_bytes: of the flash, as FlashRoom knows it; faults: the counter. Fields: `session` (its number),
    `samples_dropped` and `is_full` (for want of room).
    """

    def __init__(self, header, free_bytes, faults):
        ensure_folder(FOLDER)
        set_aside_reserve()
        if free_bytes < LEAST_BYTES:
            raise OSError(_ENOSPC)
        self.session = next_session_number(FOLDER)
        self.samples_dropped = 0
        self.is_full = False
        self._faults = faults
        self._room = free_bytes - _KEPT_FOR_EVENTS_BYTES
        self._path = folder_of(self.session)
        recovery.note_open(self.session)
        os.mkdir(self._path)
        self._idle_buffers = [record.SampleWriter(self.session) for _ in range(_SAMPLE_BUFFERS)]
        self._sealed = []
        self._samples = self._idle_buffers.pop()
        self._events = record.BlockWriter(self.session, 512)
        self._sequence = 0
        self._next_index = 0
        self._header = json.dumps(header).encode()
        self._part = 0
        self._file = self._open_part(self._part)
        self._file_bytes = 0
        self._write_payload(record.HEADER, 0, self._header)
        self._file.flush()
        self._samples.begin_samples(0)
        self._events.begin(record.EVENTS, 0)

    def add_sample(self, index, sample):
        """Keep one raw sample with its index; after a gap in the index a new block begins."""
        samples = self._samples
        if index != self._next_index or samples.is_full:
            self._seal_samples(index)
            samples = self._samples
        self._next_index = index + 1
        samples.add_sample(sample)

    def add_event(self, index, kind, value_a, value_b):
        """Keep one event."""
        if self._events.room < record.EVENT_BYTES:
            self._write_events(index)
        self._events.add_event(index, kind, value_a, value_b)

    def work(self):
        """Write one block that waits, if any: call when a stall hurts nobody."""
        if self._sealed:
            writer = self._sealed.pop(0)
            self._write_samples(writer)
            self._idle_buffers.append(writer)

    def flush(self, index, status):
        """Write everything, with a STATUS block (dict) while there is room; called every five seconds."""
        self._write_all(index)
        try:
            if self._room > 0:
                self._write_json(record.STATUS, index, status)
        except OSError:
            self._no_room()
        self._flush_file()

    def end(self, index, summary):
        """Write the END block (dict) and close; the session counts as complete only with it."""
        self._write_all(index)
        try:
            if self._part == 0:
                self._write_payload(record.HEADER, 0, self._header)
            self._write_json(record.END, index, summary)
            self._file.close()
        except OSError:
            self._no_room()
            if not self._end_on_reserve(index, summary):
                return
        recovery.note_closed()

    def _end_on_reserve(self, index, summary):
        """The flash is full: give up the room set aside, and end in a file of its own; returns whether it did."""
        try:
            give_up_reserve()
            self._next_part()
            self._write_events(index)
            self._write_json(record.END, index, summary)
            self._file.close()
        except OSError:
            self._faults.add("session_unended")
            return False
        return True

    def _seal_samples(self, next_first_index):
        """Let the filled sample block wait for `work`, and begin the next."""
        samples = self._samples
        if not samples.is_empty():
            if not self._idle_buffers:
                self.work()
            self._sealed.append(samples)
            self._samples = self._idle_buffers.pop()
        self._samples.begin_samples(next_first_index)

    def _write_all(self, index):
        self._seal_samples(self._next_index)
        while self._sealed:
            self.work()
        self._write_events(index)

    def _write_samples(self, writer):
        if self._room > 0:
            try:
                self._write(writer)
                return
            except OSError:
                self._no_room()
        self.samples_dropped += writer.n_samples
        self._faults.counts["samples_dropped"] = self.samples_dropped

    def _write_events(self, next_first_index):
        """Write the events so far; those that have no room are kept for a next try, as long as the block holds them."""
        events = self._events
        if not events.is_empty():
            try:
                self._write(events)
            except OSError:
                self._no_room()
                self.is_full = True
                if events.room >= record.EVENT_BYTES:
                    return
        events.begin(record.EVENTS, next_first_index)

    def _no_room(self):
        self._faults.add("flash_full")
        self._room = 0

    def _write_json(self, kind, index, value):
        self._write_payload(kind, index, json.dumps(value).encode())

    def _write_payload(self, kind, index, payload):
        writer = record.BlockWriter(self.session, len(payload))
        writer.begin(kind, index)
        writer.add_bytes(payload)
        self._write(writer)

    def _write(self, writer):
        block = self._sealed_block(writer)
        if self._file_bytes + len(block) > FILE_BYTES:
            self._next_part()
            block = self._sealed_block(writer)
        self._file.write(block)
        self._sequence += 1
        self._file_bytes += len(block)
        self._room -= len(block)

    def _sealed_block(self, writer):
        writer.sequence = self._sequence
        return writer.finish()

    def _flush_file(self):
        try:
            self._file.flush()
        except OSError:
            self._no_room()
            self.is_full = True

    def _next_part(self):
        # The new one first: where it has no room, the old one stays open and can be flushed.
        part = self._open_part(self._part + 1)
        try:
            self._file.close()
        except OSError:
            self._no_room()
        self._part += 1
        self._file = part
        self._file_bytes = 0
        self._write_payload(record.HEADER, 0, self._header)

    def _open_part(self, number):
        return open("%s/%04d.rwl" % (self._path, number), "ab")
