"""Who wears the clip: stands, walks a track when told to, bows when the clip asks for it, presses the button.

A track is a file of little-endian int32 x 6 at 104 Hz in the SENSOR's frame: specific force in ug, angular rate in
units of 125 udps. Between its samples the wearer moves in straight lines, so the IMU may run at a slightly other rate.
"""

from array import array

_RATE_HZ = 104
_FIELDS = 6
_SAMPLE_BYTES = 24
_CHUNK_SAMPLES = 64
_FRACTION_BITS = 10
_FRACTION_ONE = 1 << _FRACTION_BITS

# The request to bow (retrogait.patterns, MOVE_NOW): two pulses of 120 ms, 150 ms apart.
_PULSE_MS = (90, 150)
_GAP_MS = (50, 250)
_BOW_AFTER_US = 600000


class Track:
    """A file of frames, read in pieces; holds still at its last frame, or begins again if it loops."""

    def __init__(self, file, n_samples, is_loop):
        self.n_samples = n_samples
        self._file = file
        self._is_loop = is_loop
        self._chunk = array("i", (0 for _ in range((_CHUNK_SAMPLES + 1) * _FIELDS)))
        self._readable = memoryview(self._chunk)[: _CHUNK_SAMPLES * _FIELDS]
        self._first = -1
        self._count = 0
        self._locked = False
        self._start_us = 0

    def start(self, now_us):
        """Let sample 0 be now; the grid of samples is shifted (by less than one) to the IMU's at its first read."""
        self._start_us = now_us
        self._locked = False

    def read_into(self, into, now_us):
        """The six values at `now_us`."""
        if not self._locked:
            self._locked = True
            n_passed = (now_us - self._start_us) * _RATE_HZ // 1000000
            self._start_us = now_us - n_passed * 1000000 // _RATE_HZ
        position = ((now_us - self._start_us) * (_RATE_HZ << _FRACTION_BITS) + 500000) // 1000000
        index = position >> _FRACTION_BITS
        fraction = position & (_FRACTION_ONE - 1)
        if self._is_loop:
            index %= self.n_samples
        elif index >= self.n_samples - 1:
            index = self.n_samples - 1
            fraction = 0
        at = self._load(index)
        chunk = self._chunk
        for i in range(_FIELDS):
            value = chunk[at + i]
            if fraction:
                value += (chunk[at + _FIELDS + i] - value) * fraction >> _FRACTION_BITS
            into[i] = value

    def end_us(self):
        """When the last frame is reached."""
        return self._start_us + self.n_samples * 1000000 // _RATE_HZ

    def _load(self, index):
        """Have samples `index` and the next in memory; returns where the first is in the chunk."""
        if not self._first <= index < self._first + self._count:
            self._file.seek(index * _SAMPLE_BYTES)
            n_samples = self._file.readinto(self._readable) // _SAMPLE_BYTES
            self._first = index
            # The last sample of a chunk serves only as the neighbour of the one before it.
            self._count = n_samples - 1
            if index + n_samples >= self.n_samples:
                # At the end of the track it has no neighbour but itself.
                self._count = n_samples
                last = (n_samples - 1) * _FIELDS
                for i in range(_FIELDS):
                    self._chunk[last + _FIELDS + i] = self._chunk[last + i]
        return (index - self._first) * _FIELDS


class Stillness:
    """The track of a clip that lies still: gravity along one sensor axis and a little noise, without a file."""

    def __init__(self, axis, sign):
        self._axis = axis
        self._level_ug = sign * 1000000
        self._noise = 12345

    def start(self, now_us):
        """Nothing begins."""

    def read_into(self, into, now_us):
        """The six values."""
        for i in range(_FIELDS):
            self._noise = (self._noise * 1103515245 + 12345) & 0x7FFFFFFF
            into[i] = (self._noise >> 16) % 2001 - 1000
        into[self._axis] += self._level_ug


class Wearer:
    """idle, bow: tracks (bow may be None); button: a wire; pressed_level: 0 or 1; on_event(text) hears what happens."""

    def __init__(self, clock, idle, bow, button, pressed_level, on_event):
        self._clock = clock
        self._idle = idle
        self._bow = bow
        self._button = button
        self._pressed_level = pressed_level
        self._on_event = on_event
        self._track = idle
        self._ending = None
        self._level = 0
        self._changed_us = clock.us
        self._pulse_before = False
        self.hold_button(False)

    def read_into(self, into, now_us):
        """What the clip feels: for the IMU."""
        self._track.read_into(into, now_us)

    def walk(self, track, presses_us):
        """Play a track once, pressing the button at the given times of it, then stand again."""
        self._play(track, "walk")
        self.press_at(presses_us)

    def stand(self):
        """Break off whatever plays."""
        if self._ending is not None:
            self._clock.cancel(self._ending)
            self._ending = None
        self._track = self._idle

    def hold_button(self, is_down):
        """Hold the button, or let go."""
        self._button.drive(self._pressed_level if is_down else 1 - self._pressed_level)

    def press_at(self, after_us, length_us=100000):
        """Press the button for `length_us`, after each of the given spans from now."""
        clock = self._clock
        for span_us in after_us:
            clock.at(clock.us + span_us, lambda: self.hold_button(True))
            clock.at(clock.us + span_us + length_us, lambda: self.hold_button(False))

    def feel(self, now_us, level):
        """The motor's drive changed to `level`."""
        was_on = self._level > 0
        self._level = level
        if (level > 0) == was_on:
            return
        span_ms = (now_us - self._changed_us) // 1000
        self._changed_us = now_us
        if level > 0:
            self._pulse_before = self._pulse_before and _GAP_MS[0] <= span_ms <= _GAP_MS[1]
            return
        is_pulse = _PULSE_MS[0] <= span_ms <= _PULSE_MS[1]
        if is_pulse and self._pulse_before and self._track is self._idle and self._bow is not None:
            self._pulse_before = False
            self._clock.at(now_us + _BOW_AFTER_US, self._start_bow)
        else:
            self._pulse_before = is_pulse

    def _start_bow(self):
        if self._track is self._idle:
            self._play(self._bow, "bow")

    def _play(self, track, name):
        self.stand()
        track.start(self._clock.us)
        self._track = track
        self._on_event("started %s" % name)

        def end():
            self._ending = None
            self._track = self._idle
            self._on_event("ended %s" % name)

        self._ending = self._clock.at(track.end_us(), end)
