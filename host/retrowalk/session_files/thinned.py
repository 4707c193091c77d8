"""Sessions whose raw samples the device has taken out to make room: told apart from other records of the same name.

The archive's fuller copy is never replaced by a thinned one. Called by transfer, sync and the lists.
"""

from pathlib import Path
from typing import Any

from retrogait import record
from retrowalk.archive.archive import FILE_NAME, storage_error

MARK_NAME = "verified"
"""What a device keeps in the folder of a session whose copy a host has verified."""


def is_thinned_version(data: bytes, here: Path) -> bool:
    """True if `data` is a record file from which raw samples were taken, and `here` holds the same one with more."""
    thinned = _blocks(data)
    if not any(each.kind == record.THINNED for each in thinned):
        return False
    try:
        full = _blocks(here.read_bytes())
    except OSError as error:
        raise storage_error(here, error) from error
    if any(each.kind == record.THINNED for each in full):
        return False
    header = [each for each in thinned if each.kind == record.HEADER]
    kept = {_identity(each) for each in header or thinned if each.kind != record.THINNED}
    if kept:
        return not kept.isdisjoint(_identity(each) for each in full)
    return {each.session for each in thinned} == {each.session for each in full}


def is_record(here: Path) -> bool:
    """True if the file holds any block."""
    try:
        return bool(_blocks(here.read_bytes()))
    except OSError as error:
        raise storage_error(here, error) from error


def thinned_there(manifest: dict[str, Any]) -> dict[str, str]:
    """File name -> SHA-256 of the thinned files of a device, the fuller ones of which are here."""
    told = manifest.get("thinned_there")
    return {
        name: sha256
        for name, sha256 in (told.items() if isinstance(told, dict) else ())
        if FILE_NAME.fullmatch(name) and isinstance(sha256, str)
    }


def state_words(state: str, samples: str | None) -> str:
    """The state for people: "complete", or "complete, raw samples thinned"."""
    return f"{state}, raw samples thinned" if samples == "thinned" else state


def _blocks(data: bytes) -> list[record.Block]:
    return [each for each in record.read_blocks(data) if isinstance(each, record.Block)]


def _identity(block: record.Block) -> tuple[int, int, int, int, bytes]:
    return block.kind, block.session, block.sequence, block.first_index, block.payload
