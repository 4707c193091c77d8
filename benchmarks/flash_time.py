"""How long MicroPython's image takes onto a chip: esptool, line and verification; flash itself has no timing here.

Run `.venv/bin/python benchmarks/flash_time.py`. The image is as long as the real one for the ESP32-S3, and does not
pack as a real one does, so the time is an upper bound of what this computer adds. What the wire
adds on a board is reckoned, not measured.
"""

import tempfile
import time
from pathlib import Path

from retrowalk.flashing.chip import BAUDS, Chip
from retrowalk.flashing.image_file import check_image
from retrowalk.flashing.images import RELEASES
from retrowalk.virtual.bare import BareChip
from retrowalk.virtual.image import make_image

_BITS_A_BYTE = 10
_HEAD_BYTES = 0x10000 + 512


def main() -> None:
    """Print two lines."""
    n_bytes = RELEASES["esp32s3"].n_bytes or 0
    image = check_image(make_image(n_bytes=n_bytes - _HEAD_BYTES))
    with tempfile.TemporaryDirectory() as folder, BareChip(Path(folder) / "chip.bin", Path(folder) / "port") as device:
        began_s = time.perf_counter()
        with Chip(str(device.port)) as chip:
            connected_s = time.perf_counter()
            chip.write(image.offset, image.data, lambda _amount: None)
            written_s = time.perf_counter()
    wire_s = len(image.data) * _BITS_A_BYTE / BAUDS[0]
    print(
        f"image onto the virtual chip: {len(image.data)} bytes written and verified in {written_s - connected_s:.1f} s"
    )
    print(f"  connecting {connected_s - began_s:.1f} s; a wire at {BAUDS[0]} baud would add {wire_s:.0f} s (reckoned)")


if __name__ == "__main__":
    main()
