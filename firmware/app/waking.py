"""Why the board is awake, and what it kept over deep sleep: how often it was moved in vain."""

import machine

BUTTON = "button"
MOTION = "motion"
TIMER = "timer"
USB = "usb"
RESET = "reset"

_MARK = b"rw1"


class Waking:
    """usb: a UsbPower. `reason`: one of the above; `in_vain`: wakings by motion after which nobody did anything."""

    def __init__(self, usb):
        self.in_vain = 0
        self.reason = RESET
        if machine.reset_cause() != machine.DEEPSLEEP_RESET:
            return
        self.reason = _REASONS.get(machine.wake_reason(), RESET)
        if self.reason == MOTION and usb.is_present():
            # Both come by the same door (ext1), and the port does not tell which pin it was.
            self.reason = USB
        kept = machine.RTC().memory()
        if kept[:3] == _MARK and len(kept) == 4:
            self.in_vain = kept[3]

    def keep(self, in_vain):
        """Have it at the next waking."""
        machine.RTC().memory(_MARK + bytes([min(255, in_vain)]))


# As esp_sleep_get_wakeup_cause has them: ext0, ext1, timer. Not every chip's `machine` has names for them.
_REASONS = {2: BUTTON, 3: MOTION, 4: TIMER}
