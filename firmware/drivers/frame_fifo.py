"""Reading a FIFO of plain frames, all of one length: whole frames to samples, in bursts that hold the bus for 5 ms.

What the chip's FIFO says of itself (how much waits, whether it ran over) differs: bmi270_fifo.py and mpu6886_fifo.py
add it. Time is counted in samples, as with the LSM6DSOX. Nothing is allocated in read().
"""

from drivers.registers import Registers
from retrogait import const

_SAMPLE_FIELDS = const(6)
_BURST_FRAMES = const(16)
_SPARE_FRAMES = const(4)


class FrameFifo(Registers):
    """bus: a drivers.bus.Bus; register: where the FIFO is read; frame_bytes: the length of a frame.

    places: for ax, ay, az, gx, gy, gz where in the frame the low byte is; high: from there to the high byte, 1 or -1;
    header: the first byte of a good frame, or -1 where frames have none.
    capacity: how many frames fit. A chip's FIFO adds restart(), level() and read(into), which adds to lost_samples what
    is missing before the frames that wait, and takes them by _take. _is_broken: a burst failed since it was last False.
    Counts since restart(): samples_read, lost_samples, overruns, burst_errors, bad_frames.
    """

    def __init__(self, bus, address, register, frame_bytes, places, high, header, capacity):
        super().__init__(bus, address)
        self._register = register
        self._frame_bytes = frame_bytes
        self._places = places
        self._high = high
        self._header = header
        self._nearly_full = capacity - _SPARE_FRAMES
        self._raw = bytearray(_BURST_FRAMES * frame_bytes)
        view = memoryview(self._raw)
        self._bursts = tuple(view[: frames * frame_bytes] for frames in range(1, _BURST_FRAMES + 1))
        self._forget()

    def _forget(self):
        """Count from zero; for when the FIFO has just been emptied."""
        self.samples_read = 0
        self.lost_samples = 0
        self.overruns = 0
        self.burst_errors = 0
        self.bad_frames = 0
        self._is_broken = False

    def _take(self, into, waiting):
        """Copy samples of the `waiting` frames into `into` (array "h", six counts each) and return how many."""
        room = len(into) // _SAMPLE_FIELDS
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
                self._is_broken = True
                break
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
                place = count * _SAMPLE_FIELDS
                for field in range(_SAMPLE_FIELDS):
                    low = at + places[field]
                    # (u ^ 0x8000) - 0x8000 makes an int16 of two bytes.
                    into[place + field] = ((raw[low] | raw[low + high] << 8) ^ 0x8000) - 0x8000
                count += 1
            at += self._frame_bytes
        return count
