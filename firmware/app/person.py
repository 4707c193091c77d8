"""What the device knows of its wearer: settings and how the clip sits. A corrupt file never stops the device."""

from app.settings_file import SettingsFile
from app.store import read_json, write_json
from retrogait.mounting import Mounting
from retrogait.scale import RANGES
from retrogait.settings import Settings

_UNREADABLE = "settings_unreadable"


class Person:
    """Fields: `settings`, `mount` ("waist", "ankle" or None when not calibrated), `side` (of the body), `mounting_q14`
    (nine integers), `clip_moved` (found to sit otherwise since: no session until it is calibrated again).

    `settings` is another object after `keep_settings`: ask for it when it is needed, and never keep it.
    """

    def __init__(self, faults):
        self.mount = None
        self.side = None
        self.mounting_q14 = None
        self.clip_moved = False
        self._faults = faults
        self._file = SettingsFile()
        self.settings = Settings(self._file.changes)
        if self._file.is_unreadable:
            # The defaults stay. It goes into every session's header, and the next sync tells.
            faults.add(_UNREADABLE)
        self._load_mounting(faults)

    @property
    def changes(self):
        """{name: whole number} of what was set; the rest is the stage's or the default."""
        return self._file.changes

    @property
    def is_settings_unreadable(self):
        """Whether the defaults stand in for a file that could not be used."""
        return self._file.is_unreadable

    def keep_settings(self, settings, changes):
        """Store `changes` and walk with `settings`, made of them; OSError if the flash is full."""
        self._file.keep(changes)
        self._faults.mend(_UNREADABLE)
        self.settings = settings

    def _load_mounting(self, faults):
        try:
            stored = read_json("mounting.json")
            if stored is not None:
                Mounting(stored["q14"])
                if stored["mount"] not in RANGES:
                    raise ValueError("unknown mount")
                self.mount = stored["mount"]
                self.mounting_q14 = stored["q14"]
                self.side = stored.get("side")
                self.clip_moved = stored.get("moved", False) is True
        except (ValueError, KeyError, TypeError):
            faults.add("mounting_unreadable")

    def mounting(self):
        """A fresh Mounting for an engine; the clip must be calibrated."""
        return Mounting(self.mounting_q14)

    def keep_mounting(self, mount, side, mounting):
        """Store a passed calibration; OSError if the flash is full."""
        q14 = mounting.as_list()
        write_json("mounting.json", {"mount": mount, "side": side, "q14": q14, "moved": False})
        self.mount = mount
        self.side = side
        self.mounting_q14 = q14
        self.clip_moved = False

    def forget_seat(self, faults):
        """The clip no longer sits as it was calibrated; remembered over resets, if the flash has room."""
        self.clip_moved = True
        stored = {"mount": self.mount, "side": self.side, "q14": self.mounting_q14, "moved": True}
        try:
            write_json("mounting.json", stored)
        except OSError:
            faults.add("flash_full")
