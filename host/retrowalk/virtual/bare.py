"""`retrowalk virtual --bare`: a chip whose whole flash is in one file, with the ROM loader and MicroPython on one port.

The flash file is the chip: bootloader, partition table, program and the files' partition at their real places. A reset
starts what lies there (rom/start.py). The port is a pty, which has no modem lines, so nothing can pull the chip into
its loader from outside. It is in download mode when nothing in flash would start (a chip would reset for ever there,
until somebody holds BOOT), after machine.bootloader(), and when BOOT is held during a reset.
"""

from pathlib import Path
from typing import Any

from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.flash_file import stage_firmware
from retrowalk.virtual.rom.flash import SECTOR_BYTES, WholeFlash
from retrowalk.virtual.rom.rom import Rom

FLASH_BYTES = 4 << 20


class BareChip(VirtualDevice):
    """A VirtualDevice whose flash is a whole chip's; the arguments are VirtualDevice's, and `chip` is esptool's name.

    `whole`: its flash. A fresh one is erased; is_empty=False: MicroPython's first start puts the app on it.
    """

    def __init__(self, flash_path: str | Path, *args: Any, chip: str = "esp32s3", **named: Any) -> None:
        path = Path(flash_path).resolve()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\xff" * FLASH_BYTES)
        self.whole = WholeFlash(path)
        super().__init__(path, *args, **{"is_empty": True, **named})
        self.rom = Rom(chip, bytes(self._config["unique_id"]), self.whole)

    def hold_button(self, is_down: bool) -> None:
        """Hold the button, which is BOOT: a reset meanwhile leads into the loader."""
        super().hold_button(is_down)
        self.rom.is_boot_held = is_down

    def press_boot(self) -> None:
        """Hold BOOT, press reset, let both go: download mode."""
        self.hold_button(True)
        self.reset()
        self.hold_button(False)

    def _set_up(self) -> None:
        super()._set_up()
        if self._supervisor is not None:
            self._supervisor.rom = self.rom

    def _next_config(self, cause: str, is_raw: bool) -> dict[str, Any]:
        start = self.rom.start
        config = super()._next_config(cause, is_raw)
        first = self.whole.read(start.files_begin, SECTOR_BYTES)
        is_fresh = not self._is_empty and first == b"\xff" * SECTOR_BYTES
        tree = stage_firmware(Path(self._folder.name), self._config["board"]["IMU"]) if is_fresh else []
        return dict(config, n_blocks=start.n_blocks, flash_offset=start.files_begin, tree=tree)
