"""What `retrowalk config show` prints: a table for people, or one JSON object in the device's units."""

from argparse import Namespace
from typing import Any

from retrogait.settings import SCHEMA, Settings
from retrowalk.console import emit, emit_json, say, table
from retrowalk.contact.status import Status
from retrowalk.settings.device_settings import Held
from retrowalk.settings.setting_meanings import MEANINGS
from retrowalk.settings.setting_words import (
    DEFAULT,
    set_by,
    shown_name,
    shown_range,
    shown_unit,
    shown_value,
    stage_lines,
)

FORMAT = 1
_TITLES = ("setting", "value", "unit", "default", "range", "set by", "what it does")


def print_settings(status: Status, held: Held, args: Namespace) -> None:
    """Print what `held` comes to: all rows, or those that are not at their default."""
    values = Settings(held.changes).as_dict()
    if args.json:
        emit_json(_as_json(status, held, values))
        return
    rows = [row for row in SCHEMA if args.all or row == "stage" or set_by(row, held.changes) != DEFAULT]
    for line in table(_TITLES, [_cells(row, values[row], held, args.imperial) for row in rows]):
        emit(line)
    for line in stage_lines(held.changes, args.imperial):
        say(line)
    if len(rows) < len(SCHEMA):
        say(f"{len(SCHEMA) - len(rows)} more are at their defaults: `retrowalk config show --all`.")


def _cells(row: str, value: int, held: Held, imperial: bool) -> tuple[str, ...]:
    return (
        shown_name(row, imperial),
        shown_value(row, value, imperial),
        shown_unit(row, imperial),
        shown_value(row, SCHEMA[row][0], imperial),
        shown_range(row, imperial),
        set_by(row, held.changes),
        MEANINGS[row],
    )


def _as_json(status: Status, held: Held, values: dict[str, int]) -> dict[str, Any]:
    rows = [
        {
            "name": row,
            "value": values[row],
            "unit": unit,
            "default": default,
            "lowest": lowest,
            "highest": highest,
            "set_by": set_by(row, held.changes),
            "what": MEANINGS[row],
        }
        for row, (default, lowest, highest, unit) in SCHEMA.items()
    ]
    return {
        "format": FORMAT,
        "device_id": status.device_id,
        "settings_unreadable": held.is_unreadable,
        "stage": values["stage"],
        "settings": rows,
    }
