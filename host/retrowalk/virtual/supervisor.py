"""Keeps one virtual board alive in a thread: power, resets, sleep, and the bytes between port and interpreter.

A reset, soft or hard, is a new interpreter process on the same flash file; its notes say why the last one ended.
"""

import collections
import concurrent.futures
import os
import select
import threading
import time
from collections.abc import Callable
from typing import Any

from retrowalk.virtual.console import Console
from retrowalk.virtual.interpreter import Interpreter
from retrowalk.virtual.line_port import LinePort
from retrowalk.virtual.port import SerialPort
from retrowalk.virtual.rom.rom import Rom

_SOFT_REBOOT = b"MPY: soft reboot\r\n"
_ROM_LINES = b"ESP-ROM:esp32s3-20210327\r\nrst:0x%x (%s),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"
_ROM_CAUSES = {
    "power": (0x1, b"POWERON"),
    "hard": (0x3, b"RTC_SW_SYS_RST"),
    "watchdog": (0x7, b"TG0WDT_SYS_RST"),
    "deepsleep": (0x5, b"DSLEEP"),
}
_IDLE_S = 0.5
_PATIENCE_S = 20.0
# A second SIGINT while the first is pending would end the interpreter; and what follows a Ctrl-C is not for the program
# that it ends.
_AFTER_INTERRUPT_S = 0.02
# A Ctrl-C that came just before a program began to listen is an unread byte: tried again for so long.
_UNHEARD_S = 0.5
_UNHEARD_STEP_S = 0.01
_INTERRUPT = b"\x03"
_ENTER_RAW = b"\x01"


