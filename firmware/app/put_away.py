"""Deep sleep of a clip that was put away: everything off, and the board starts anew when somebody comes.

The button ends it, power on the cable where the board can tell, and motion for a day where the IMU's interrupt is
wired. Afterwards the sensors' supply is off as well and only the button and the cable are left: a clip in a drawer must
not drain itself by waiting.
"""

from time import sleep_ms

import esp32
import machine

_WATCH_MS = 86400000
# Carried by a walker, something happens in this time: (looks, ms between two).
_LOOKS = (25, 20)


class PutAway:
    """board: its file in boards/; imu: a driver; haptics: a Haptics; faults: the counter."""

    def __init__(self, board, imu, haptics, faults):
        self._board = board
        self._imu = imu
        self._haptics = haptics
        self._faults = faults

    @property
    def can_end(self):
        """Can the button end it? If not, it must not begin."""
        return self._board.BUTTON_WAKES

    @property
    def can_watch(self):
        """Is the IMU's interrupt wired, and does its driver know how, so that motion can end it?"""
        return self._board.IMU_INT1 is not None and hasattr(self._imu, "watch_motion")

    def sleep(self, watches):
        """Sleep; does not come back, unless `watches` (wake by motion, too) and somebody is moving the clip: False."""
        # A pulse that was not ended by now ends by itself within a second (drivers.drv2605l), or with its supply.
        self._haptics.silence()
        ends = self._high_pins()
        if watches:
            interrupt = machine.Pin(self._board.IMU_INT1, machine.Pin.IN)
            watches = self._watch()
            if watches and _rises(interrupt):
                self._rest()
                return False
            ends.append(interrupt)
        if not watches:
            self._rest()
        self._set_supplies(self._board.POWER_PINS if watches else self._board.SLEEP_PINS)
        esp32.wake_on_ext0(machine.Pin(self._board.BUTTON), self._board.BUTTON_PRESSED == 1)
        if ends:
            esp32.wake_on_ext1(tuple(ends), esp32.WAKEUP_ANY_HIGH)
        if watches:
            machine.deepsleep(_WATCH_MS)
        machine.deepsleep()
        return True

    def _high_pins(self):
        """The pin that rises with the cable's power, if there is one."""
        sense = self._board.USB_SENSE
        return [] if sense is None or sense[1] == 0 else [machine.Pin(sense[0], machine.Pin.IN)]

    def _watch(self):
        try:
            self._imu.watch_motion()
        except OSError:
            self._faults.add("imu_bus")
            return False
        return True

    def _rest(self):
        try:
            self._imu.stop()
        except OSError:
            self._faults.add("imu_bus")

    def _set_supplies(self, pins):
        """What feeds the sensors keeps its level in deep sleep only if it is held."""
        # The stubs do not know of holding; ports/esp32/machine_pin.c and modesp32.c do.
        for pin, level in pins:
            machine.Pin(pin, machine.Pin.OUT, value=level, hold=True)  # pyright: ignore[reportCallIssue]
        esp32.gpio_deep_sleep_hold(True)  # pyright: ignore[reportAttributeAccessIssue]


def _rises(pin):
    """Is it high at any moment of the next half second?"""
    for _ in range(_LOOKS[0]):
        if pin.value():
            return True
        sleep_ms(_LOOKS[1])
    return False
