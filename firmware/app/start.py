"""Wiring and restart policy; nothing else. `run` is what the boot guard (main.py) calls.

The motor is off before anything else happens. A crash is written down, felt, and the app starts again, unless it keeps
crashing or is on trial; Ctrl-C ends it and gives the REPL.
"""

import asyncio
import json
import time
from binascii import hexlify

import machine
import micropython

from app.anchors import Anchors
from app.battery_watch import EMPTY, BatteryWatch
from app.baud import Baud
from app.bulk import Bulk
from app.clock import Uptime
from app.controller import Controller
from app.faults import Faults
from app.fitting import Fitting
from app.flash_room import FlashRoom
from app.haptics import Haptics
from app.health import Health
from app.housekeeping import Housekeeping
from app.link import Link
from app.parts import open_button, open_gauge, open_imu, open_motor
from app.person import Person
from app.power import Power
from app.progress import Progress
from app.put_away import PutAway
from app.recorder import Recorder
from app.recovery import recover
from app.release import Release
from app.sampler import Sampler
from app.store import FOLDER, ensure_folder
from app.trial import Trial
from app.usb_power import UsbPower
from app.waking import BUTTON, TIMER, Waking
from app.watchdog import Watchdog
from drivers.bus import Bus
from drivers.motor_guard import MotorGuard
from retrogait import VERSION, patterns

_CRASHES = 3
_HEALTHY_MS = 600000
_CTRL_C = 3
# From power on the cable to the first transfer: the IMU needs 10 ms to boot.
_CHIPS_WAKE_MS = 20
# A boot may be a reset loop: what it tells by touch waits so long that it stays far below the motor's share of a
# minute.
_QUIET_BOOT_MS = 3000


def load_board():
    """The board module named in /board.txt; ImportError if boards/ has none of that name."""
    with open("/board.txt") as file:
        name = file.read().strip()
    return getattr(__import__("boards." + name), name)


def identity(board, release):
    """Who this device is: the chip's number, the name its owner gave it, its board, the app's version and content."""
    name = ""
    try:
        with open("/device.json") as file:
            name = str(json.load(file).get("name", ""))[:40]
    except (OSError, ValueError, AttributeError):
        pass  # a device without a name is fine
    return {
        "device_id": hexlify(machine.unique_id()).decode(),
        "name": name,
        "board": board.NAME,
        "version": VERSION,
        "content": release.content,
    }


class Hardware:
    """The board's parts, built in the order that turns the motor off first; an absent part is a counted fault."""

    def __init__(self, board):
        for pin, level in board.POWER_PINS:
            # Deep sleep leaves the pins held.
            machine.Pin(pin, machine.Pin.OUT, value=level, hold=False)  # pyright: ignore[reportCallIssue]
        time.sleep_ms(_CHIPS_WAKE_MS)
        self._board = board
        self.bus = Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ)
        self.faults = Faults()
        self._guard = MotorGuard(time.ticks_ms())
        self.haptics = Haptics(self._open_motor, self.faults)
        self.button = open_button(board)
        self.imu = open_imu(board, self.bus)
        self.gauge = open_gauge(board, self.bus)
        self.usb = UsbPower(board.USB_SENSE)
        self.woken = Waking(self.usb)
        self.put_away = PutAway(board, self.imu, self.haptics, self.faults)
        self.watchdog = Watchdog()
        self.baud = Baud(None if board.LINK_UART is None else self._set_baud)

    def _set_baud(self, rate):
        machine.UART(self._board.LINK_UART, baudrate=rate)

    def _open_motor(self):
        return open_motor(self._board, self.bus, self._guard)


