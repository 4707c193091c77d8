"""How a running virtual device is found: one small file a process in the user's runtime folder, gone when it ends.

`retrowalk devices` reads them (retrowalk.ports). Of several devices in one process only the first is listed.
"""

import json
import os
from pathlib import Path

from retrowalk.ports import runtime_registry


class Registration:
    """The entry of this process; `close` takes it away."""

    def __init__(self, port: Path, link: Path | None, device_id: str, board: str) -> None:
        folder = runtime_registry()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entry = {"port": str(port), "link": None if link is None else str(link), "device_id": device_id, "board": board}
        self._path = folder / f"{os.getpid()}.json"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            # Ours, for another device of this process; or left by a process that had our number.
            if self._path in _OPEN:
                self._path = None
                return
            descriptor = os.open(self._path, os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(entry, file)
        _OPEN.add(self._path)

    def close(self) -> None:
        """Remove the entry."""
        if self._path is not None:
            _OPEN.discard(self._path)
            self._path.unlink(missing_ok=True)
            self._path = None


_OPEN: set[Path] = set()
