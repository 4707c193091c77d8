"""A session as the device offers it: what transfer, file_copy and sync talk about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """One session as the device offers it: file name -> size, and file name -> SHA-256 of the files it can read.

    is_marked: the device knows already that a host has verified it.
    """

    session: str
    sizes: dict[str, int]
    hashes: dict[str, str]
    is_marked: bool = False

    def n_bytes(self) -> int:
        """Of all its files."""
        return sum(self.sizes.values())

    def unreadable(self) -> list[str]:
        """Files that the device lists but cannot read."""
        return [name for name in sorted(self.sizes) if name not in self.hashes]
