"""What the supervisor asks at each reset: does MicroPython start, and if not, who answers on the port?"""

from retrowalk.virtual.rom.flash import WholeFlash
from retrowalk.virtual.rom.loader import RomLoader
from retrowalk.virtual.rom.start import Start, look

_BANNER = "ESP-ROM:{chip}\r\nrst:0x1 (POWERON),boot:{mode}\r\n{text}\r\n"
_DOWNLOAD = "0x0 (DOWNLOAD(USB/UART0))"
_FROM_FLASH = "0x8 (SPI_FAST_FLASH_BOOT)"


class Rom:
    """chip: esptool's name; mac: six bytes. `start`: what the last reset found.

    Fields to be set: `is_boot_held`, and `most_baud`, above which the host hears noise.
    """

    def __init__(self, chip: str, mac: bytes, flash: WholeFlash) -> None:
        self.is_boot_held = False
        self.most_baud = 1 << 30
        self.start = Start("")
        self._chip = chip
        self._mac = mac
        self._flash = flash
        self._loader: RomLoader | None = None

    @property
    def is_loading(self) -> bool:
        """Whether the chip is in download mode, with power."""
        return self._loader is not None and not self._loader.is_dead

    @property
    def wants_reset(self) -> bool:
        """Whether the loader has been told to end."""
        return self._loader is not None and self._loader.has_ended

    def reset(self, is_asked_for: bool) -> bytes:
        """Look at the flash, as a reset does: what the port says then, or b"" if MicroPython starts.

        is_asked_for: the program has called for the loader.
        """
        self._loader = None
        self.start = look(self._chip, self._flash)
        is_download = self.is_boot_held or is_asked_for
        if self.start.project and not is_download:
            return b"" if self.start.is_micropython else self._says(_FROM_FLASH, f"{self.start.project} is running")
        self._loader = RomLoader(self._chip, self._mac, self._flash)
        if is_download:
            return self._says(_DOWNLOAD, "waiting for download")
        return self._says(_FROM_FLASH, f"nothing to start: {self.start.why_not}\r\nwaiting for download")

    @property
    def has_lost_power(self) -> bool:
        """Whether a flash operation was cut off."""
        return self._loader is not None and self._loader.is_dead

    def take(self, data: bytes, baud: int | None) -> bytes:
        """The loader's answer to what came at that rate; somebody else's program answers to nothing."""
        answer = self._loader.take(data) if self.is_loading and self._loader is not None else b""
        return answer if baud is None or baud <= self.most_baud else len(answer) * b"\x55"

    def power_off(self) -> None:
        """Nothing answers any more."""
        self._loader = None

    def _says(self, mode: str, text: str) -> bytes:
        return _BANNER.format(chip=self._chip, mode=mode, text=text).encode()
