"""Which image for which chip, and where it is from: your file, the cache, the network, or made for a virtual board."""

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from retrowalk.console import clean, progress, say
from retrowalk.contact.ports import Port
from retrowalk.errors import DamagedError, UsageError
from retrowalk.flashing import download
from retrowalk.flashing.image_file import BadImage, Image, check_image
from retrowalk.flashing.images import RELEASE, RELEASES, SITE, Release

_TYPICAL_BYTES = 1_800_000


class Chosen(NamedTuple):
    """`image`, the file that holds it, and in words where it is from."""

    image: Image
    path: Path
    origin: str


@dataclass(frozen=True)
class Wishes:
    """What the user said about the image: --image, --mirror, --sha256."""

    image: Path | None = None
    mirror: str | None = None
    sha256: str | None = None

    @classmethod
    def of(cls, args: Namespace) -> "Wishes":
        """The wishes among the options of the verb."""
        return cls(args.image, args.mirror, args.sha256)


def choose(chip: str, port: Port, wishes: Wishes) -> Chosen:
    """The checked image for `chip`. Raises UsageError (wrong chip, no hash), DamagedError, and download's errors."""
    if wishes.image is not None:
        chosen = Chosen(_read(wishes.image), wishes.image, "your file")
    elif port.kind == "virtual" and not (wishes.mirror or wishes.sha256):
        chosen = _make(chip)
    else:
        chosen = _fetch(chip, wishes)
    if chosen.image.chip != chip:
        raise UsageError(
            f"{clean(chosen.path)} is for the {chosen.image.chip}, and this board has an {chip}. Nothing was written.",
            f"take the image for {RELEASES[chip].board}: {RELEASES[chip].page}",
        )
    return chosen


def describe(chosen: Chosen) -> str:
    """One line about it for people."""
    image = chosen.image
    what = f"{image.project or 'a program without a name'} {image.version}".strip()
    return f"{clean(what)}, {len(image.data) // 1024} kB at {image.offset:#x}, {chosen.origin}"


def _read(path: Path) -> Image:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{clean(path)} cannot be read: {clean(error.strerror)}.", "name an image file.") from error
    try:
        return check_image(data)
    except BadImage as error:
        raise DamagedError(
            f"{clean(path)} is no image that would start: {error}. Nothing was written.",
            "download the .bin for your board again (not .app-bin, not .uf2).",
        ) from error


def _make(chip: str) -> Chosen:
    from retrowalk.virtual.image import VERSION, make_image

    path = download.cache_folder() / f"{chip}-{VERSION}.bin"
    data = make_image(chip)
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Chosen(check_image(data), path, "made for the virtual board, with no code for a chip in it")


def _fetch(chip: str, wishes: Wishes) -> Chosen:
    release = RELEASES[chip]
    sha256 = (wishes.sha256 or release.sha256 or "").lower()
    if not sha256:
        raise UsageError(
            f"No hash is known for {release.file_name}, so nothing is downloaded unseen.",
            f"download it from {release.page}, and give it with --image FILE (or its hash with --sha256).",
        )
    path = download.cache_folder() / release.file_name
    if download.is_cached(path, sha256):
        return Chosen(_read(path), path, "from the cache")
    url = (wishes.mirror or SITE).rstrip("/") + "/" + release.file_name
    say(f"Downloading MicroPython {RELEASE} for {release.board}.")
    with progress("downloading", _length(release)) as advance:
        download.fetch(url, path, sha256, advance)
    return Chosen(_read(path), path, "downloaded, its SHA-256 as expected")


def _length(release: Release) -> int:
    return release.n_bytes or _TYPICAL_BYTES
