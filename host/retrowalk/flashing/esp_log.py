"""esptool's talk while it is used as a library: to a progress function, and nowhere else (with debug: to stderr)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from esp_pylib.logger import EspLog, EspLogBase

from retrowalk.console import clean, say


class QuietLog(EspLogBase):
    """`on_share`, if set, hears how much of a long job is done: a number from 0 to 1."""

    def __init__(self) -> None:
        self.on_share: Callable[[float], None] | None = None
        self.is_loud = False

    def print(self, *args: Any, **kwargs: Any) -> None:
        """What esptool says."""
        text = clean(" ".join(map(str, args)), 200)
        if self.is_loud and text:
            say(f"esptool: {text}")

    def _tell(self, *args: Any, suggestion: str | None = None) -> None:
        self.print(*args)

    err = warn = note = hint = debug = _tell

    def set_verbosity(self, mode: int | str) -> None:
        """Nothing to set."""

    def progress_bar(
        self, cur_iter: int, total_iters: int, prefix: str = "", suffix: str = "", bar_length: int = 30
    ) -> None:
        """A step of a long job."""
        if self.on_share is not None and total_iters > 0:
            self.on_share(cur_iter / total_iters)


@contextmanager
def quiet(is_loud: bool = False) -> Iterator[QuietLog]:
    """Let esptool talk to a QuietLog within the block."""
    from esptool.logger import EsptoolLogger
    from esptool.reset import ResetStrategy
    from esptool.util import PrintOnce

    ours = QuietLog()
    ours.is_loud = is_loud
    said_once = ResetStrategy.print_once  # bound to the logger of the import
    ResetStrategy.print_once = PrintOnce(ours.warn)
    EspLog.set_logger(ours)
    try:
        yield ours
    finally:
        EspLog.set_logger(EsptoolLogger())  # type: ignore[arg-type]
        ResetStrategy.print_once = said_once
