"""Assembles the virtual chip: clock, pacer, world; `machine`, `time`, `esp32`, `os` and `sys` as on an ESP32.

`Chip(config, posix, note, stop)` is built by boot.py (a board with a REPL) and script.py (one script, no REPL). config
is the dict that the host wrote: see host/retrowalk/virtual/config.py. note(text) tells the host; stop(text) tells it
and never returns: the host then kills this process, so nothing is flushed, as on a board.
"""

import os
import sys
import time as wall
from hashlib import sha256

import tasks
from clock import Clock
from commands import Commands
from i2c import I2C, Bus
from pacer import Pacer
from peripherals import ADC, PWM, RTC, UART, WDT, Timer
from pins import Pin, Wire
from time_module import TimeModule
from world import World

_MACHINE = "Virtual ESP32 module with ESP32S3"
_RESET_CAUSES = {"power": 1, "hard": 2, "watchdog": 3, "deepsleep": 4, "soft": 5}


class Namespace:
    """A module made of attributes."""


def overlay(module, **changes):
    """A copy of a module's attributes with some of them changed."""
    copy = Namespace()
    for name in dir(module):
        if name != "__class__":
            setattr(copy, name, getattr(module, name))
    for name in changes:
        setattr(copy, name, changes[name])
    return copy


def repeated_chance(seed):
    """An os.urandom that gives the same bytes in every run from the same moment on."""
    state = [b"%d" % seed]

    def urandom(n_bytes):
        out = b""
        while len(out) < n_bytes:
            state[0] = sha256(state[0]).digest()
            out += state[0]
        return out[:n_bytes]

    return urandom


class Chip:
    """Fields: clock, pacer, time, world, commands; `install` puts the modules in their place."""

    def __init__(self, config, posix, note, stop):
        now_us = config["now_us"]
        self.clock = Clock(now_us)
        self._note_text = note
        self._stop_text = stop
        self.pacer = Pacer(self.clock, wall, config["speed"], lambda: self.note("now"))
        self.time = TimeModule(
            self.clock, self.pacer, wall, config["boot_us"], config["rtc_offset_us"], config["wrap_after_ms"]
        )
        self.world = World(
            self.clock,
            config["board"],
            posix,
            self.note,
            config["tracks"],
            config["battery_mv"],
            config["imu_clock_ppm"],
        )
        self.commands = Commands(self.world, self.pacer, self.note)
        self._config = config

    def note(self, text):
        """Tell the host, with the time: "<us> <text>"."""
        self._note_text("%d %s" % (self.clock.us, text))

    def stop(self, text):
        """Tell the host and end here."""
        self._stop_text("%d %s" % (self.clock.us, text))

    def install(self, partition=None):
        """Put time, asyncio, machine, esp32, os and sys of ours in the place of the interpreter's."""
        Timer.clock = WDT.clock = self.clock
        RTC.time = self.time
        RTC.on_set = lambda offset_us: self.note("rtc %d" % offset_us)
        UART.on_baud = lambda baud: self.note("uart %d" % baud)
        WDT.on_bite = lambda: self.stop("reset watchdog")
        board = self._config["board"]
        I2C.buses[(board["SDA"], board["SCL"])] = self.world.bus
        I2C.nobody = Bus(self.clock, Wire(-1), Wire(-1))
        modules = sys.modules
        modules["time"] = self.time
        modules["machine"] = self._machine()
        modules["esp32"] = _esp32(partition)
        tasks.install(self.clock, self.time, self.pacer)

    def install_names(self, stdout=None):
        """What the system calls itself: os.uname and sys.platform, and sys.stdout if another is wanted.

        At full speed, where two runs are the same to the microsecond, chance repeats itself, too.
        """
        release = ".".join(str(part) for part in sys.implementation[1][:3])
        version = "v%s on %s" % (release, sys.version.split(" on ")[-1])
        name = Namespace()
        name.name = "micropython"
        name.version = sys.implementation[1]
        name._machine = _MACHINE
        name._mpy = sys.implementation._mpy
        names = ("esp32", "esp32", release, version, _MACHINE)
        urandom = repeated_chance(self.clock.us) if self._config["speed"] == 0 else os.urandom
        sys.modules["os"] = overlay(os, uname=lambda: names, sync=lambda: None, urandom=urandom)
        changes = {"platform": "esp32", "implementation": name}
        if stdout is not None:
            changes["stdout"] = stdout
        sys.modules["sys"] = overlay(sys, **changes)

    def _machine(self):
        config = self._config
        machine = Namespace()
        machine.__name__ = "machine"
        for kind in (Pin, I2C, Timer, PWM, ADC, RTC, WDT, UART):
            setattr(machine, kind.__name__, kind)
        machine.SoftI2C = I2C
        unique_id = bytes(config["unique_id"])
        cause = _RESET_CAUSES[config["reset_cause"]]
        machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET = 1, 2, 3
        machine.DEEPSLEEP_RESET, machine.SOFT_RESET = 4, 5
        machine.unique_id = lambda: unique_id
        machine.reset_cause = lambda: cause
        machine.wake_reason = lambda: 0
        machine.reset = lambda: self.stop("reset hard")
        machine.soft_reset = sys.exit
        machine.bootloader = lambda *ignored: self.stop("bootloader")
        machine.deepsleep = lambda span_ms=-1: self.stop("deepsleep %d" % span_ms)
        machine.lightsleep = lambda span_ms=0: self.time.sleep_ms(span_ms)
        machine.idle = lambda: self.time.sleep_ms(1)
        machine.freq = lambda *ignored: 240000000
        machine.disable_irq = lambda: 0
        machine.enable_irq = lambda state: None
        return machine


def _esp32(partition):
    esp32 = Namespace()

    class Partition:
        """esp32.Partition with the one partition that programs look for."""

        TYPE_APP = 0
        TYPE_DATA = 1

        @staticmethod
        def find(type=1, subtype=255, label=None, block_size=4096):
            return [partition] if partition is not None and label in (None, "vfs") else []

    esp32.Partition = Partition
    esp32.WAKEUP_ALL_LOW = False
    esp32.WAKEUP_ANY_HIGH = True
    esp32.wake_on_ext0 = lambda pin=None, level=None: None
    esp32.wake_on_ext1 = lambda pins=None, level=None: None
    return esp32
