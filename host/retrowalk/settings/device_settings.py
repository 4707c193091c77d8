"""The settings of one device over its link: read what was set, and replace it in one step (docs/reference/link.md).

What the device tells is checked with the schema of this computer; what is sent was checked with it before. The device
checks again, and nothing is half applied. Called by `retrowalk config`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from retrogait.settings import SCHEMA, Settings, SettingsError
from retrowalk.console import clean
from retrowalk.contact.link import Link
from retrowalk.errors import BusyError, FailedError


class Held(NamedTuple):
    """`changes`: what was set; `is_unreadable`: a bad file lies on the device, and the defaults stand in for it."""

    changes: dict[str, int]
    is_unreadable: bool = False


def read_held(link: Link) -> Held:
    """What the device holds. Raises BusyError, NoDeviceError."""
    return _checked(link.ask("settings"))


def replace_held(link: Link, held: Held, wanted: Mapping[str, int]) -> None:
    """Make `wanted` what is set on a device that holds `held`. Raises BusyError if it refuses, and then all stays."""
    link.ask("draft")
    for row in SCHEMA:
        if row in wanted and wanted[row] != held.changes.get(row):
            link.ask(f"draft {row} {wanted[row]}")
        elif row in held.changes and row not in wanted:
            link.ask(f"draft {row} -")
    if _checked(link.ask("apply")).changes != dict(wanted):
        raise FailedError(
            "The device keeps other settings than were sent.", "`retrowalk config show`, then set them again."
        )


def _checked(told: dict[str, Any]) -> Held:
    changes = told.get("settings")
    try:
        if not isinstance(changes, dict):
            raise SettingsError("there are none")
        Settings(changes)
    except SettingsError as error:
        raise BusyError(
            f"The device's settings are not of this version: {clean(error)}. They were left as they are.",
            "`retrowalk flash` brings device and computer to one version.",
        ) from None
    return Held(changes, told.get("settings_unreadable") is True)
