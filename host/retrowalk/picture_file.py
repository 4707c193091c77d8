"""A picture on this computer's disk, and beside it the same in words (.txt); both readable by their owner only."""

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from retrowalk.console import clean
from retrowalk.errors import FailedError, UsageError

if TYPE_CHECKING:  # matplotlib takes half a second to load
    from matplotlib.figure import Figure

KINDS = (".png", ".svg", ".pdf")
_TEXT_KEY = {".png": "Description", ".svg": "Description", ".pdf": "Subject"}


def checked(path: Path) -> Path:
    """`path`; raises UsageError for a kind of picture that is not offered, or a folder that is not there."""
    if path.suffix.lower() not in KINDS:
        raise UsageError(
            f"{clean(path)}: pictures are written as {', '.join(KINDS)}.",
            "give --out a name that ends in one of them.",
        )
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {clean(path.parent)}.", "make it first, or choose another --out.")
    return path


def write(figure: "Figure", title: str, text: str, path: Path) -> Path:
    """Save `figure` into `path` (one that `checked` let pass) and `text` beside it, each whole or not at all.

    Raises FailedError where the disk does not let us.
    """
    kind = path.suffix.lower()
    part = _private_part(path)
    words = path.with_suffix(".txt")
    words_part = _private_part(words)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in a script the font lacks
            with open(_open_private(part), "wb") as file:
                figure.savefig(file, format=kind[1:], metadata={"Title": title, _TEXT_KEY[kind]: text})
        with open(_open_private(words_part), "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
        words_part.replace(words)
    except OSError as error:
        part.unlink(missing_ok=True)
        words_part.unlink(missing_ok=True)
        raise FailedError(
            f"{clean(path)} cannot be written: {clean(error.strerror or error)}. What it shows is untouched.",
            "make room, or choose another place.",
        ) from None
    return path


def _private_part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _open_private(path: Path) -> int:
    """A new file that nobody else can read at any moment; what lay there, or a link, goes first."""
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
