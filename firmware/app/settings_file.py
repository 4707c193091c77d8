"""The settings on the flash: /data/settings.json, {"format": 1, "settings": {name: whole number}}.

It holds only what was set. A file that is damaged, or from a version whose settings we do not know, is kept as
/data/settings.bad (one, the newest) until settings are stored again, so that every start from then on can say so.
"""

from app import store
from retrogait.settings import Settings

FORMAT = 1

_NAME = "settings.json"
_BAD = "settings.bad"


class SettingsFile:
    """Fields: `changes` ({name: whole number} of what was set), `is_unreadable` (defaults stand in for a bad file)."""

    def __init__(self):
        self.changes = {}
        self.is_unreadable = False
        try:
            self.changes = _read()
        except (ValueError, TypeError):
            # SettingsError is a ValueError; a key that cannot be looked up is a TypeError.
            store.rename(_NAME, _BAD)
            self.is_unreadable = True
            return
        if store.exists(_NAME):
            store.remove(_BAD)
        else:
            self.is_unreadable = store.exists(_BAD)

    def keep(self, changes):
        """Store `changes`, which were checked; OSError if the flash is full, and then the old ones stay."""
        store.write_json(_NAME, {"format": FORMAT, "settings": changes})
        store.remove(_BAD)
        self.changes = changes
        self.is_unreadable = False


def _read():
    """What was set, checked; {} without a file. ValueError or TypeError if it cannot be used."""
    stored = store.read_json(_NAME)
    if stored is None and not store.exists(_NAME):
        return {}
    if not isinstance(stored, dict):
        raise ValueError("no object")
    if "format" in stored:
        if stored["format"] != FORMAT:
            raise ValueError("another format")
        stored = stored.get("settings")
        if not isinstance(stored, dict):
            raise ValueError("no settings")
    # Without "format" it is the first version's file, which held the bare settings.
    Settings(stored)
    return stored
