"""When walks that are safe here are deleted on the device: never (`keep`), at once (`verified`), or after some days.

Kept in <archive>/settings.json, so that it holds for every sync into this archive until it is set otherwise. Only walks
that are whole and were read back from this computer's disk are deleted, whatever the policy.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from retrowalk.archive.archive import Archive, storage_error, write_file
from retrowalk.errors import DamagedError, UsageError

SETTINGS = "settings.json"
KEEP = "keep"
VERIFIED = "verified"
_MOST_DAYS = 3650
_MOST_BYTES = 4096
_DAY_S = 86400
_FORMS = f"`{KEEP}`, `{VERIFIED}`, or a number of days, 1 to {_MOST_DAYS}"


@dataclass(frozen=True)
class PrunePolicy:
    """`days`: how old a verified walk must be; 0: any; None: nothing is deleted."""

    days: int | None = None

    def allows(self, began_utc_s: int | None) -> bool:
        """Whether a verified walk that began then may go; one of an unknown time only if age does not matter."""
        if not self.days:
            return self.days == 0
        return began_utc_s is not None and began_utc_s < time.time() - self.days * _DAY_S

    def word(self) -> str:
        """As on the command line and in the file."""
        if self.days is None:
            return KEEP
        return str(self.days) if self.days else VERIFIED

    def sentence(self) -> str:
        """What it does, for people."""
        if self.days is None:
            return "Walks stay on the device until you say --prune or set a --prune-policy."
        what = f"verified walks older than {self.days} days" if self.days else "verified walks"
        return f"Policy of this archive: {what} are deleted on the device (`--prune-policy {KEEP}` ends that)."


def parse(word: str) -> PrunePolicy:
    """The policy of a word. Raises UsageError."""
    if word in (KEEP, VERIFIED):
        return PrunePolicy(None if word == KEEP else 0)
    if word.isascii() and word.isdigit() and len(word) < 6 and 1 <= int(word) <= _MOST_DAYS:
        return PrunePolicy(int(word))
    raise UsageError(f"{word!r} is no prune policy.", f"say {_FORMS}.")


def load(archive: Archive) -> PrunePolicy:
    """The archive's policy; keep where none was set. Raises DamagedError for a file that cannot be used."""
    path = archive.root / SETTINGS
    try:
        with path.open("rb") as file:
            told: Any = json.loads(file.read(_MOST_BYTES))
        return parse(told["prune"])
    except FileNotFoundError:
        return PrunePolicy()
    except OSError as error:
        raise storage_error(path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError):
        raise DamagedError(
            f"{path} holds no prune policy that can be understood; nothing was copied or deleted.",
            f"set it anew: `retrowalk sync --prune-policy {KEEP}` (or another).",
        ) from None


def store(archive: Archive, policy: PrunePolicy) -> None:
    """Set the archive's policy. Raises FailedError."""
    archive.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(archive.root / SETTINGS, json.dumps({"format": 1, "prune": policy.word()}).encode() + b"\n")
