"""How running virtual devices are found: one small file each in the user's runtime folder, gone when it ends.

`retrowalk devices` reads them (contact.ports). The name is <process>-<number>.json; an entry whose process is gone
is stale and ignored there.
"""

import itertools
import json
import os
from pathlib import Path

from retrowalk.contact.ports import runtime_registry

_numbers = itertools.count(1)


class Registration:
    """The entry of one device; `close` takes it away."""

    def __init__(self, port: Path, link: Path | None, device_id: str, board: str, has_baud: bool) -> None:
        folder = runtime_registry()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entry = {
            "port": str(port),
            "link": None if link is None else str(link),
            "device_id": device_id,
            "board": board,
            "has_baud": has_baud,
        }
        self._path = folder / f"{os.getpid()}-{next(_numbers)}.json"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(entry, file)

    def close(self) -> None:
        """Remove the entry."""
        self._path.unlink(missing_ok=True)
