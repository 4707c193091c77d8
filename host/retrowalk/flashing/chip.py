"""One chip in its ROM loader, through the real esptool as a library: who it is, and its flash read, written, verified.

A context manager over one port. Errors are ours: NoDeviceError where no loader answers or the port goes away,
Unreliable where a transfer failed and a lower baud rate may help.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from retrowalk.console import Advance, clean
from retrowalk.contact.ports import TerminalError, gone_error, open_serial
from retrowalk.errors import FailedError, NoDeviceError, RetrowalkError
from retrowalk.flashing.esp_log import quiet

BAUDS = (460800, 230400, 115200)
HOLD_BOOT = "hold BOOT, press and release RESET, let BOOT go, and run this again"
_ATTEMPTS = 4
_ROM_BAUD = 115200
_READ_BYTES = 1 << 17


class Unreliable(FailedError):
    """A transfer failed although the chip had answered."""


class Chip:
    """Fields after entering: `name` (esptool's, like esp32s3), `title`, `mac` (hexadecimal), `flash_bytes`."""

    def __init__(self, path: str, baud: int = BAUDS[0], is_loud: bool = False) -> None:
        self.path = path
        self.name = self.title = self.mac = ""
        self.flash_bytes = 0
        self._baud = baud
        self._is_loud = is_loud
        self._esp: Any = None

    def __enter__(self) -> "Chip":
        open_serial(self.path).close()  # its errors name the remedy: no permission, in use, not there
        from esptool import cmds
        from esptool.util import FatalError, flash_size_bytes

        self._logging = quiet(self._is_loud)
        self._log = self._logging.__enter__()
        try:
            with self._port_errors():
                try:
                    self._esp = cmds.connect_esp(self.path, connect_attempts=_ATTEMPTS)
                except FatalError as error:
                    raise no_loader_error(self.path) from error
            with self._transfer_errors("the flasher stub did not start"):
                self.name = self._esp.CHIP_NAME.lower().replace("-", "")
                self.title = clean(self._esp.get_chip_description(), 60)
                self.mac = bytes(self._esp.read_mac("BASE_MAC")).hex()
                self._esp = cmds.run_stub(self._esp)
                self._esp.WRITE_FLASH_ATTEMPTS = 1  # it would wait long for a port that is gone; our caller tries again
                if self._baud > _ROM_BAUD:
                    self._esp.change_baud(self._baud)
                cmds.attach_flash(self._esp)
                self.flash_bytes = flash_size_bytes(cmds.detect_flash_size(self._esp) or "4MB") or 0
                self._esp.flash_set_parameters(self.flash_bytes)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, offset: int, n_bytes: int, advance: Advance) -> bytes:
        """Flash as it is. Raises Unreliable."""
        pieces = []
        with self._transfer_errors("reading the flash broke off"):
            for at in range(0, n_bytes, _READ_BYTES):  # esptool's own read grows slow with its length
                pieces.append(self._esp.read_flash(offset + at, min(_READ_BYTES, n_bytes - at)))
                advance(len(pieces[-1]))
        return b"".join(pieces)

    def holds(self, offset: int, data: bytes) -> bool:
        """Whether these bytes lie there already, by the MD5 that the chip computes. Raises Unreliable."""
        with self._transfer_errors("the chip gave no checksum"):
            return self._esp.flash_md5sum(offset, len(data)) == hashlib.md5(data, usedforsecurity=False).hexdigest()

    def write(self, offset: int, data: bytes, advance: Advance) -> None:
        """Erase what `data` covers, write it, and have the chip verify it. Raises Unreliable."""
        from esptool import cmds

        done = 0

        def follow(share: float) -> None:
            nonlocal done
            now = round(share * len(data))
            advance(now - done)
            done = now

        self._log.on_share = follow
        with self._transfer_errors("writing broke off"):
            cmds.write_flash(self._esp, [(offset, data)])
        if not self.holds(offset, data):
            raise Unreliable("What lies on the chip is not what was sent.", f"{HOLD_BOOT}.")

    def erase(self, offset: int, n_bytes: int) -> None:
        """Erase whole sectors. Raises Unreliable."""
        with self._transfer_errors("erasing broke off"):
            self._esp.erase_region(offset, n_bytes)

    def restart(self) -> bool:
        """Start what lies in flash; False where that takes a press of RESET: no modem lines and no watchdog."""
        with self._transfer_errors("the chip did not reset"):
            if self._has_modem_lines():
                self._esp.hard_reset()
            elif self._esp.WATCHDOG_RESET_SUPPORTED:
                self._esp.watchdog_reset()
            else:
                return False
        return True

    def _has_modem_lines(self) -> bool:
        try:
            self._esp._port.cts  # noqa: B018 the question itself fails on a port without them
        except OSError:
            return False
        return True

    def _close(self) -> None:
        if self._esp is not None:
            self._esp._port.close()
            self._esp = None
        self._logging.__exit__(None, None, None)

    @contextmanager
    def _port_errors(self) -> Iterator[None]:
        try:
            yield
        except RetrowalkError:
            raise
        except (OSError, TerminalError) as error:  # SerialException is an OSError
            raise gone_error(self.path) from error

    @contextmanager
    def _transfer_errors(self, what: str) -> Iterator[None]:
        from esptool.util import FatalError

        with self._port_errors():
            try:
                yield
            except FatalError as error:
                why = clean(error)
                raise Unreliable(f"The chip answered, then {what}: {why}.", f"{HOLD_BOOT}.") from error


def no_loader_error(path: str) -> NoDeviceError:
    """The error where nothing answers esptool."""
    return NoDeviceError(
        f"Neither MicroPython nor the chip's loader answers on {clean(path)}.",
        f"{HOLD_BOOT}; if it stays silent, try another cable (one that carries data) without a hub, or its driver.",
    )