async def live(board, hardware, guard, uptime, is_again):
    """Run the app's tasks for ever; whatever ends them, the session is closed and the motor off."""
    ensure_folder(FOLDER)
    faults, haptics = hardware.faults, hardware.haptics
    asyncio.get_event_loop().set_exception_handler(lambda loop, context: faults.write_traceback(context["exception"]))
    recover(faults)
    room = FlashRoom(faults)
    anchors = Anchors(uptime, faults)
    person = Person(faults)
    progress = Progress(faults)
    health = Health(hardware.gauge, faults)
    battery = BatteryWatch(health.battery_mv)
    release = Release(guard)
    who = identity(board, release)
    sampler = Sampler(hardware.imu, faults)
    recorder = Recorder(who, sampler, haptics, person, progress, faults, health, battery, room, uptime)
    fitting = Fitting(sampler, haptics, person, faults)

    def may_stall():
        # Nor while the motor runs: an erase would hold a pulse up, and it is its length that tells.
        return recorder.session is None and not fitting.busy and not haptics.busy

    housekeeping = Housekeeping(room, anchors, may_stall, faults)

    def well_being():
        told = health.read()
        told.update(power.told())
        return told

    controller = Controller(
        who,
        hardware.button,
        recorder,
        fitting,
        haptics,
        person,
        progress,
        well_being,
        faults,
        housekeeping,
        anchors,
        release,
    )
    bulk = Bulk(who["device_id"], controller, hardware.baud, housekeeping, faults)
    link = Link(controller.command, bulk, faults)
    power = Power(hardware, controller, link, haptics, lambda: battery.now(person.settings) == EMPTY)
    watch = hardware.watchdog.run(lambda: recorder.session is not None, (controller, recorder, sampler))
    trial = Trial(guard, controller, hardware.imu, haptics)
    if is_again:
        # A walk may have ended unasked: the wearer must not believe that it goes on.
        haptics.play(patterns.FAILED)
    elif hardware.woken.reason == BUTTON:
        # The press that woke it starts nothing: this says that the next one will.
        haptics.play(patterns.RESUMED)
    try:
        await asyncio.gather(
            haptics.run(),
            controller.run(),
            link.run(),
            bulk.run(),
            housekeeping.run(),
            power.run(),
            watch,
            complain(haptics, faults, guard),
            trial.run(),
        )
    finally:
        try:
            haptics.silence()
            hardware.baud.back()
            recorder.close("app_crashed")
        finally:
            hardware.watchdog.relax()


async def complain(haptics, faults, guard):
    """Tell by touch that something the wearer had set, or had achieved, could not be read and counts as not set, or
    that a new version was given up and the one before it runs again.
    """
    await asyncio.sleep_ms(_QUIET_BOOT_MS)
    if guard.has_fallen_back or any(name.endswith("_unreadable") for name in faults.counts):
        haptics.play(patterns.FAILED)


def run(guard):
    """Start, and start again after a crash, until there are three with less than ten minutes between them.

    guard: main.py's Guard. What goes wrong while it has the app on trial is left to it.
    """
    board = load_board()
    hardware = Hardware(board)
    if hardware.woken.reason == TIMER and not hardware.usb.is_present():
        # Nobody has moved it for a day.
        hardware.put_away.sleep(False)
    uptime = Uptime()
    crashes = 0
    while crashes < _CRASHES:
        began_ms = time.ticks_ms()
        try:
            asyncio.run(live(board, hardware, guard, uptime, crashes > 0))
        except KeyboardInterrupt:
            # Only possible while idle: nothing is being written, but a tick may be playing.
            hardware.haptics.silence()
            hardware.baud.back()
            raise
        except Exception as error:
            # The last line of defence: a walker must get the device back.
            if guard.is_on_trial:
                raise
            hardware.faults.write_traceback(error)
        micropython.kbd_intr(_CTRL_C)
        asyncio.new_event_loop()
        crashes = 1 if time.ticks_diff(time.ticks_ms(), began_ms) > _HEALTHY_MS else crashes + 1
    asyncio.run(hardware.haptics.play_now(patterns.GIVEN_UP, hardware.haptics.percent))