class Supervisor:
    """make_config(cause, is_raw) gives the configuration of the next run; on_note(t_us, text) hears every note.

    Both are called in the supervisor's thread, which alone touches the interpreter. `rom`, if set before the first
    reset, decides at each one whether MicroPython starts, and answers on the port where it does not.
    """

    def __init__(
        self,
        port: SerialPort | LinePort,
        release: str,
        speed: float,
        make_config: Callable[[str, bool], dict[str, Any]],
        on_note: Callable[[int, str], None],
    ) -> None:
        self.interpreter: Interpreter | None = None
        self._port = port
        self._release = release
        self._make_config = make_config
        self._on_note = on_note
        self._console = Console(b"\x00", release, False)
        self._launched_raw = False
        self._typed = bytearray()
        self._quiet_until_s = 0.0
        self._unheard_until_s = 0.0
        self._wake_s: float | None = None
        self.is_asleep = False
        self.speed = speed
        self.rom: Rom | None = None
        self._jobs: collections.deque[Callable[[], None]] = collections.deque()
        self._knock, self._knocker = os.pipe()
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="virtual-device", daemon=True)
        self._thread.start()

    def call(self, job: Callable[[], None]) -> None:
        """Run job() in the supervisor's thread and wait for it; what it raises is raised here."""
        done: concurrent.futures.Future[None] = concurrent.futures.Future()

        def do() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 handed over to the caller's thread
                done.set_exception(error)
            else:
                done.set_result(None)

        self._jobs.append(do)
        os.write(self._knocker, b"x")
        done.result(_PATIENCE_S)

    def close(self) -> None:
        """Power off and end the thread."""

        def end() -> None:
            self._ends = True

        self.call(end)
        self._thread.join(10)
        os.close(self._knock)
        os.close(self._knocker)

    def power_off(self) -> None:
        """Nothing runs, nothing is flushed."""
        self.is_asleep = False
        self._wake_s = None
        if self.rom is not None:
            self.rom.power_off()
        if self.interpreter is not None:
            self.interpreter.kill()
            self.interpreter = None

    def hard_reset(self, cause: str) -> None:
        """Power on, or reset: cause is power, hard, watchdog or deepsleep."""
        self.power_off()
        self._typed.clear()
        self._port.set_board_baud(None)
        if not self._is_taken_over():
            self._port.write(_ROM_LINES % _ROM_CAUSES[cause])
            self._launch(cause, False)

    def _is_taken_over(self, is_asked_for: bool = False) -> bool:
        """Whether the ROM, and not MicroPython, answers on the port from now on."""
        greeting = self.rom.reset(is_asked_for) if self.rom is not None else b""
        self._port.write(greeting)
        return bool(greeting)

    def _hear_port(self, running: Interpreter | None) -> None:
        data = self._port.read()
        if running is not None:
            self._typed += self._port.kept(data, len(self._typed) + running.unread())
        elif self.rom is not None:
            self._serve_rom(self.rom, data)

    def _serve_rom(self, rom: Rom, data: bytes) -> None:
        self._port.write(rom.take(data, self._port.baud()))
        if rom.wants_reset:
            self.hard_reset("hard")
        elif rom.has_lost_power:
            self._port.unplug()  # the power comes by the cable

    def wake(self) -> None:
        """Out of deep sleep."""
        self.hard_reset("deepsleep")

    def _launch(self, cause: str, is_raw: bool) -> None:
        config = self._make_config(cause, is_raw)
        self._launched_raw = is_raw
        self._unheard_until_s = 0.0
        self._console = Console(config["mark"].encode(), self._release, is_raw)
        self.interpreter = Interpreter(config)

    def _run(self) -> None:
        while not self._ends:
            self._turn()
        self.power_off()

    def _turn(self) -> None:
        """Wait for something and serve it."""
        running = self.interpreter
        readers = [self._knock]
        port = self._port.descriptor
        if port is not None:
            readers.append(port)
        if running is not None:
            readers.append(running.notes)
            if not self._port.is_full():
                readers.append(running.terminal)
        ready, _, _ = select.select(readers, [], [], self._patience_s())
        if self._wake_s is not None and time.monotonic() >= self._wake_s:
            self.hard_reset("deepsleep")
            return
        if self._knock in ready:
            os.read(self._knock, 64)
            while self._jobs:
                self._jobs.popleft()()
            return
        if port in ready:
            self._hear_port(running)
        if running is not None:
            if running.terminal in ready:
                self._port.write(self._console.take(running.read_terminal(self._port.most_read())))
            if running.notes in ready and self._take_notes(running):
                return
            self._repeat_unheard(running)
            self._pass_typed(running)
        self._port.flush()

    def _patience_s(self) -> float:
        now_s = time.monotonic()
        patience_s = _IDLE_S
        if self._port.is_waiting() or (self._port.descriptor is None and self._port.is_plugged()):
            patience_s = self._port.patience_s()
        if self._typed and self.interpreter is not None and self.interpreter.is_ready:
            patience_s = min(patience_s, max(self._port.patience_s(), self._quiet_until_s - now_s))
        if self._unheard_until_s:
            patience_s = min(patience_s, _UNHEARD_STEP_S)
        if self._wake_s is not None:
            patience_s = min(patience_s, max(0.0, self._wake_s - now_s))
        return patience_s

    def _take_notes(self, running: Interpreter) -> bool:
        """Hear the interpreter's notes; True if it is no longer the one that runs."""
        notes = running.read_notes()
        if notes is None:
            self._soft_reset(running)
            return True
        for note in notes:
            t_us, _, text = note.partition(" ")
            if text.startswith("descriptor "):
                running.flash_descriptor = int(text.split()[1])
                continue
            if text == "interrupted":
                # A Ctrl-C came while littlefs was busy (see inside/flash.py): at once again, till it hits the program.
                self._quiet_until_s = time.monotonic() + _AFTER_INTERRUPT_S
                if not running.raise_interrupt():
                    self._typed[:0] = _INTERRUPT
                continue
            self._obey_note(running, text)
            self._on_note(int(t_us), text)
            if self.interpreter is not running:
                return True
        return False

    def _obey_note(self, running: Interpreter, text: str) -> None:
        word, _, rest = text.partition(" ")
        if word == "booted":
            running.is_ready = True
            if self._launched_raw:
                running.type(_ENTER_RAW)
        elif word == "uart":
            # What was sent before still goes at the old rate.
            self._drain(running)
            self._port.set_board_baud(int(rest))
        elif word in ("reset", "powercut", "bootloader", "deepsleep"):
            self._drain(running)
            self.power_off()
            if word == "reset":
                self.hard_reset(rest)
            elif word == "bootloader":
                self._is_taken_over(is_asked_for=True)
            elif word == "deepsleep":
                self.is_asleep = True
                span_ms = int(rest.split()[0])
                if span_ms >= 0:
                    self._wake_s = time.monotonic() + span_ms / 1000 / self.speed if self.speed else time.monotonic()

    def _soft_reset(self, running: Interpreter) -> None:
        self._drain(running)
        is_raw = self._console.is_raw
        self.power_off()
        self._port.write(_SOFT_REBOOT)
        self._launch("soft", is_raw)

    def _drain(self, running: Interpreter) -> None:
        while data := running.read_terminal():
            self._port.write(self._console.take(data))

    def _pass_typed(self, running: Interpreter) -> None:
        """Give the interpreter what the host has sent; a Ctrl-C goes the way it takes on a board."""
        while self._typed and running.is_ready and self._may_type(running):
            before, found, after = bytes(self._typed).partition(_INTERRUPT)
            left = running.type(before)
            if left:
                self._typed[:] = left + found + after
                return
            self._typed[:] = after
            if not found:
                return
            if running.interrupt():
                self._quiet_until_s = time.monotonic() + _AFTER_INTERRUPT_S
            else:
                running.type(_INTERRUPT)
                self._unheard_until_s = time.monotonic() + _UNHEARD_S

    def _may_type(self, running: Interpreter) -> bool:
        """Not before the last Ctrl-C was taken, which on a busy computer lasts until the interpreter gets its turn."""
        if self._unheard_until_s or time.monotonic() < self._quiet_until_s:
            return False
        return not running.has_pending_interrupt()

    def _repeat_unheard(self, running: Interpreter) -> None:
        """A Ctrl-C between the end of a line and the start of what it runs: on a board that moment is microseconds."""
        if not self._unheard_until_s:
            return
        if not running.unread() or time.monotonic() > self._unheard_until_s:
            self._unheard_until_s = 0.0
        elif running.interrupt():
            self._unheard_until_s = 0.0
            self._quiet_until_s = time.monotonic() + _AFTER_INTERRUPT_S
