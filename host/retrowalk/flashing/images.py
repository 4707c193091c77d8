"""The MicroPython images that `retrowalk flash` writes: one pinned release, one row a chip.

The addresses are the project's own (micropython.org). It publishes no hashes for these files, and no file was ever
downloaded while this was written: the hashes are those that independent public repositories recorded for the same file
names, at least two agreeing for each; where none was found the field is None, and nothing is downloaded without
--sha256. A wrong hash can only lead to a refusal, never to a wrong image on a board.
"""

from dataclasses import dataclass

RELEASE = "1.29.0"
SITE = "https://micropython.org/resources/firmware/"
PAGE = "https://micropython.org/download/"
_DATE = "20260824"


@dataclass(frozen=True)
class Release:
    """The image of one chip; `n_bytes` and `sha256` are None where they are not known."""

    chip: str
    board: str
    n_bytes: int | None = None
    sha256: str | None = None

    @property
    def file_name(self) -> str:
        """What the file is called there, and in the cache."""
        return f"{self.board}-{_DATE}-v{RELEASE}.bin"

    @property
    def page(self) -> str:
        """Where people find it."""
        return f"{PAGE}{self.board}/"


RELEASES = {
    each.chip: each
    for each in (
        Release("esp32", "ESP32_GENERIC", 1790544, "e67ad6015a0a504c1fec9aa9bbf589d0432ed28e62546f4f8dd8a147f8bd95f6"),
        Release("esp32s2", "ESP32_GENERIC_S2"),
        Release(
            "esp32s3", "ESP32_GENERIC_S3", 1783296, "1dd9dcd27ba2d6a1cb7f7b49a063f46d3d807d68b0151161233920228285e300"
        ),
        Release(
            "esp32c3", "ESP32_GENERIC_C3", 1754736, "bf72ed9eb88ad3a8f49d02c3d371f9ea34c90a8a303aeb9e324d8efd4a2a655a"
        ),
        Release("esp32c6", "ESP32_GENERIC_C6"),
    )
}
