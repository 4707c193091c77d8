"""Waiting: steps the clock from event to event, holds it to the wall clock, and wakes for input.

speed 1.0 is life, N is N times as fast, 0 is as fast as it can. The wall clock is the only thing here that is not
deterministic; at speed 0 it is looked at only while `live` (the REPL waits for a human, so time passes as for him).
"""

import select

_STAMP_US = 100000
# Later than this, the host could not keep up: the debt is forgotten rather than raced for.
_MOST_LAG_US = 500000
_LONGEST_POLL_MS = 1000
_GLANCE_US = 1


class Pacer:
    """clock: the Clock; wall: the real time module; on_stamp(): called every 0.1 s of virtual time, or None."""

    def __init__(self, clock, wall, speed, on_stamp=None):
        self.live = False
        self._clock = clock
        self._wall = wall
        self._on_stamp = on_stamp
        self._stamp_us = clock.us
        self._poller = select.poll()
        self._watchers = {}
        self.set_speed(speed)

    def set_speed(self, speed):
        """Change the pace from now on."""
        self._speed = speed
        self._anchor()

    def leap(self, span_us):
        """Let `span_us` pass at once; the wall clock is not asked to make up for it."""
        self._clock.advance(span_us)
        self._anchor()

    def watch(self, fd, mask, function):
        """Call function(fd, events) when the file descriptor is ready, during any wait."""
        self._watchers[fd] = function
        self._poller.register(fd, mask)

    def unwatch(self, fd):
        """Stop watching a file descriptor."""
        del self._watchers[fd]
        self._poller.unregister(fd)

    def glance(self):
        """The program asked for the time: that costs it a microsecond, so that loops on the time come to an end."""
        if self.live:
            self._catch_up()
        self._clock.advance(_GLANCE_US)

    def wait(self, limit_us, is_ready=None):
        """Let time pass to `limit_us` (-1: for ever) or until is_ready() says True after an event or input."""
        clock = self._clock
        while True:
            self._look(0)
            if is_ready is not None and is_ready():
                break
            if clock.us >= limit_us >= 0:
                break
            target_us = clock.next_us()
            if target_us < 0 or target_us > limit_us >= 0:
                target_us = limit_us
            if target_us < 0:
                self._wait_for_input()
            elif self._speed == 0 or self._reached(target_us):
                clock.step(target_us)
            if clock.us >= self._stamp_us and self._on_stamp is not None:
                self._stamp_us = clock.us + _STAMP_US
                self._on_stamp()
        if self._speed == 0:
            self._anchor()

    def _look(self, timeout_ms):
        """Serve what is ready, waiting up to `timeout_ms` of wall time for it; True if anything was."""
        found = False
        for fd, events in self._poller.poll(timeout_ms):
            found = True
            # A watcher may have been taken away by the one before it.
            function = self._watchers.get(fd)
            if function is not None:
                function(fd, events)
        return found

    def _wait_for_input(self):
        """Nothing is planned: only input can end this wait."""
        if not self._watchers:
            raise RuntimeError("nothing is planned and nobody can wake the program: it would wait for ever")
        self._look(_LONGEST_POLL_MS)
        if self._speed:
            self._clock.step(self._due_us())

    def _reached(self, target_us):
        """Wait for the wall clock to reach `target_us`; False if input came first (the clock is then where it was)."""
        due_us = self._due_us()
        if due_us > target_us + _MOST_LAG_US * self._speed:
            self._anchor()
            return True
        wait_ms = int((target_us - due_us) / (1000 * self._speed))
        if wait_ms < 1:
            return True
        interrupted = self._poll_for(min(wait_ms, _LONGEST_POLL_MS))
        if interrupted or wait_ms > _LONGEST_POLL_MS:
            self._clock.step(min(target_us, max(self._clock.us, self._due_us())))
            return False
        return True

    def _poll_for(self, wait_ms):
        """True as soon as a watched descriptor is ready; it is served by the next look, at the right virtual time."""
        return len(self._poller.poll(wait_ms)) > 0

    def _anchor(self):
        self._wall_us = self._wall.ticks_us()
        self._start_us = self._clock.us

    def _due_us(self):
        """Where the clock ought to be by the wall clock."""
        passed_us = self._wall.ticks_diff(self._wall.ticks_us(), self._wall_us)
        return self._start_us + int(passed_us * (self._speed or 1))

    def _catch_up(self):
        due_us = self._due_us()
        if due_us > self._clock.us:
            self._clock.advance(due_us - self._clock.us)
