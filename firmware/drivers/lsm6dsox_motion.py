"""The LSM6DSOX's wake-up function (AN5272): the accelerometer alone, slowly, and INT1 high while somebody moves it.

The slope filter's half difference of two samples is compared with the threshold, so gravity does not matter. Nothing is
latched: INT1 falls by itself when it lies still. Used by lsm6dsox.py only. Not yet run on silicon.
"""

from time import sleep_ms

from retrogait import const

_CTRL1_XL = const(0x10)
_CTRL6_C = const(0x15)
_TAP_CFG0 = const(0x56)
_TAP_CFG2 = const(0x58)
_WAKE_UP_THS = const(0x5B)
_WAKE_UP_DUR = const(0x5C)
_MD1_CFG = const(0x5E)

_ODR_26_2G = const(0x20)
_LOW_POWER = const(0x10)
_INTERRUPTS_ENABLE = const(0x80)
# In steps of 1/64 of 2 g: 62 mg, felt when a clip is lifted, not when a door falls shut. To be checked on silicon.
_THRESHOLD = const(2)
_INT1_WAKE_UP = const(0x20)
# The first samples come from nowhere and would pass for motion.
_SETTLE_MS = const(200)


def watch_motion(write):
    """Set the function up with write(register, value), on a chip that was just reset; takes 0.2 s."""
    write(_CTRL6_C, _LOW_POWER)
    write(_CTRL1_XL, _ODR_26_2G)
    write(_TAP_CFG0, 0)
    write(_WAKE_UP_THS, _THRESHOLD)
    write(_WAKE_UP_DUR, 0)
    write(_TAP_CFG2, _INTERRUPTS_ENABLE)
    sleep_ms(_SETTLE_MS)
    write(_MD1_CFG, _INT1_WAKE_UP)
