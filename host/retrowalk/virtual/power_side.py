"""The power of a virtual device as the host sees it: cable, deep sleep and its ends, how long each state lasted.

`device.power` of a VirtualDevice. What happens within a run is inside/power.py; between two runs, asleep, it is here.
"""

import json
from collections.abc import Callable
from typing import Any


class PowerSide:
    """board: the constants of the board's file; keep(key, command): an order that holds over resets; wake(): reset out
    of deep sleep; ask(name): the answer to an order, as text. Spans are in seconds.
    """

    def __init__(
        self,
        board: dict[str, Any],
        keep: Callable[[str, list[Any]], None],
        wake: Callable[[], None],
        ask: Callable[[str], str],
    ) -> None:
        self._wake_reason = "timer"
        self.violations: list[str] = []
        self._board = board
        self._keep = keep
        self._wake = wake
        self._ask = ask
        self._kept: dict[str, Any] | None = None
        self._span_us = -1
        self._lain_us = 0
        self._deep_us = 0
        self._spans_us: dict[str, int] = {}
        self._rtc_memory = ""
        self._wdt_ms = 0

    # What happens to the device

    def plug(self, is_there: bool) -> None:
        """The USB cable: in (as it is from the beginning), or out. The port works either way, which no cable does."""
        self._keep("usb", ["usb", is_there])
        if is_there and self._board["USB_SENSE"] is not None:
            self._wake_by(tuple(self._board["USB_SENSE"]), "ext1")

    def press(self) -> None:
        """The button: ends deep sleep where that is waited for."""
        self._wake_by((self._board["BUTTON"], self._board["BUTTON_PRESSED"]), "ext0")

    def pick_up(self) -> None:
        """Somebody moves the clip: ends deep sleep where the motion sensor has power, and its wire is waited for."""
        if self._kept is not None and self._kept["motion"]:
            self._wake_by((self._board["IMU_INT1"], 1), "ext1")

    def pass_time(self, seconds: float) -> None:
        """Let a device in deep sleep lie there; its timer may end that before the time is over."""
        if self._kept is None:
            raise ValueError("time passes by itself for a device that is not in deep sleep")
        self._lain_us += round(1e6 * seconds)
        if 0 <= self._span_us <= self._lain_us:
            self._wake()

    # What it says

    def hear(self, word: str, rest: str) -> None:
        """A note of the interpreter."""
        if word == "violation":
            self.violations.append(rest)
        elif word == "rtcmemory":
            self._rtc_memory = rest
        elif word == "wdt":
            self._wdt_ms = int(rest)
        elif word == "deepsleep":
            span_ms, _, kept = rest.partition(" ")
            told: dict[str, Any] = json.loads(kept)
            self._kept = told
            self._add(told["spans_us"])
            self._span_us = 1000 * int(span_ms)
            self._lain_us = 0

    def spans_s(self) -> dict[str, float]:
        """How long each state has lasted since the first power-on (inside/meter.py, and "deep"); needs time to pass.

        What a reset in the middle took away is missing. TimeoutError if the device does not tell.
        """
        spans = self._spans_us | {"deep": self._deep_us}
        if self._kept is None:
            for name, span_us in json.loads(self._ask("energy")).items():
                spans[name] = spans.get(name, 0) + span_us
        return {name: span_us / 1e6 for name, span_us in spans.items()}

    def next_config(self, cause: str, now_us: int) -> dict[str, Any]:
        """What the next run is told, the time among it; cause as in Supervisor.hard_reset."""
        config: dict[str, Any] = {"now_us": now_us, "wake_reason": "", "held": [], "wdt_ms": 0}
        if self._kept is not None:
            if cause == "deepsleep":
                config.update(wake_reason=self._wake_reason, held=self._kept["held"])
                if self._wake_reason == "timer":
                    self._lain_us = self._span_us
            config["now_us"] += self._lain_us
            self._deep_us += self._lain_us
        elif cause == "soft":
            config["wdt_ms"] = self._wdt_ms
        if cause == "power":
            self._rtc_memory = ""
        config["rtc_memory"] = self._rtc_memory
        self._kept = None
        self._wake_reason = "timer"
        return config

    def _wake_by(self, pin: tuple[int, int], reason: str) -> None:
        """End a deep sleep that waits for this level of this pin."""
        if self._kept is not None and list(pin) in self._kept["wake"]:
            self._wake_reason = reason
            self._wake()

    def _add(self, spans_us: dict[str, int]) -> None:
        for name, span_us in spans_us.items():
            self._spans_us[name] = self._spans_us.get(name, 0) + span_us
