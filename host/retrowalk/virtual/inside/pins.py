"""The pins of the virtual chip: wires with a pull, a chip that may drive them, an outside that may drive them.

`Wire.drive(level)` is the outside's side (a chip model's interrupt output, the button); `Pin` is the program's.
"""


class Wire:
    """One pin's wire. Open drain: a 0 from either side wins. `held`: the level that the pad keeps whatever the program
    writes, also in deep sleep, or None. While `is_asleep` (light sleep) no edge is seen.
    """

    is_asleep = False
    all = {}

    def __init__(self, number):
        self.held = None
        self.number = number
        self.is_output = False
        self.is_open_drain = False
        self.output = 0
        self.pull = None
        self.handler = None
        self.trigger = 0
        self.on_change = None
        self._outside = None

    def level(self):
        """What a voltmeter would say: 0 or 1."""
        if self.held is not None:
            return self.held
        if self.is_output and (not self.is_open_drain or self.output == 0):
            return self.output
        if self._outside is not None:
            return self._outside
        # An open-drain line has its pull-up on the board; an input without a pull floats, read here as 0.
        return 1 if self.is_open_drain or self.pull == Pin.PULL_UP else 0

    def drive(self, level):
        """The outside sets the level; None lets go."""
        before = self.level()
        self._outside = level
        self.changed(before)

    def changed(self, before):
        """Tell who watches, if the level is no longer `before`."""
        now = self.level()
        if now == before:
            return
        if self.on_change is not None:
            self.on_change(now)
        if (
            self.handler is not None
            and not self.is_asleep
            and self.trigger & (Pin.IRQ_RISING if now else Pin.IRQ_FALLING)
        ):
            self.handler(Pin(self.number))


class Pin:
    """machine.Pin; two objects of one number are one pin."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_UP = 2
    PULL_DOWN = 1
    IRQ_RISING = 1
    IRQ_FALLING = 2
    WAKE_LOW = 4
    WAKE_HIGH = 5

    def __init__(self, number, mode=-1, pull=-1, value=None, drive=None, hold=None):
        if not 0 <= number <= 48:
            raise ValueError("invalid pin")
        wire = Wire.all.get(number)
        if wire is None:
            wire = Wire.all[number] = Wire(number)
        self._wire = wire
        if mode != -1 or pull != -1 or value is not None or hold is not None:
            self.init(mode, pull, value, hold=hold)

    def init(self, mode=-1, pull=-1, value=None, drive=None, hold=None):
        """Configure; what is left out stays."""
        wire = self._wire
        before = wire.level()
        if value is not None:
            wire.output = 1 if value else 0
        if mode != -1:
            wire.is_output = mode != self.IN
            wire.is_open_drain = mode == self.OPEN_DRAIN
        if pull != -1:
            wire.pull = pull
        if hold is not None:
            wire.held = None
            if hold:
                wire.held = wire.level()
        wire.changed(before)

    def value(self, level=None):
        """Read, or write."""
        wire = self._wire
        if level is None:
            return wire.level()
        before = wire.level()
        wire.output = 1 if level else 0
        wire.changed(before)

    __call__ = value

    def on(self):
        """Write 1."""
        self.value(1)

    def off(self):
        """Write 0."""
        self.value(0)

    def irq(self, handler=None, trigger=3, wake=None, hard=False):
        """Call handler(pin) on edges; None ends it."""
        self._wire.handler = handler
        self._wire.trigger = trigger
        return self

    def number(self):
        """The GPIO number (not in MicroPython; for the simulated peripherals)."""
        return self._wire.number

    def __repr__(self):
        return "Pin(%d)" % self._wire.number


def wire(number):
    """The wire of a pin, for chip models."""
    return Pin(number)._wire
