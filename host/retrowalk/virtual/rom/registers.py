"""What a chip answers when its registers are read: who it is, its MAC, its flash chip; and the watchdog that resets it.

Addresses are those of esptool's classes for the chips, so that they cannot differ from what esptool reads.
"""

import struct
from typing import Any

from esptool.loader import ESPLoader
from esptool.targets import CHIP_DEFS

_BAUD = 115200
_CRYSTAL_HZ = 40_000_000
_READ_ID, _READ_SFDP = 0x9F, 0x5A
_SFDP = 0x50444653
_VENDOR_AND_TYPE = 0x4020  # XMC 25QH, as the ID of the flash chip; its third byte is the size as a power of two
_WATCHDOG_ON = 1 << 31
_SPI_USER = 1 << 18


class Registers:
    """chip: esptool's name of it; mac: six bytes; flash_bytes: a power of two. `wants_reset`: the watchdog was set."""

    def __init__(self, chip: str, mac: bytes, flash_bytes: int) -> None:
        self.wants_reset = False
        self._rom: Any = CHIP_DEFS[chip]
        self._flash_id = (flash_bytes.bit_length() - 1) << 16 | _VENDOR_AND_TYPE
        self._values: dict[int, int] = {}
        if self._rom.USES_MAGIC_VALUE:
            self._values[ESPLoader.CHIP_DETECT_MAGIC_REG_ADDR] = self._rom.MAGIC_VALUE
        if hasattr(self._rom, "UART_CLKDIV_REG"):
            self._values[self._rom.UART_CLKDIV_REG] = _CRYSTAL_HZ // _BAUD
        high, low = struct.unpack(">II", b"\0\0" + mac)
        mac_at = self._rom.EFUSE_RD_REG_BASE + 4 if chip == "esp32" else self._rom.MAC_EFUSE_REG
        self._values.update({mac_at: low, mac_at + 4: high})

    def read(self, address: int) -> int:
        """The register's value; what is not modelled reads 0."""
        return self._values.get(address, 0)

    def write(self, address: int, value: int, mask: int) -> None:
        """Change the bits of `mask`; a flash command or the watchdog may follow from it."""
        self._values[address] = self.read(address) & ~mask | value & mask
        rom = self._rom
        if address == rom.SPI_REG_BASE and value & _SPI_USER:
            self._run_flash_command()
        elif address == getattr(rom, "RTC_CNTL_WDTCONFIG0_REG", None) and value & _WATCHDOG_ON:
            self.wants_reset = True

    def _run_flash_command(self) -> None:
        base = self._rom.SPI_REG_BASE
        command = self.read(base + self._rom.SPI_USR2_OFFS) & 0xFF
        self._values[base + self._rom.SPI_W0_OFFS] = {_READ_ID: self._flash_id, _READ_SFDP: _SFDP}.get(command, 0)
        self._values[base] = 0
