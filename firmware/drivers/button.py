"""One push button, polled: debounced, and told apart into short, double and long presses. Times are ticks_ms.

A flash erase can keep the processor from polling for longer than a press lasts (design: up to 0.55 s). The pin's
interrupt remembers that there was a press, so that nobody's press is lost in a flush.
"""

from time import ticks_diff, ticks_ms

from retrogait import const

NONE = 0
SHORT = 1
DOUBLE = 2
LONG = 3

DEBOUNCE_MS = 30
DOUBLE_WITHIN_MS = 400
LONG_MS = 1200
# Polls further apart than this: something (a flash erase) kept the processor from running, interrupts included.
STALL_MS = 60

_IDLE = const(0)
_FIRST_DOWN = const(1)
_FIRST_UP = const(2)
_TOLD = const(3)


class Button:
    """pin: has value() and irq(); pressed_level: what it reads while pressed; now_ms: a clock. Poll every 20 ms.

    A button held when the object is made (safe mode at boot) says nothing until it has been let go. `pressed_ms`: when
    the press that was told last went down. With `is_prompt` a short press is told when let go, and none is double.
    """

    def __init__(self, pin, pressed_level, now_ms=ticks_ms):
        self.pressed_ms = 0
        self.is_prompt = False
        self._pin = pin
        self._now_ms = now_ms
        self._pressed_level = pressed_level
        self._down = self.is_down()
        self._raw = self._down
        self._raw_since_ms = None
        self._since_ms = 0
        self._state = _TOLD if self._down else _IDLE
        self._polled_ms = None
        self._edge = False
        self._pressed_ms = self._released_ms = self._repressed_ms = 0
        # Let go since the last poll; and: the edge that waits to be judged came in a stall.
        self._let_go = self._believed = False
        pin.irq(self._remember, pin.IRQ_RISING | pin.IRQ_FALLING)

    def is_down(self):
        """Whether the button is pressed this instant, without debouncing."""
        return self._pin.value() == self._pressed_level

    @property
    def is_at_rest(self):
        """Nobody touches it, and no press waits to be told: it may be looked at without interrupts for a while."""
        return self._state == _IDLE and not (self._raw or self._down or self._edge or self.is_down())

    def poll(self, now_ms):
        """NONE, SHORT (told when a double can no longer follow), DOUBLE (at its second press) or LONG (still held)."""
        if self._pressed_anew():
            self._state = _TOLD
            return SHORT if self.is_prompt else DOUBLE
        if self._missed_a_press(now_ms):
            return self._count_missed(now_ms)
        changed = self._debounce(now_ms)
        state = self._state
        held_ms = ticks_diff(now_ms, self._since_ms)
        if state == _FIRST_DOWN:
            if changed:
                self._state = _FIRST_UP
                if self.is_prompt:
                    self._state = _IDLE
                    return SHORT
            elif held_ms >= LONG_MS:
                self._state = _TOLD
                return LONG
        elif state == _FIRST_UP:
            if changed:
                self._state = _TOLD
                return DOUBLE
            # The press that would make it double may be in the bounce time still.
            if held_ms >= DOUBLE_WITHIN_MS and not self._raw:
                self._state = _IDLE
                return SHORT
        elif not self._down:
            self._state = _IDLE
        elif state == _IDLE:
            self._state = _FIRST_DOWN
            self.pressed_ms = self._since_ms
        return NONE

    def _remember(self, pin):
        """Interrupt: keep when the level first changed since the last press was judged, and when it was last let go."""
        if not self._edge:
            self._edge = True
            self._pressed_ms = self._now_ms()
        if self.is_down():
            self._repressed_ms = self._now_ms()
        else:
            self._released_ms = self._now_ms()
            self._let_go = True

    def _pressed_anew(self):
        """True if between two polls the button was let go and pressed again, or pressed again and let go."""
        if not (self._let_go and self._down and self._state == _FIRST_DOWN and self.is_down() == self._raw):
            return False
        self._let_go = False
        span_ms = ticks_diff(self._repressed_ms, self._released_ms)
        return (span_ms if self._raw else -span_ms) >= DEBOUNCE_MS

    def _missed_a_press(self, now_ms):
        """True if the button was pressed and let go again, and the polls were too far apart to see it."""
        stalled = self._polled_ms is not None and ticks_diff(now_ms, self._polled_ms) > STALL_MS
        let_go = self._let_go
        self._polled_ms = now_ms
        self._let_go = False
        if self._down:
            self._edge = self._believed = False
            return False
        if not self._edge:
            return False
        # An interrupt is late by the length of a stall: then its times say nothing, and an edge is a press.
        self._believed = self._believed or stalled
        if self.is_down() and not let_go:
            return False
        believed = self._believed or ticks_diff(self._released_ms, self._pressed_ms) >= DEBOUNCE_MS
        self._edge = self._believed = False
        return believed

    def _count_missed(self, now_ms):
        """A press that nobody polled: as if it had just been let go."""
        self._since_ms = self._raw_since_ms = now_ms
        self._raw = False
        if self._state == _FIRST_UP:
            self._state = _TOLD
            return DOUBLE
        self.pressed_ms = self._pressed_ms
        if self.is_prompt:
            self._state = _IDLE
            return SHORT
        self._state = _FIRST_UP
        return NONE

    def _debounce(self, now_ms):
        """Follow the pin; True when the debounced level changed, with the moment of the change in _since_ms."""
        raw = self.is_down()
        if raw != self._raw or self._raw_since_ms is None:
            # The interrupt knows the moment better than the poll, if it was there.
            edge_ms = self._repressed_ms if raw else self._released_ms
            if not 0 <= ticks_diff(now_ms, edge_ms) <= DOUBLE_WITHIN_MS:
                edge_ms = now_ms
            old, old_since_ms = self._raw, self._raw_since_ms
            self._raw = raw
            self._raw_since_ms = edge_ms
            # The level that is over now may have been real, though no poll came late enough to say so.
            if old_since_ms is not None and old != self._down and ticks_diff(edge_ms, old_since_ms) >= DEBOUNCE_MS:
                self._down = old
                self._since_ms = old_since_ms
                return True
        if raw == self._down or ticks_diff(now_ms, self._raw_since_ms) < DEBOUNCE_MS:
            return False
        self._down = raw
        self._since_ms = self._raw_since_ms
        return True
