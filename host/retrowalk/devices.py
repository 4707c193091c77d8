"""Lists the boards and virtual devices that are connected, and who answers on each."""

from argparse import ArgumentParser, Namespace
from typing import Any

from retrowalk.console import emit, emit_json, table
from retrowalk.contact.compatibility import is_understood
from retrowalk.contact.link import Link, Speaker
from retrowalk.contact.ports import NOT_HERE, Port, find_ports
from retrowalk.errors import NoDeviceError, RetrowalkError

_SPEAKERS = {
    Speaker.APP: "retrowalk",
    Speaker.PROMPT: "MicroPython without the app",
    Speaker.NOBODY: "no answer",
    Speaker.STRANGER: "not a Retrowalk",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk devices`."""
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(args: Namespace) -> int:
    """Print the list; raises NoDeviceError when it is empty."""
    rows = [describe(port) for port in find_ports()]
    if args.json:
        emit_json(rows)
    if not rows:
        raise NoDeviceError("No device is connected.", NOT_HERE)
    if not args.json:
        titles = ("port", "kind", "identity", "board", "name", "version", "state")
        lines = table(
            titles,
            [(row["port"], row["kind"], row["device_id"] or row["serial_number"] or "", *_rest(row)) for row in rows],
        )
        for line in lines:
            emit(line)
    return 0


def describe(port: Port) -> dict[str, Any]:
    """One row. The port is asked who is there, and nothing running is interrupted."""
    row: dict[str, Any] = {
        "port": port.path,
        "kind": port.kind,
        "description": port.description,
        "usb_id": port.usb_id,
        "serial_number": port.identity if port.kind == "usb" else None,
        "device_id": port.identity if port.kind == "virtual" else None,
        "board": port.board,
        "name": None,
        "version": None,
        "content": None,
        "slot": None,
        "confirmed": None,
        "compatible": None,
        "state": None,
        "answers": None,
    }
    try:
        with Link(port.path) as link:
            answer = link.identify(interrupt=False)
    except RetrowalkError as error:
        row["answers"] = error.message
        return row
    row["answers"] = _SPEAKERS[answer.speaker]
    if answer.status is not None:
        status = answer.status
        row.update(device_id=status.device_id, board=status.board, name=status.name)
        row.update(version=status.version, state=status.state, content=status.content, slot=status.slot)
        row.update(confirmed=status.confirmed, compatible=is_understood(status))
    return row


def _rest(row: dict[str, Any]) -> tuple[str, ...]:
    version = f"{row['version']} {row['content'] or ''}" if row["version"] else ""
    return (row["board"] or "", row["name"] or "", version, row["state"] or row["answers"])
