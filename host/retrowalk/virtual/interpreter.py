"""One run of the MicroPython process: from power-on or reset to the next one. Used by board.py only, from its thread.

Its terminal is a pty without any line discipline; the control pipe brings its notes, the command pipe takes our lines.
"""

import array
import ctypes
import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path
from typing import Any

from retrowalk.virtual.config import INSIDE, environment, interpreter

_HEAP = "4M"
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_SIGINT_BIT = 1 << (signal.SIGINT - 1)
_PATIENCE_STEPS = 200
_FLASH_AT_REST = (1 << 30) - 1  # RESTING_PLACE of inside/flash.py
_STEP_S = 0.0005


class Interpreter:
    """The process. Descriptors to wait for: `terminal` and `notes`; `is_ready` after its note "booted"."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.is_ready = False
        self.flash_descriptor: int | None = None
        self.terminal, self._inner = pty.openpty()
        tty.setraw(self._inner)
        self.notes, control = os.pipe()
        command, self._command = os.pipe()
        config = dict(config, control_fd=control, command_fd=command)
        self._process = subprocess.Popen(
            [interpreter(), "-X", f"heapsize={_HEAP}", "-i", str(INSIDE / "prelude.py")],
            stdin=self._inner,
            stdout=self._inner,
            stderr=self._inner,
            pass_fds=(control, command),
            env=environment(config),
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        os.close(control)
        os.close(command)
        os.set_blocking(self.terminal, False)
        self._notes_pending = b""

    def order(self, command: list[Any]) -> None:
        """Send a command to inside/commands.py; an interpreter that has just ended does not hear it."""
        try:
            os.write(self._command, json.dumps(command).encode() + b"\n")
        except BrokenPipeError:
            return

    def read_terminal(self, most: int = 65536) -> bytes:
        """What it has printed; empty if nothing waits."""
        try:
            return os.read(self.terminal, most)
        except OSError:
            return b""

    def unread(self) -> int:
        """How many bytes of its input it has not read yet."""
        waiting = array.array("i", [0])
        fcntl.ioctl(self._inner, termios.FIONREAD, waiting)
        return waiting[0]

    def read_notes(self) -> list[str] | None:
        """Its notes that have come; None once it has ended."""
        data = os.read(self.notes, 65536)
        if not data:
            return None
        *lines, self._notes_pending = (self._notes_pending + data).split(b"\n")
        return [line.decode() for line in lines]

    def type(self, data: bytes) -> bytes:
        """Give it input; returns what did not fit into the terminal."""
        while data:
            try:
                data = data[os.write(self.terminal, data) :]
            except BlockingIOError:
                break
        return data

    def interrupt(self) -> bool:
        """Ctrl-C as the serial driver does it: raised where the program listens to it, else False (it is a byte)."""
        self._let_it_read()
        return self.raise_interrupt()

    def raise_interrupt(self) -> bool:
        """The same without waiting for what was typed before.

        Decided with the process stopped, so that it cannot stop listening in between.
        """
        self._stop_outside_of_the_flash()
        listens = self._catches_sigint()
        if listens:
            os.kill(self._process.pid, signal.SIGINT)
        os.kill(self._process.pid, signal.SIGCONT)
        return listens

    def has_pending_interrupt(self) -> bool:
        """Whether it has not taken the last Ctrl-C yet."""
        return any(int(self._status(name) or "0", 16) & _SIGINT_BIT for name in ("SigPnd", "ShdPnd"))

    def kill(self) -> None:
        """End it at once: nothing is flushed."""
        self._process.kill()
        self._process.wait()
        for descriptor in (self.terminal, self._inner, self.notes, self._command):
            os.close(descriptor)

    def _let_it_read(self) -> None:
        for _ in range(10):
            if not self.unread():
                break
            time.sleep(_STEP_S)
        time.sleep(2 * _STEP_S)

    def _stop_outside_of_the_flash(self) -> None:
        """Stop it, but not in a flash operation: a board's flash driver is never broken off (see inside/flash.py)."""
        for _ in range(_PATIENCE_STEPS):
            os.kill(self._process.pid, signal.SIGSTOP)
            self._await_stop()
            if not self._is_at_the_flash():
                return
            os.kill(self._process.pid, signal.SIGCONT)
            time.sleep(_STEP_S)
        os.kill(self._process.pid, signal.SIGSTOP)
        self._await_stop()

    def _is_at_the_flash(self) -> bool:
        if self.flash_descriptor is None:
            return False
        try:
            text = Path(f"/proc/{self._process.pid}/fdinfo/{self.flash_descriptor}").read_text(encoding="ascii")
        except OSError:
            return False
        return int(text.split()[1]) != _FLASH_AT_REST

    def _await_stop(self) -> None:
        for _ in range(_PATIENCE_STEPS):
            if self._status("State").startswith(("T", "t", "Z", "X")):
                return
            time.sleep(_STEP_S)

    def _catches_sigint(self) -> bool:
        return bool(int(self._status("SigCgt") or "0", 16) & _SIGINT_BIT)

    def _status(self, name: str) -> str:
        """A field of /proc/PID/status; empty if the process is gone."""
        try:
            with open(f"/proc/{self._process.pid}/status", encoding="ascii") as file:  # noqa: PTH123 read in one go
                for line in file:
                    if line.startswith(name + ":"):
                        return line.split(":", 1)[1].strip()
        except OSError:
            return ""
        return ""


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
