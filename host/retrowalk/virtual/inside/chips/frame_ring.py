"""The memory of a FIFO of whole frames: bytes go out one by one, frames come in whole; for bmi270.py and mpu6886.py."""


class FrameRing:
    """capacity: in bytes; frame_bytes; empty_byte: what is read when nothing waits. Field: overwritten (frames)."""

    def __init__(self, capacity, frame_bytes, empty_byte):
        self.overwritten = 0
        self._frame_bytes = frame_bytes
        self._most = capacity // frame_bytes
        self._empty_byte = empty_byte
        self._frames = []
        # Bytes of the oldest frame that are gone already.
        self._gone = 0

    def level(self):
        """Bytes that wait."""
        return len(self._frames) * self._frame_bytes - self._gone

    def is_full(self):
        """Whether no frame fits any more."""
        return len(self._frames) >= self._most

    def clear(self):
        """Empty it."""
        self._frames.clear()
        self._gone = 0

    def push(self, frame, overwrites):
        """A frame comes; when there is no room the oldest goes if it `overwrites`, else this one. False if one went."""
        has_room = not self.is_full()
        if not has_room:
            self.overwritten += 1
            if not overwrites:
                return False
            self._frames.pop(0)
            self._gone = 0
        self._frames.append(frame)
        return has_room

    def pop_into(self, buffer, repeats):
        """Fill `buffer`; if it `repeats`, a frame that was read in part is read again from its beginning."""
        for place in range(len(buffer)):
            if not self._frames:
                buffer[place] = self._empty_byte
                continue
            buffer[place] = self._frames[0][self._gone]
            self._gone += 1
            if self._gone == self._frame_bytes:
                self._frames.pop(0)
                self._gone = 0
        if repeats:
            self._gone = 0
