"""What the device knows of its wearer: settings and how the clip sits. A corrupt file never stops the device."""

from app.store import read_json, write_json
from retrogait.mounting import Mounting
from retrogait.scale import RANGES
from retrogait.settings import Settings


class Person:
    """Fields: `settings`, `mount` ("waist", "ankle" or None when not calibrated), `side` (of the body), `mounting_q14`
    (nine integers), `clip_moved` (found to sit otherwise since: no session until it is calibrated again).
    """

    def __init__(self, faults):
        self.settings = Settings()
        self.mount = None
        self.side = None
        self.mounting_q14 = None
        self.clip_moved = False
        self._load_settings(faults)
        self._load_mounting(faults)

    def _load_settings(self, faults):
        try:
            stored = read_json("settings.json")
            if stored is not None:
                self.settings = Settings(stored)
        except (ValueError, AttributeError, TypeError):
            # SettingsError is a ValueError: defaults stay, and the next sync tells.
            faults.add("settings_unreadable")

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
