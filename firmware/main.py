"""Wiring and restart policy; nothing else.

The motor is off before anything else happens. Holding the button at start gives safe mode: no app, the plain REPL. A
crash is written down, felt, and the app starts again, unless it keeps crashing; Ctrl-C ends it and gives the REPL.
"""

import asyncio
import json
import os
import time
from binascii import hexlify

import machine
import micropython

from app.anchors import Anchors
from app.battery_watch import BatteryWatch
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
from app.progress import Progress
from app.recorder import Recorder
from app.recovery import recover
from app.sampler import Sampler
from app.store import FOLDER, ensure_folder
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
    """The board module named in /board.txt; ImportError if /boards has none of that name."""
    with open("/board.txt") as file:
        name = file.read().strip()
    if name + ".py" not in os.listdir("/boards"):
        raise ImportError("no such board in /boards")
    return getattr(__import__("boards." + name), name)


def identity(board):
    """Who this device is: the chip's number, the name its owner gave it, its board, the app's version."""
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
    }


class Hardware:
    """The board's parts, built in the order that turns the motor off first; an absent part is a counted fault."""

    def __init__(self, board):
        for pin, level in board.POWER_PINS:
            machine.Pin(pin, machine.Pin.OUT, value=level)
        time.sleep_ms(_CHIPS_WAKE_MS)
        self._board = board
        self.bus = Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ)
        self.faults = Faults()
        self._guard = MotorGuard(time.ticks_ms())
        self.haptics = Haptics(self._open_motor, self.faults)
        self.button = open_button(board)
        self.imu = open_imu(board, self.bus)
        self.gauge = open_gauge(board, self.bus)
        self.baud = Baud(None if board.LINK_UART is None else self._set_baud)

    def _set_baud(self, rate):
        machine.UART(self._board.LINK_UART, baudrate=rate)

    def _open_motor(self):
        return open_motor(self._board, self.bus, self._guard)


async def live(board, hardware, uptime, is_again):
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
    who = identity(board)
    sampler = Sampler(hardware.imu, faults)
    recorder = Recorder(who, sampler, haptics, person, progress, faults, health, battery, room, uptime)
    fitting = Fitting(sampler, haptics, person, faults)
    housekeeping = Housekeeping(room, anchors, lambda: recorder.session is None and not fitting.busy, faults)
    controller = Controller(
        who, hardware.button, recorder, fitting, haptics, person, progress, health.read, faults, housekeeping, anchors
    )
    bulk = Bulk(who["device_id"], controller, hardware.baud, housekeeping, faults)
    link = Link(controller.command, bulk, faults)
    if is_again:
        # A walk may have ended unasked: the wearer must not believe that it goes on.
        haptics.play(patterns.FAILED)
    try:
        await asyncio.gather(
            haptics.run(), controller.run(), link.run(), bulk.run(), housekeeping.run(), complain(haptics, faults)
        )
    finally:
        haptics.silence()
        hardware.baud.back()
        recorder.close("app_crashed")


async def complain(haptics, faults):
    """Tell by touch that something the wearer had set, or had achieved, could not be read and counts as not set."""
    await asyncio.sleep_ms(_QUIET_BOOT_MS)
    if any(name.endswith("_unreadable") for name in faults.counts):
        haptics.play(patterns.FAILED)


def main():
    """Start, and start again after a crash, until there are three with less than ten minutes between them."""
    board = load_board()
    hardware = Hardware(board)
    if hardware.button.is_down():
        return
    uptime = Uptime()
    crashes = 0
    while crashes < _CRASHES:
        began_ms = time.ticks_ms()
        try:
            asyncio.run(live(board, hardware, uptime, crashes > 0))
        except KeyboardInterrupt:
            # Only possible while idle: nothing is being written, but a tick may be playing.
            hardware.haptics.silence()
            hardware.baud.back()
            return
        except Exception as error:  # noqa: BLE001 the last line of defence: a walker must get the device back
            hardware.faults.write_traceback(error)
        micropython.kbd_intr(_CTRL_C)
        asyncio.new_event_loop()
        crashes = 1 if time.ticks_diff(time.ticks_ms(), began_ms) > _HEALTHY_MS else crashes + 1
    asyncio.run(hardware.haptics.play_now(patterns.GIVEN_UP, hardware.haptics.percent))


main()
