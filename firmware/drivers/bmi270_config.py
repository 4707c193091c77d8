"""Loads Bosch's configuration into a BMI270 after its power was off (BST-BMI270-DS000, "Device initialization").

The 8192 bytes are Bosch's; we do not ship them. `retrowalk flash --bmi270-config FILE` puts them on the device; see
docs/reference/boards.md for where they come from. Used by bmi270.py only.
"""

from time import sleep_ms

from drivers.errors import SensorUnready
from retrogait import const

CONFIG_BYTES = 8192

_INTERNAL_STATUS = const(0x21)
_INIT_CTRL = const(0x59)
_INIT_ADDR_0 = const(0x5B)
_INIT_DATA = const(0x5E)
_PWR_CONF = const(0x7C)

# 3 ms of the bus at 400 kHz.
_BURST_BYTES = const(128)
_READY = const(0x01)
_STATUS_MASK = const(0x0F)
_POLL_MS = const(5)
_POLLS = const(30)


def upload(bus, address, path):
    """Write the file into the chip and wait until it says that it is ready. SensorUnready if there is no such file, if
    it is not of that length, or if the chip does not take it; else the errors of the bus."""
    byte = bytearray(1)
    # Power saving off; the chip wants 450 us after it.
    bus.write(address, _PWR_CONF, byte)
    sleep_ms(1)
    bus.write(address, _INIT_CTRL, byte)
    _send(bus, address, path)
    byte[0] = 1
    bus.write(address, _INIT_CTRL, byte)
    for _ in range(_POLLS):
        sleep_ms(_POLL_MS)
        bus.read_into(address, _INTERNAL_STATUS, byte)
        if byte[0] & _STATUS_MASK == _READY:
            return
    raise SensorUnready(byte[0])


def _send(bus, address, path):
    burst = bytearray(_BURST_BYTES)
    place = bytearray(2)
    try:
        file = open(path, "rb")
    except OSError as error:
        raise SensorUnready(error.errno) from None
    with file:
        length = file.seek(0, 2)
        if length != CONFIG_BYTES:
            raise SensorUnready(length)
        file.seek(0)
        for sent in range(0, CONFIG_BYTES, _BURST_BYTES):
            file.readinto(burst)
            # The place counts words: four bits in one register, eight in the next.
            words = sent >> 1
            place[0] = words & 0x0F
            place[1] = words >> 4
            bus.write(address, _INIT_ADDR_0, place)
            bus.write(address, _INIT_DATA, burst)
