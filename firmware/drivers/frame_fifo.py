"""Reading a FIFO of plain frames, all of one length: whole frames to samples, in bursts that hold the bus for 5 ms.

What the chip's FIFO says of itself (how much waits, whether it ran over) differs: that is the `chip`'s part, see
bmi270_fifo.py and mpu6886_fifo.py. Time is counted in samples, as with the LSM6DSOX. Nothing is allocated in read().
"""

SAMPLE_FIELDS = 6
_BURST_FRAMES = 16
_SPARE_FRAMES = 4


class FrameFifo:
    """bus: a drivers.bus.Bus; register: where the FIFO is read; frame_bytes: the length of a frame.

    places: for ax, ay, az, gx, gy, gz where in the frame the low byte is; high: from there to the high byte, 1 or -1;
    header: the first byte of a good frame, or -1 where frames have none.
    capacity: how many frames fit; chip: has waiting() -> whole frames that wait, which may call `lose` for what is
    missing before them, and broken(), told of a burst that failed.
    Counts since restart(): samples_read, lost_samples, overruns, burst_errors, bad_frames.
    """

    def __init__(self, bus, address, register, frame_bytes, places, high, header, capacity, chip):
        self._bus = bus
        self._address = address
        self._register = register
        self._frame_bytes = frame_bytes
        self._places = places
        self._high = high
        self._header = header
        self._nearly_full = capacity - _SPARE_FRAMES
        self._chip = chip
        self._raw = bytearray(_BURST_FRAMES * frame_bytes)
        view = memoryview(self._raw)
        self._bursts = tuple(view[: frames * frame_bytes] for frames in range(1, _BURST_FRAMES + 1))
        self.restart()

    def restart(self):
        """Count from zero; call when the FIFO has just been emptied."""
        self.samples_read = 0
        self.lost_samples = 0
        self.overruns = 0
        self.burst_errors = 0
        self.bad_frames = 0

    def lose(self, n_samples):
        """The chip's part found that so many are missing before what is read next."""
        self.lost_samples += n_samples

    def read(self, into):
        """Copy waiting samples into `into` (array "h", six counts each) and return how many.

        Samples that were lost are added to lost_samples and lie before those that the same call returns. Raises what
        the bus raises, before anything is taken out.
        """
        room = len(into) // SAMPLE_FIELDS
        waiting = self._chip.waiting()
        count = 0
        while waiting and count < room:
            frames = min(waiting, room - count, _BURST_FRAMES)
            if waiting > self._nearly_full:
                # A long burst would let the chip overwrite more samples between the look and the frame it is about.
                frames = 1
            try:
                self._bus.read_once(self._address, self._register, self._bursts[frames - 1])
            except OSError:
                self.burst_errors += 1
                self._bus.recover()
                self.samples_read += count
                self._chip.broken()
                return count
            count = self._decode(into, count, frames)
            waiting -= frames
        self.samples_read += count
        return count

    def _decode(self, into, count, frames):
        raw = self._raw
        places = self._places
        high = self._high
        header = self._header
        at = 0
        for _ in range(frames):
            if header >= 0 and raw[at] != header:
                # Not a sample: the chip lost its settings, or says something that nobody asked for.
                self.bad_frames += 1
            else:
                place = count * SAMPLE_FIELDS
                for field in range(SAMPLE_FIELDS):
                    low = at + places[field]
                    # (u ^ 0x8000) - 0x8000 makes an int16 of two bytes.
                    into[place + field] = ((raw[low] | raw[low + high] << 8) ^ 0x8000) - 0x8000
                count += 1
            at += self._frame_bytes
        return count
