"""Brings the bytes of one file through a talk: several ranges asked for ahead, what is lost asked for again.

The device does one range after the other, so a range is over when a later one begins, or in silence. Frames get
shorter on a bad line and longer on a good one. Offsets are checked here; that the bytes are right is for the hash of
the whole file to say.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from retrowalk.bulk.frames import DATA, LEAST_PAYLOAD, MOST_PAYLOAD, Frame
from retrowalk.bulk.talk import Talk
from retrowalk.errors import DamagedError

RANGE_BYTES = 4096
RANGES_AHEAD = 3
# What lies between two losses is sent again with them if it is less: another request costs as much.
_HOLE_BYTES = 512
_LOOK_S = 0.05
_QUIET_S = 0.3
_LONGEST_QUIET_S = 2.0
_BAD_LINE_QUIET_S = 0.12  # there the last frame of a range often is missing, and nothing is to be waited for
_BAD = 0.10
_GOOD = 0.02
_LOOK_AGAIN = "`retrowalk doctor` checks the device; then run `retrowalk sync` again."


class Fetch:
    """One file, from `offset` to `end`; `on_bytes` gets its bytes in order. `run` returns when all have come."""

    def __init__(
        self, talk: Talk, session: int, part: int, offset: int, end: int, on_bytes: Callable[[bytes], None]
    ) -> None:
        self._talk = talk
        self._file = (session, part)
        self._base = offset
        self._end = end
        self._on_bytes = on_bytes
        self._data = bytearray(end - offset)
        self._given = offset
        self._missing = [(offset, end)] if end > offset else []
        # tag -> (start, end, how much of it was missing then)
        self._asked: OrderedDict[int, tuple[int, int, int]] = OrderedDict()
        self._over: dict[int, tuple[int, int, int]] = {}
        self._n_asked = self._n_lost = 0

    def run(self) -> None:
        """Fetch. Raises DamagedError for a device that lies, and Talk's errors; what has come is handed on first."""
        try:
            self._run()
        finally:
            self._give()

    @property
    def is_lossy(self) -> bool:
        """Whether much was lost on the way, of more than a few frames."""
        return self._n_lost > max(RANGE_BYTES, _BAD * self._n_asked)

    def _run(self) -> None:
        talk, quiet_s = self._talk, _QUIET_S
        talk.useful()
        heard_s = time.monotonic()
        while self._missing:
            self._ask_ahead()
            is_new = False
            for frame in talk.hear(_LOOK_S):
                heard_s = time.monotonic()
                is_new |= self._take(frame)
            if is_new:
                talk.useful()
                quiet_s = _BAD_LINE_QUIET_S if talk.is_bad_line else _QUIET_S
                self._give()
            elif time.monotonic() > heard_s + quiet_s:
                while self._asked:
                    self._end_range()
                if not talk.is_bad_line:
                    quiet_s = min(_LONGEST_QUIET_S, 1.5 * quiet_s)
                heard_s = time.monotonic()

    def _ask_ahead(self) -> None:
        """Keep some ranges under way; what is missing earliest comes first."""
        ahead = 1 if self._talk.is_bad_line else RANGES_AHEAD
        while len(self._asked) < ahead:
            wanted = self._next_range()
            if wanted is None:
                return
            start, end = wanted
            tag = self._talk.send("get", *self._file, start, end - start, self._talk.payload)
            self._over.pop(tag, None)
            self._asked[tag] = (start, end, self._lost_of(start, end))

    def _next_range(self) -> tuple[int, int] | None:
        """The first stretch that is missing and not under way, with what follows it closely."""
        first = until = -1
        for start, end in self._free():
            if until < 0:
                first, until = start, end
            elif start - until < _HOLE_BYTES:
                until = end
            else:
                break
        return None if until < 0 else (first, min(until, first + RANGE_BYTES))

    def _free(self) -> Iterator[tuple[int, int]]:
        """What is missing and not under way."""
        asked = sorted(self._asked.values())
        for start, end in self._missing:
            for asked_start, asked_end, _ in asked:
                if start < min(end, asked_start):
                    yield start, min(end, asked_start)
                start = max(start, min(end, asked_end))
            if start < end:
                yield start, end

    def _lost_of(self, start: int, end: int) -> int:
        """How many bytes of a stretch are missing."""
        return sum(max(0, min(end, b) - max(start, a)) for a, b in self._missing)

    def _take(self, frame: Frame) -> bool:
        """Put a frame's bytes in their place; True if any of them are new."""
        bounds = self._asked.get(frame.tag) or self._over.get(frame.tag)
        if bounds is None:
            self._talk.unasked()
            return False
        if frame.kind != DATA:
            self._talk.raise_refusal(frame)
            return False
        start, end = frame.offset, frame.offset + len(frame.payload)
        if start == end:
            raise DamagedError(
                f"A file ends at {start} bytes, where the device told {self._end}; it was not kept.", _LOOK_AGAIN
            )
        if start < bounds[0] or end > bounds[1]:
            raise DamagedError("The device sends other bytes than were asked for; they were not kept.", _LOOK_AGAIN)
        if frame.tag in self._asked:
            while next(iter(self._asked)) != frame.tag:
                self._end_range()
        is_new = self._fill(start, end)
        self._data[start - self._base : end - self._base] = frame.payload
        if end == bounds[1] and frame.tag in self._asked:
            self._end_range()
        return is_new

    def _fill(self, start: int, end: int) -> bool:
        """Take a stretch out of what is missing; False if nothing of it was."""
        left: list[tuple[int, int]] = []
        for gap_start, gap_end in self._missing:
            if gap_end <= start or end <= gap_start:
                left.append((gap_start, gap_end))
                continue
            left += [each for each in ((gap_start, start), (end, gap_end)) if each[0] < each[1]]
        is_new = left != self._missing
        self._missing = left
        return is_new

    def _end_range(self) -> None:
        """The oldest range is over: see what is lost of it, and fit the frames to the line."""
        tag, (start, end, n_missing) = self._asked.popitem(last=False)
        self._over[tag] = (start, end, n_missing)
        n_lost = self._lost_of(start, end)
        self._n_asked += n_missing
        self._n_lost += n_lost
        lost = n_lost / max(1, n_missing)
        payload = self._talk.payload
        if lost > _BAD:
            self._talk.payload = max(LEAST_PAYLOAD, payload // 2)
        elif lost < _GOOD:
            self._talk.payload = min(MOST_PAYLOAD, payload * 2)

    def _give(self) -> None:
        """Hand on what is there without a gap."""
        until = self._missing[0][0] if self._missing else self._end
        if until > self._given:
            piece = bytes(self._data[self._given - self._base : until - self._base])
            self._given = until
            self._on_bytes(piece)
