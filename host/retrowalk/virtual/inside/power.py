"""Sleeping and USB power on the virtual chip: what light and deep sleep do, and which of their rules are broken.

Sleep shorter than the wake-up is not asked for by anyone. A broken rule is a note to the host, "violation TEXT", and
stands in `violations`: nothing is stopped by it, because silicon would not say a word either. Time in each state is
counted by meter.py.
"""

import json

from i2c import I2C
from pins import Wire

# From the timer to the first instruction of the program, and the way down: an estimate on the careful side (Espressif's
# light-sleep figures are below 1 ms).
WAKE_US = 1000


class Power:
    """world: the bench; meter: counts time in states; stop(text) ends this run; note(text) tells the host.

    sense: (pin's wire, its level with USB) or None where the board cannot tell. `usb`: is the cable's power there?
    """

    def __init__(self, clock, pacer, world, meter, stop, note, sense):
        self.usb = True
        self.violations = []
        self.wake_on = {}
        self._clock = clock
        self._pacer = pacer
        self._world = world
        self._meter = meter
        self._stop = stop
        self._note = note
        self._sense = sense
        self.plug(True)

    def plug(self, is_there):
        """The cable goes in, or comes out."""
        self.usb = is_there
        if self._sense is not None:
            wire, level = self._sense
            wire.drive(level if is_there else 1 - level)

    def light_sleep(self, span_ms=0):
        """machine.lightsleep: by its timer only. Interrupts of pins are lost, the I2C driver must be made anew."""
        if span_ms <= 0:
            raise RuntimeError("light sleep without a timer: nothing that is modelled would end it")
        self._meter.count("awake")
        self._look("light sleep")
        I2C.epoch += 1
        Wire.is_asleep = True
        self._pacer.wait(self._clock.us + span_ms * 1000)
        Wire.is_asleep = False
        self._meter.count("light")
        self._clock.advance(WAKE_US)

    def deep_sleep(self, span_ms=-1):
        """machine.deepsleep: ends this run; the host is told by what the next one may begin."""
        self._look("deep sleep")
        imu = self._world.imu
        if self._world.bus.is_powered() and imu.is_measuring:
            self.violated("deep sleep with the IMU measuring for nobody")
        held = [[wire.number, wire.held] for wire in Wire.all.values() if wire.held is not None]
        self._meter.count("awake")
        kept = {
            "spans_us": self._meter.spans_us,
            "wake": [[number, level] for number, level in self.wake_on.items()],
            "held": held,
            "motion": imu.is_watching and self._rails_stay(),
        }
        for number, level in self.wake_on.items():
            if Wire.all[number].level() == level:
                self.violated("deep sleep while pin %d has the level that ends it" % number)
        self._stop("deepsleep %d %s" % (span_ms, json.dumps(kept)))

    def wake_on_ext0(self, pin=None, level=0):
        """esp32.wake_on_ext0: one pin, either level."""
        if pin is not None:
            self.wake_on[pin.number()] = int(level)

    def wake_on_ext1(self, pins=None, level=0):
        """esp32.wake_on_ext1: any of these pins, high (low needs all of them and is not modelled)."""
        for pin in pins or ():
            if not level:
                raise RuntimeError("ext1 for low levels is not modelled")
            self.wake_on[pin.number()] = 1

    def tell(self):
        """Let the host know how long each state has lasted since this run began."""
        self._meter.count("awake")
        self._note("energy " + json.dumps(self._meter.spans_us))

    def violated(self, text):
        """A rule is broken."""
        self.violations.append(text)
        self._note("violation " + text)

    def _look(self, what):
        if self._world.haptic.level:
            self.violated(what + " with the motor on")
        if self.usb:
            self.violated(what + " with USB power present")

    def _rails_stay(self):
        """Does what feeds the sensors stay on? Without a hold a pin lets go in deep sleep."""
        return all(Wire.all[number].held == level for number, level in self._world.rails)
