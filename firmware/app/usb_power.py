"""Is there power on the USB cable? Only a wire from the cable's 5 V to a pin can tell (USB_SENSE in the board's file).

Light sleep kills native USB, so "nobody knows" counts as "it may be there".
"""

import machine


class UsbPower:
    """sense: (pin, its level while the cable gives power), or None where the board cannot tell."""

    def __init__(self, sense):
        self._pin = None
        self._level = 1
        if sense is not None:
            self._pin = machine.Pin(sense[0], machine.Pin.IN)
            self._level = sense[1]

    @property
    def is_known(self):
        """Can the board tell?"""
        return self._pin is not None

    def is_present(self):
        """The cable's power is there for sure."""
        return self._pin is not None and self._pin.value() == self._level

    def is_absent(self):
        """The cable's power is away for sure."""
        return self._pin is not None and self._pin.value() != self._level
