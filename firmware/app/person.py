"""What the device knows of its wearer: settings and how the clip sits. A corrupt file never stops the device."""

from app.store import read_json, write_json
from retrogait.mounting import Mounting
from retrogait.scale import RANGES
from retrogait.settings import Settings


class Person:
    """Fields: `settings`, `mount` ("waist", "ankle" or None when not calibrated), `mounting_q14` (nine integers)."""

    def __init__(self, faults):
        self.settings = Settings()
        self.mount = None
        self.mounting_q14 = None
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
        except (ValueError, KeyError, TypeError):
            faults.add("mounting_unreadable")

    def mounting(self):
        """A fresh Mounting for an engine; the clip must be calibrated."""
        return Mounting(self.mounting_q14)

    def keep_mounting(self, mount, mounting, noise_mg, bias_ddps):
        """Store a passed calibration; OSError if the flash is full."""
        q14 = mounting.as_list()
        write_json("mounting.json", {"mount": mount, "q14": q14, "noise_mg": noise_mg, "bias_ddps": bias_ddps})
        self.mount = mount
        self.mounting_q14 = q14
