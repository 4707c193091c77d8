"""What a device says it has: sessions, their files and sizes. Names are a device's text: only those that fit get in."""

import re
from dataclasses import dataclass, field

from retrowalk.errors import DamagedError
from retrowalk.session_files.thinned import MARK_NAME

MOST_FILES = 20000
MOST_FILE_BYTES = 1 << 24
_SESSION = re.compile(r"s[0-9]{5}", re.ASCII)
_FILE = re.compile(r"[0-9]{4}\.rwl", re.ASCII)


@dataclass
class Shelf:
    """`sizes`: session -> file name -> bytes; `strange`: how many names are none of ours.

    `marked`: sessions of which it is told that a host has verified them.
    """

    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    strange: int = 0
    _n_files: int = 0

    def add(self, session: str, name: str, n_bytes: int) -> None:
        """One more file. Raises DamagedError for more files than a flash can hold."""
        self._n_files += 1
        if self._n_files > MOST_FILES:
            raise DamagedError(
                f"The device lists more than {MOST_FILES} files; nothing was copied.", "`retrowalk doctor` checks it."
            )
        if _SESSION.fullmatch(session) and name == MARK_NAME:
            self.marked.add(session)
        elif _SESSION.fullmatch(session) and _FILE.fullmatch(name) and 0 <= n_bytes <= MOST_FILE_BYTES:
            self.sizes.setdefault(session, {})[name] = n_bytes
        else:
            self.strange += 1
