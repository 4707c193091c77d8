"""The ROM loader of one chip in download mode, and esptool's flasher stub after it was uploaded: bytes in, bytes out.

Modelled is what the real esptool does to the five chips of the image table, plain and compressed, with and without
stub. The stub's code is not run: once it is started, the model answers as it does. Used by the supervisor's thread.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable

from esptool.loader import ESPLoader
from esptool.targets import CHIP_DEFS

from retrowalk.virtual.rom import slip
from retrowalk.virtual.rom.flash import SECTOR_BYTES, PowerCut, WholeFlash
from retrowalk.virtual.rom.registers import Registers

_COMMANDS = ESPLoader.ESP_CMDS
_NAMES = {number: name for name, number in _COMMANDS.items()}
_ROM_SYNC_VALUE = 0x20120707
_SYNC_ANSWERS = 8
_INVALID = b"\x01\x05"
_BAD_CHECKSUM = b"\x01\x07"
_MOST_IN_FLIGHT = 8  # packets of a read that wait for their acknowledgement, whatever the host would allow
_SLOW_READ_BYTES = 64
_SECURITY_INFO = struct.Struct("<IB7BII")


class RomLoader:
    """`take` gives the answer to what came; `has_ended` is true once the chip is to be reset, `is_dead` after a cut."""

    def __init__(self, chip: str, mac: bytes, flash: WholeFlash) -> None:
        self.has_ended = False
        self.is_dead = False
        self._rom = CHIP_DEFS[chip]
        self._flash = flash
        self._registers = Registers(chip, mac, flash.size)
        self._decoder = slip.Decoder()
        self._is_stub = False
        self._reading: _Reading | None = None
        self._at = self._erased_to = 0
        self._inflate: Callable[[bytes], bytes] | None = None

    def take(self, data: bytes) -> bytes:
        """Serve what the host has sent."""
        out = bytearray()
        try:
            for frame in self._decoder.take(data):
                if self._reading is not None:
                    out += self._acknowledge(frame)
                elif len(frame) >= 8 and frame[0] == 0:
                    out += self._serve(frame)
        except PowerCut:
            self.is_dead = True
            return b""
        return bytes(out)

    def _serve(self, frame: bytes) -> bytes:
        _, number, _, checksum = struct.unpack_from("<BBHI", frame)
        was_waiting = self._registers.wants_reset
        body = frame[8:]
        serve = getattr(self, f"_{_NAMES.get(number, 'unknown').lower()}", None)
        if serve is None:
            return self._answer(number, status=_INVALID)
        if _NAMES[number] in ("FLASH_DATA", "FLASH_DEFL_DATA", "MEM_DATA"):
            length = struct.unpack_from("<I", body)[0]
            body = body[16 : 16 + length]
            if ESPLoader.checksum(body) != checksum & 0xFF:
                return self._answer(number, status=_BAD_CHECKSUM)
        answer = serve(number, body)
        self.has_ended |= was_waiting  # the register write after the one that set the watchdog off
        return answer

    def _answer(self, number: int, data: bytes = b"", value: int = 0, status: bytes = b"\0\0") -> bytes:
        body = data + status + (b"" if self._is_stub else b"\0\0")
        return slip.encode(struct.pack("<BBHI", 1, number, len(body), value) + body)

    # Who is there

    def _sync(self, number: int, body: bytes) -> bytes:
        return _SYNC_ANSWERS * self._answer(number, value=0 if self._is_stub else _ROM_SYNC_VALUE)

    def _read_reg(self, number: int, body: bytes) -> bytes:
        return self._answer(number, value=self._registers.read(struct.unpack("<I", body)[0]))

    def _write_reg(self, number: int, body: bytes) -> bytes:
        address, value, mask, _delay = struct.unpack_from("<IIII", body)
        self._registers.write(address, value, mask)
        return self._answer(number)

    def _get_security_info(self, number: int, body: bytes) -> bytes:
        if self._rom.USES_MAGIC_VALUE:
            return self._answer(number, status=_INVALID)
        return self._answer(number, _SECURITY_INFO.pack(0, 0, *7 * [0], self._rom.IMAGE_CHIP_ID, 0))

    def _accept(self, number: int, body: bytes) -> bytes:
        return self._answer(number)

    _spi_attach = _spi_set_params = _change_baudrate = _mem_begin = _mem_data = _accept

    def _mem_end(self, number: int, body: bytes) -> bytes:
        stays, entry = struct.unpack_from("<II", body)
        if stays or not entry:
            return self._answer(number)
        answer = self._answer(number)
        self._is_stub = True
        return answer + slip.encode(b"OHAI")

    # Flash

    def _flash_begin(self, number: int, body: bytes) -> bytes:
        size, _, _, offset = struct.unpack_from("<IIII", body)
        self._inflate = None
        self._at, self._erased_to = offset, offset - offset % SECTOR_BYTES
        if not self._is_stub and size:
            self._flash.erase(offset, size)
            self._erased_to = offset + size
        return self._answer(number)

    def _flash_defl_begin(self, number: int, body: bytes) -> bytes:
        answer = self._flash_begin(number, body)
        self._inflate = zlib.decompressobj().decompress
        return answer

    def _flash_data(self, number: int, body: bytes) -> bytes:
        data = self._inflate(body) if self._inflate else body
        end = self._at + len(data)
        if end > self._erased_to:  # the stub erases just ahead of what it writes
            self._flash.erase(self._erased_to, end - self._erased_to)
            self._erased_to = end + -end % SECTOR_BYTES
        self._flash.program(self._at, data)
        self._at = end
        return self._answer(number)

    def _flash_defl_data(self, number: int, body: bytes) -> bytes:
        try:
            return self._flash_data(number, body)
        except zlib.error:
            return self._answer(number, status=_BAD_CHECKSUM)

    def _flash_end(self, number: int, body: bytes) -> bytes:
        answer = self._answer(number)
        if struct.unpack_from("<I", body)[0] == 0:
            self.has_ended |= not self._is_stub
            self._is_stub = False  # the stub leaves to the ROM loader
        return answer

    _flash_defl_end = _flash_end

    def _erase_flash(self, number: int, body: bytes) -> bytes:
        if not self._is_stub:
            return self._answer(number, status=_INVALID)
        self._flash.erase(0, self._flash.size)
        return self._answer(number)

    def _erase_region(self, number: int, body: bytes) -> bytes:
        if not self._is_stub:
            return self._answer(number, status=_INVALID)
        self._flash.erase(*struct.unpack_from("<II", body))
        return self._answer(number)

    def _spi_flash_md5(self, number: int, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<II", body)
        found = hashlib.md5(self._flash.read(offset, size), usedforsecurity=False)
        return self._answer(number, found.digest() if self._is_stub else found.hexdigest().encode())

    def _read_flash_slow(self, number: int, body: bytes) -> bytes:
        if self._is_stub:
            return self._answer(number, status=_INVALID)
        return self._answer(number, self._flash.read(struct.unpack_from("<I", body)[0], _SLOW_READ_BYTES))

    def _read_flash(self, number: int, body: bytes) -> bytes:
        if not self._is_stub:
            return self._answer(number, status=_INVALID)
        offset, size, packet, in_flight = struct.unpack_from("<IIII", body)
        self._reading = _Reading(self._flash.read(offset, size), packet, min(in_flight, _MOST_IN_FLIGHT))
        return self._answer(number) + self._reading.more(0)

    def _acknowledge(self, frame: bytes) -> bytes:
        reading = self._reading
        if reading is None or len(frame) < 4:
            return b""
        (n_bytes,) = struct.unpack_from("<I", frame)
        if n_bytes >= len(reading.data):
            self._reading = None
            return slip.encode(hashlib.md5(reading.data, usedforsecurity=False).digest())
        return reading.more(n_bytes)


class _Reading:
    """A READ_FLASH that is under way."""

    def __init__(self, data: bytes, packet_bytes: int, in_flight: int) -> None:
        self.data = data
        self._packet_bytes = packet_bytes
        self._ahead_bytes = packet_bytes * in_flight
        self._sent = 0

    def more(self, acknowledged: int) -> bytes:
        """The packets that may go now."""
        out = b""
        while self._sent < min(len(self.data), acknowledged + self._ahead_bytes):
            out += slip.encode(self.data[self._sent : self._sent + self._packet_bytes])
            self._sent += self._packet_bytes
        return out
