"""The virtual device as tests, the demo and `retrowalk virtual` hold it in the hand.

    with VirtualDevice(flash_path, speed=20) as device:
        ... mpremote connect `device.port` ...
        device.play(frames, press_at_s=[1.0, 60.0])

Times are of the virtual clock, which runs on over resets; waiting is by the wall clock. Flash survives everything.
"""

import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrowalk.virtual import flash_file, tracks
from retrowalk.virtual.config import DEFAULT_ID, basic_config
from retrowalk.virtual.line import Line
from retrowalk.virtual.line_port import LinePort
from retrowalk.virtual.port import SerialPort
from retrowalk.virtual.power_side import PowerSide
from retrowalk.virtual.registry import Registration
from retrowalk.virtual.supervisor import Supervisor
from retrowalk.wearer.frames import Frames

_RELEASE = "1.29.0"
_SHORT_PRESS_MS = 100
_BETWEEN_PRESSES_US = 200000
_LOOK_S = 0.02


class VirtualDevice:
    """A board, powered on by `start` or by entering the context.

    flash_path: its flash (made if absent; a fresh one gets the firmware unless is_empty). link: where the port's
    symlink goes. speed: 1.0 is life, N is N times, 0 as fast as it can. mount and stance (see tracks.py; default: as
    documented) say how the clip sits; idle and movement, if given, are played instead of the standing and the bow made
    from these. imu_clock_ppm: the error of the IMU's clock. wrap_after_ms: when ticks_ms wraps. line: of the port.
    Fields: `motor` (list of (t_us, level 0..127), changes felt), `notes` (list of (t_us, text)), `now_us`, `power`.
    """

    def __init__(
        self,
        flash_path: str | Path,
        link: str | Path | None = None,
        board: str = "virtual",
        speed: float = 1.0,
        seed: int = 0,
        battery_mv: int = 3900,
        unique_id: bytes = DEFAULT_ID,
        mount: str = "waist",
        stance: np.ndarray | None = None,
        idle: Frames | None = None,
        movement: Frames | None = None,
        imu_clock_ppm: int = 0,
        wrap_after_ms: int = 5000,
        is_empty: bool = False,
        line: Line | None = None,
    ) -> None:
        self.line = line
        self.motor: list[tuple[int, int]] = []
        self.notes: list[tuple[int, str]] = []
        self.now_us = 0
        self._config: dict[str, Any] = {**basic_config(board, speed), "wrap_after_ms": wrap_after_ms}
        self._config.update(unique_id=list(unique_id), battery_mv=battery_mv, imu_clock_ppm=imu_clock_ppm)
        self._flash = Path(flash_path).resolve()
        self._config.update(flash=str(self._flash), n_blocks=flash_file.prepare(self._flash))
        self._is_empty = is_empty
        self._link = None if link is None else Path(link).absolute()
        stance = tracks.default_stance(mount) if stance is None else stance
        self._idle = idle or tracks.standing(stance, seed)
        self._movement = movement or tracks.movement(stance, mount)
        self._rtc_offset_us = 0
        self._orders: dict[str, list[Any]] = {}
        self._planned: list[list[Any]] = []
        self._n_tracks = 0
        self._folder = tempfile.TemporaryDirectory(prefix="retrowalk-")
        self._heard = threading.Condition()
        self.power = PowerSide(self._config["board"], self._keep, lambda: self._call(Supervisor.wake), self._ask)
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> "VirtualDevice":
        return self.start()

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def start(self) -> "VirtualDevice":
        """Power on: the first time with the port, later (after power_cut) on the same port. Returns itself."""
        if self._supervisor is None:
            self._set_up()
        self._call(lambda board: board.hard_reset("power"))
        return self

    def close(self) -> None:
        """Power off and take the port away. May be called twice."""
        if self._supervisor is None:
            return
        self._supervisor.close()
        self._supervisor = None
        self._registration.close()
        self._port.close()
        self._folder.cleanup()

    @property
    def port(self) -> Path:
        """What host tools open."""
        return self._port.path

    @property
    def is_on(self) -> bool:
        """Whether an interpreter runs: not after a power cut, nor in deep sleep."""
        return self._supervisor is not None and self._supervisor.interpreter is not None

    def play(self, frames: Frames | str | Path, press_at_s: Sequence[float] = (), at_us: int | None = None) -> None:
        """Walk: a track in the sensor's frame, once, with button presses at times of the track; then stand again.

        at_us: begin at that moment of the virtual clock; said before `start`, two runs are the same to the microsecond.
        """
        path = self._save(frames) if isinstance(frames, Frames) else Path(frames).resolve()
        self._order(["play", str(path), [round(1e6 * at_s) for at_s in press_at_s]], at_us)

    def stand(self) -> None:
        """Break off the walk."""
        self._order(["stand"])

    def press(self, ms: int = _SHORT_PRESS_MS, at_us: int | None = None) -> None:
        """Press the button once; ends a deep sleep that waits for it."""
        self.power.press()
        self._order(["press", ms * 1000, [0]], at_us)

    def double_press(self) -> None:
        """Press twice, 200 ms apart."""
        self._order(["press", _SHORT_PRESS_MS * 1000, [0, _BETWEEN_PRESSES_US]])

    def hold_button(self, is_down: bool) -> None:
        """Hold the button, also over resets, until let go."""
        self._keep("hold", ["hold", is_down])

    def fault(self, name: str, is_on: bool = True) -> None:
        """imu_absent, motor_absent, gauge_absent, bus_stuck (until nine clocks free it), bus_dead, self_test.

        wrong_imu: another kind is fitted. Kept over resets, but bus_stuck, which happens once.
        """
        if name == "bus_stuck":
            self._order(["fault", name, is_on])
        else:
            self._keep("fault " + name, ["fault", name, is_on])

    def set_battery(self, millivolts: int) -> None:
        """The cell's voltage from now on."""
        self._keep("battery", ["battery", millivolts])

    def set_speed(self, speed: float) -> None:
        """The pace from now on."""
        self._config["speed"] = speed
        if self._supervisor is not None:
            self._supervisor.speed = speed
        self._order(["speed", speed])

    def reset(self) -> None:
        """The reset button."""
        self._call(lambda board: board.hard_reset("hard"))

    def power_cut(self) -> None:
        """Power fails now: nothing is flushed, the calendar is lost. `start` brings it back."""
        self._call(lambda board: board.power_off())
        self._rtc_offset_us = -self.now_us

    def cut_at(self, n_operations: int, torn_percent: int = 0) -> None:
        """Let power fail at the n-th flash operation from now, of which `torn_percent` of the bytes are still done."""
        self._order(["cut", n_operations, torn_percent])

    def stall_flash(self, seconds: float, n_operations: int = 1, times: int = 1) -> None:
        """Let the n-th flash operation from now, and those after it, `times` in all, take so much longer each."""
        self._order(["stall", n_operations, round(1e6 * seconds), times])

    def flash_counters(self) -> dict[str, int]:
        """What the flash did since the last boot, bytes alive on the heap; needs virtual time. TimeoutError."""
        names = ("reads", "programs", "programmed_bytes", "erases", "operations", "violations", "heap")
        return dict(zip(names, map(int, self._ask("flash").split()), strict=True))

    def leap(self, seconds: float) -> None:
        """Let so much time pass at once; the program finds itself that much later."""
        self._order(["leap", round(1e6 * seconds)])

    def unplug(self) -> None:
        """Pull the cable; the board goes on, on its battery."""
        self._call(lambda _board: self._port.unplug())

    def replug(self) -> None:
        """Put the cable in again, under the same name."""
        self._call(lambda _board: self._port.replug())

    def wait_until(self, predicate: Callable[[], object], timeout_s: float = 10.0) -> bool:
        """Wait (wall clock) until predicate() is true; False if that does not happen in time.

        While predicate() runs nothing is heard from the device, so it must not talk to it.
        """
        deadline_s = time.monotonic() + timeout_s
        with self._heard:
            while not predicate():
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return False
                self._heard.wait(min(left_s, _LOOK_S))
        return True

    def wait_note(self, text: str, timeout_s: float = 10.0, after: int = 0) -> bool:
        """Wait for a note that begins with `text`, the first `after` notes not counted: booted, repl, ended walk..."""
        return self.wait_until(lambda: self._find(text, after) is not None, timeout_s)

    def wait_motor(self, timeout_s: float = 10.0, after: int = 0) -> tuple[int, int] | None:
        """The first change of the motor to on, not counting the first `after` changes; None if none comes."""
        self.wait_until(lambda: any(level for _, level in self.motor[after:]), timeout_s)
        return next((change for change in self.motor[after:] if change[1]), None)

    # Within
    def _set_up(self) -> None:
        port = SerialPort(self._link or Path(self._folder.name) / "port")
        self._port = port if self.line is None else LinePort(port, self.line)
        device_id = bytes(self._config["unique_id"]).hex()
        board = self._config["board"]["NAME"]
        has_baud = self.line is not None and not self.line.is_fixed
        self._registration = Registration(port.path, self._link, device_id, board, has_baud)
        self._config["tracks"] = {"idle": str(self._save(self._idle)), "bow": str(self._save(self._movement))}
        self._supervisor = Supervisor(self._port, _RELEASE, self._config["speed"], self._next_config, self._hear)

    def _save(self, frames: Frames) -> Path:
        self._n_tracks += 1
        path = Path(self._folder.name) / f"track{self._n_tracks}"
        frames.save(path)
        return path

    def _next_config(self, cause: str, is_raw: bool) -> dict[str, Any]:
        config = dict(self._config, reset_cause=cause, is_raw=is_raw, mark="\x10\x1f" + secrets.token_hex(4) + "\x1f")
        config.update(self.power.next_config(cause, self.now_us))
        self.now_us = config["now_us"]
        if cause != "soft":
            self._boot_us = self.now_us
        if cause == "power":
            self._rtc_offset_us = -self.now_us
        config["boot_us"] = self._boot_us
        config["rtc_offset_us"] = self._rtc_offset_us
        is_fresh = not self._is_empty and flash_file.is_blank(self._flash)
        chip = self._config["board"]["IMU"]
        config["tree"] = flash_file.stage_firmware(Path(self._folder.name), chip) if is_fresh else []
        config["orders"] = list(self._orders.values()) + self._planned
        self._planned = []
        return config

    def _hear(self, t_us: int, text: str) -> None:
        """A note of the interpreter (in the supervisor's thread)."""
        word, _, rest = text.partition(" ")
        with self._heard:
            self.now_us = t_us
            if word == "motor":
                self.motor.append((t_us, int(rest)))
            elif word == "rtc":
                self._rtc_offset_us = int(rest)
            self.power.hear(word, rest)
            if word != "now":
                self.notes.append((t_us, text))
            self._heard.notify_all()

    def _ask(self, name: str) -> str:
        """The note that answers an order of that name, without the name."""
        n_before = len(self.notes)
        self._order([name])
        if not self.wait_note(name, after=n_before):
            raise TimeoutError(f"the device did not answer {name!r}")
        return str(self._find(name, n_before)).partition(" ")[2]

    def _find(self, text: str, after: int) -> str | None:
        return next((note for _, note in self.notes[after:] if note.startswith(text)), None)

    def _keep(self, key: str, command: list[Any]) -> None:
        """An order that holds over resets."""
        self._orders[key] = command
        self._order(command)

    def _order(self, command: list[Any], at_us: int | None = None) -> None:
        if at_us is not None:
            command = ["at", at_us, command]
        if self._supervisor is None:
            if command not in self._orders.values():
                self._planned.append(command)
            return
        self._call(lambda board: None if board.interpreter is None else board.interpreter.order(command))

    def _call(self, job: Callable[[Supervisor], None]) -> None:
        board = self._supervisor
        if board is None:
            raise RuntimeError("the virtual device is not running")
        board.call(lambda: job(board))
