"""Which chips are on a device's I2C bus, against those that its board's file expects; for `retrowalk doctor`.

The device is asked through the raw REPL, with the pins of this computer's board file, so it works whatever app is on
it. A chip is known by its identity register, not by its address alone. Nothing is written to any chip.
"""

from dataclasses import dataclass
from typing import Any

from retrowalk.boards import IMU_NAMES
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError

# Motion sensors: name, addresses it can have, its identity register, what that holds.
_IDENTITIES = (
    ("lsm6dsox", (0x6A, 0x6B), 0x0F, 0x6C),
    ("bmi270", (0x68, 0x69), 0x00, 0x24),
    ("mpu6886", (0x68, 0x69), 0x75, 0x19),
)
_IMU_ADDRESSES = (0x68, 0x69, 0x6A, 0x6B)
# The upper three bits of DRV2605L's status register are its kind; the plain DRV2605 works, too.
_MOTOR_KINDS = (3, 7)
_ADDRESSES_AT_MOST = 128

_SCAN = """\
import json,machine,time
for p,v in {power!r}:
 machine.Pin(p,machine.Pin.OUT,value=v)
time.sleep_ms(20)
d=machine.Pin({sda},machine.Pin.OPEN_DRAIN,value=1)
print(json.dumps(['sda',d.value()]))
i=machine.I2C({bus},sda=machine.Pin({sda}),scl=machine.Pin({scl}),freq={freq})
try:
 f=i.scan()
except OSError:
 f=[]
print(json.dumps(['scan',f]))
for a,r in {probes!r}:
 if a in f:
  try:
   print(json.dumps(['register',a,r,i.readfrom_mem(a,r,1)[0]]))
  except OSError:
   pass
"""


@dataclass(frozen=True)
class Bus:
    """addresses: who answered; imus: address -> kind of the known motion sensors; motor: whether a driver is there."""

    is_held: bool
    addresses: tuple[int, ...]
    imus: dict[int, str]
    has_motor: bool


def scan(device: Transport, board: dict[str, Any]) -> Bus:
    """Look. Raises FailedError if the device answers nonsense or its bus cannot be opened."""
    motor = board["HAPTIC_ADDRESS"]
    probes = [(address, register) for address in _IMU_ADDRESSES for register in (0x0F, 0x00, 0x75)]
    if motor is not None:
        probes.append((motor, 0x00))
    rows = device.run(
        _SCAN.format(
            power=board["POWER_PINS"],
            sda=board["SDA"],
            scl=board["SCL"],
            bus=board["I2C_ID"],
            freq=board["I2C_FREQ_HZ"],
            probes=tuple(probes),
        )
    )
    level, addresses, held = None, [], {}
    for row in rows:
        if isinstance(row, list) and len(row) == 2 and row[0] == "sda":
            level = row[1]
        elif isinstance(row, list) and len(row) == 2 and row[0] == "scan" and isinstance(row[1], list):
            addresses = [each for each in row[1] if isinstance(each, int) and 0 <= each < _ADDRESSES_AT_MOST]
        elif isinstance(row, list) and len(row) == 4 and all(isinstance(each, int) for each in row[1:]):
            held[row[1], row[2]] = row[3]
    if level is None:
        raise FailedError("The device did not tell what is on its bus.", "press reset and run this again.")
    return Bus(
        is_held=level == 0,
        addresses=tuple(sorted(set(addresses))),
        imus=_known_imus(held),
        has_motor=motor is not None and held.get((motor, 0x00), 0) >> 5 in _MOTOR_KINDS,
    )


def _known_imus(held: dict[tuple[int, int], int]) -> dict[int, str]:
    return {
        address: kind
        for kind, addresses, register, identity in _IDENTITIES
        for address in addresses
        if held.get((address, register)) == identity
    }


def named(bus: Bus, address: int, board: dict[str, Any]) -> str:
    """An address, with the chip's name if it is known."""
    name = IMU_NAMES[bus.imus[address]] if address in bus.imus else ""
    if address == board["HAPTIC_ADDRESS"]:
        name = "DRV2605L" if bus.has_motor else "?"
    elif address == board["GAUGE_ADDRESS"]:
        name = "MAX17048"
    return f"0x{address:02x} {name}".strip()
