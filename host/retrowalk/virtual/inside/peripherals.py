"""machine.Timer, PWM, ADC, RTC, WDT and UART on the virtual clock; machine_module.py sets `clock` and the like once."""

from pins import Pin


class Timer:
    """machine.Timer; the callback runs when the clock passes the moment, between two bytecodes of nobody."""

    ONE_SHOT = 0
    PERIODIC = 1
    clock = None

    def __init__(self, number=-1, **settings):
        self._entry = None
        if settings:
            self.init(**settings)

    def init(self, *, mode=1, period=-1, freq=-1, callback=None):
        """Start: period in ms or freq in Hz."""
        self.deinit()
        self._mode = mode
        self._period_us = int(1000000 / freq) if freq > 0 else period * 1000
        self._callback = callback
        self._moment_us = self.clock.us
        self._plan()

    def deinit(self):
        """Stop."""
        if self._entry is not None:
            self.clock.cancel(self._entry)
            self._entry = None

    def _plan(self):
        self._moment_us += self._period_us
        self._entry = self.clock.at(self._moment_us, self._fire)

    def _fire(self):
        if self._mode == self.PERIODIC:
            self._plan()
        else:
            self._entry = None
        self._callback(self)


class PWM:
    """machine.PWM: remembers; on_duty(pin number, duty 0..65535), if set, hears each change.

    Two objects on one pin drive the same output.
    """

    on_duty = None
    duties = {}

    def __init__(self, pin, freq=1000, duty_u16=0):
        self._pin = pin
        self._freq_hz = freq
        self.duty_u16(duty_u16)

    def freq(self, hz=None):
        """Read, or set."""
        if hz is None:
            return self._freq_hz
        self._freq_hz = hz

    def duty_u16(self, duty=None):
        """Read, or set."""
        number = self._pin.number()
        before = PWM.duties.get(number, 0)
        if duty is None:
            return before
        PWM.duties[number] = duty
        if duty != before and PWM.on_duty is not None:
            PWM.on_duty(number, duty)

    def deinit(self):
        """Off."""
        self.duty_u16(0)


class ADC:
    """machine.ADC: `microvolts` maps pin numbers to functions; an unconnected pin reads 0."""

    ATTN_0DB = 0
    ATTN_11DB = 3
    microvolts = {}

    def __init__(self, pin, atten=3):
        self._number = pin.number() if isinstance(pin, Pin) else pin

    def read_uv(self):
        """Microvolts at the pin."""
        source = self.microvolts.get(self._number)
        return source() if source else 0

    def read_u16(self):
        """As a share of 3.3 V."""
        return min(65535, self.read_uv() * 65535 // 3300000)


class RTC:
    """machine.RTC: on_set(offset_us) hears a new calendar, which survives resets."""

    time = None
    on_set = None

    def datetime(self, fields=None):
        """Read or set (year, month, day, weekday, hour, minute, second, microsecond)."""
        time = self.time
        if fields is None:
            now_us = time.time_ns() // 1000
            year, month, day, hour, minute, second, weekday, _ = time.gmtime(now_us // 1000000)
            return (year, month, day, weekday, hour, minute, second, now_us % 1000000)
        year, month, day, _, hour, minute, second, microsecond = fields
        wanted_us = time.mktime((year, month, day, hour, minute, second, 0, 0)) * 1000000 + microsecond
        time.rtc_offset_us += wanted_us - time.time_ns() // 1000
        RTC.on_set(time.rtc_offset_us)


class WDT:
    """machine.WDT: resets the chip when it is not fed for `timeout` ms."""

    clock = None
    on_bite = None

    def __init__(self, id=0, timeout=5000):
        self._timeout_us = timeout * 1000
        self._entry = None
        self.feed()

    def feed(self):
        """Still alive."""
        if self._entry is not None:
            self.clock.cancel(self._entry)
        self._entry = self.clock.at(self.clock.us + self._timeout_us, WDT.on_bite)


class UART:
    """machine.UART(0) of an ESP32: the REPL's own port, of which a program can set the rate and nothing else.

    on_baud(rate) hears it. Bytes go through sys.stdin and sys.stdout as ever. Other ports lead nowhere.
    """

    on_baud = None

    def __init__(self, number, baudrate=0, **ignored):
        if not 0 <= number <= 2:
            raise ValueError("UART(%d) does not exist" % number)
        self._number = number
        self.init(baudrate)

    def init(self, baudrate=0, **ignored):
        """Set the rate in baud; 0 leaves it."""
        if baudrate > 0 and self._number == 0:
            UART.on_baud(baudrate)

    def deinit(self):
        """Nothing to give back."""
