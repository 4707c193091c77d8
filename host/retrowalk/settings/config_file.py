"""A file of settings on this computer: {"format": 1, "settings": {name: whole number}}, as the device stores it.

It is private (0600), because a height and limits say something about a person. Called by `retrowalk config`.
"""

import json
from pathlib import Path
from typing import Any

from retrogait.settings import Settings, SettingsError
from retrowalk.archive.archive import PartFile
from retrowalk.console import clean
from retrowalk.errors import DamagedError, FailedError, UsageError

FORMAT = 1
_LONGEST_BYTES = 65536


def check_target(path: Path) -> None:
    """Raises UsageError where no file can be: without a folder, or where a folder or a device already is."""
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {clean(path.parent)}.", "make it first, or choose another file.")
    if path.exists() and not path.is_file():
        raise UsageError(f"{clean(path)} is no plain file.", "give the name of a file.")


def write_settings(path: Path, changes: dict[str, int]) -> None:
    """Write `.part`, sync, rename. Raises UsageError as check_target does, FailedError where there is no room."""
    check_target(path)
    part = None
    try:
        part = PartFile(path)
        part.write(json.dumps({"format": FORMAT, "settings": changes}, indent=1).encode() + b"\n")
        part.finish()
        part.accept()
    except FailedError as error:
        if part is not None:
            part.discard()
        raise FailedError(f"{clean(path)} cannot be written.", "make room, or choose another file.") from error


def read_settings(path: Path) -> dict[str, int]:
    """The checked settings in a file. Raises UsageError (no such file, not ours, impossible) and DamagedError."""
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{clean(path)} cannot be read: {clean(error.strerror or error)}.",
            "give a file that `retrowalk config export` wrote.",
        ) from None
    if len(data) > _LONGEST_BYTES:
        raise UsageError(
            f"{clean(path)} is too long for settings.", "give a file that `retrowalk config export` wrote."
        )
    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise DamagedError(
            f"{clean(path)} is damaged, it cannot be read as JSON: {clean(error)}. Nothing was sent to the device.",
            "export the settings again, or mend the file.",
        ) from None
    return _checked(path, told)


def _checked(path: Path, told: Any) -> dict[str, int]:
    if not isinstance(told, dict) or set(told) != {"format", "settings"} or not isinstance(told["settings"], dict):
        raise UsageError(f"{clean(path)} is no file of settings.", "give a file that `retrowalk config export` wrote.")
    if told["format"] != FORMAT or isinstance(told["format"], bool):
        raise UsageError(
            f"{clean(path)} has format {clean(told['format'], 20)}; this retrowalk reads {FORMAT}.",
            "use the version of retrowalk that wrote it.",
        )
    try:
        Settings(told["settings"])
    except SettingsError as error:
        raise UsageError(f"{clean(path)} asks for the impossible: {clean(error)}.", "mend the file.") from None
    return told["settings"]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no name comes twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found
