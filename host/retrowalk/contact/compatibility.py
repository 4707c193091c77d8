"""Do this computer's Retrowalk and a device's firmware understand each other? Looked at on every contact.

Each side tells the oldest and the newest link protocol it speaks (retrogait.PROTOCOLS; docs/reference/link.md): they
understand each other if the ranges meet. Whatever the answer, walks can be copied, for that needs MicroPython only.
"""

import retrogait
from retrowalk.console import clean, say
from retrowalk.contact.status import Status
from retrowalk.errors import BusyError

UPDATE_HOST = "update Retrowalk on this computer (`git pull`, `make setup`), then run this again."
UPDATE_DEVICE = "`retrowalk flash` brings the device up to date; walks, settings and calibration stay."

_told: set[str] = set()


def is_understood(status: Status) -> bool:
    """Whether the two have a protocol in common."""
    oldest, newest = status.protocols
    return oldest <= retrogait.PROTOCOLS[1] and newest >= retrogait.PROTOCOLS[0]


def difference(status: Status) -> tuple[str, str] | None:
    """How the device's version differs from this computer's, in a sentence, and the next step; None if it does not."""
    here, there = retrogait.VERSION, status.version or "unknown"
    versions = f"the device has version {clean(there)}, this computer {here}"
    if status.protocols[0] > retrogait.PROTOCOLS[1]:
        return f"The firmware is too new for this computer: {versions}. Only its walks can be copied.", UPDATE_HOST
    if status.protocols[1] < retrogait.PROTOCOLS[0]:
        return f"The firmware is too old for this computer: {versions}. Only its walks can be copied.", UPDATE_DEVICE
    if status.protocols[1] > retrogait.PROTOCOLS[1] or _number(there) > _number(here):
        return f"The firmware is newer than this computer's Retrowalk: {versions}. What both know works.", UPDATE_HOST
    if status.protocols[1] < retrogait.PROTOCOLS[1] or _number(there) < _number(here):
        return f"The firmware is older than this computer's Retrowalk: {versions}. What both know works.", UPDATE_DEVICE
    return None


def tell(status: Status) -> None:
    """Say, once for each device and run of a verb, if the versions differ."""
    found = difference(status)
    if found is not None and status.device_id not in _told:
        _told.add(status.device_id)
        say(f"{found[0]}\nNext: {found[1]}")


def require_understood(status: Status) -> None:
    """Raises BusyError before commands are sent to a device that may take them for something else; else as `tell`."""
    found = difference(status)
    if found is not None and not is_understood(status):
        raise BusyError(*found)
    tell(status)


def _number(version: str) -> tuple[int, ...]:
    """A version to compare by; what is no version is as old as can be."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()
