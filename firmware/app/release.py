"""Which version this is and how it stands with the boot guard: what `status` tells of it.

release.json lies in the copy of the app (written by `retrowalk flash`): {"version": text, "content": the hash over all
its files, "kind": "mpy" or "py"}.
"""

import json

from retrogait import PROTOCOLS


class Release:
    """guard: main.py's Guard. Field `content`: the hash over the files this app was deployed as, or ""."""

    def __init__(self, guard):
        self._guard = guard
        self.content = _read(guard.folder).get("content", "")
        # What was given up is told until another version has confirmed itself, or the computer's is the one that runs.
        self._failed_version = _read("/" + guard.failed).get("version") if guard.failed else None

    def status(self):
        """Fields of the status: slot, confirmed, protocol and what became of an update that failed."""
        guard = self._guard
        failed = None
        if guard.failed:
            failed = {"slot": guard.failed, "why": guard.why, "version": self._failed_version}
        return {
            "slot": guard.slot,
            "confirmed": guard.is_confirmed,
            "update_failed": failed,
            "protocol": list(PROTOCOLS),
        }


def _read(folder):
    try:
        with open(folder + "/release.json") as file:
            stored = json.load(file)
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}
