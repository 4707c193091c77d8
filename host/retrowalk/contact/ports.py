"""Finds the ports a device may be on, opens them, and says in plain words why one cannot be opened.

A board is known by its USB serial number and a virtual device by its device id, never by the order of the ports.
Running virtual devices register themselves as <user runtime dir>/virtual/<pid>-<number>.json.
"""

import errno
import json
import os
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import serial
from serial.tools import list_ports

from retrowalk.console import clean
from retrowalk.errors import BusyError, NoDeviceError, RetrowalkError, UsageError

try:
    from termios import error as TerminalError  # raised by pyserial for a port that is lost while it is opened
except ImportError:  # Windows
    TerminalError = OSError

BAUD = 115200
# USB vendors whose serial ports ESP32 boards use: chip maker, bridge makers, board makers.
USB_VENDORS = {
    0x303A: "Espressif",
    0x10C4: "Silicon Labs CP210x",
    0x1A86: "WCH CH34x",
    0x0403: "FTDI",
    0x239A: "Adafruit",
}
# Their ports are the chip's own USB: a rate means nothing there.
_NATIVE_USB = (0x303A, 0x239A)
NOT_HERE = (
    "press the clip's button, it may be asleep; check that the USB cable carries data (many only charge) and sits "
    "firmly, that the bridge's driver is installed, and that you may open serial ports; hold BOOT while you plug it "
    "in; or try without hardware: `retrowalk virtual`."
)
_REGISTRY_BYTES = 4096
_LET_GO_S = 0.5


@dataclass(frozen=True)
class Port:
    """One place a device may be: `path` opens it, `identity` is the USB serial number or the virtual device's id.

    has_baud: whether the rate may mean something there, as behind a bridge chip.
    """

    path: str
    kind: str
    identity: str | None
    description: str
    usb_id: str | None = None
    board: str | None = None
    has_baud: bool = True


def find_ports() -> list[Port]:
    """All candidate ports, boards first, each once."""
    return _usb_ports() + _virtual_ports()


def choose_port(wanted: str | None) -> Port:
    """The port `wanted` names (a path, or the identity of a port found), or the only one there is.

    Raises NoDeviceError when there is none and UsageError, listing them, when there are several.
    """
    found = find_ports()
    if wanted is not None:
        for port in found:
            if wanted in (port.path, port.identity):
                return port
        return Port(wanted, "named", None, "named by --port")
    if not found:
        raise NoDeviceError("No device is connected.", NOT_HERE)
    if len(found) > 1:
        listed = "\n".join(f"  {describe(port)}" for port in found)
        raise UsageError(
            f"{len(found)} devices are connected, and nothing is sent to a guess:\n{listed}",
            f"say which one, like `--port {found[0].path}`.",
        )
    return found[0]


def describe(port: Port) -> str:
    """One line about a port for people."""
    identity = f", {port.identity}" if port.identity else ""
    return f"{port.path}  ({port.description}{identity})"


def open_serial(path: str, timeout_s: float = 0.05) -> serial.Serial:
    """Open a port for ourselves alone. Raises UsageError, NoDeviceError or BusyError with the remedy.

    Somebody who only looks at a new port (a modem manager, say) is given half a second to let go of it.
    """
    deadline_s = time.monotonic() + _LET_GO_S
    while True:
        try:
            return serial.Serial(path, BAUD, timeout=timeout_s, write_timeout=2.0, exclusive=True)
        except (OSError, ValueError, TerminalError) as error:  # SerialException is an OSError
            trouble = opening_error(path, error)
            if getattr(error, "errno", None) not in (errno.EBUSY, errno.EAGAIN) or time.monotonic() > deadline_s:
                raise trouble from error
        time.sleep(0.05)


def opening_error(path: str, error: Exception) -> RetrowalkError:
    """The error to raise for the exception that opening `path` gave."""
    code = getattr(error, "errno", None)
    shown = clean(path)
    if code in (errno.EACCES, errno.EPERM):
        return BusyError(
            f"You are not allowed to open {shown}.",
            f"add yourself to the group that owns serial ports (`sudo usermod -aG {_group_of(path)} $USER`), "
            "log out and in again.",
        )
    if code in (errno.EBUSY, errno.EAGAIN):
        return BusyError(
            f"{shown} is in use by another program.",
            "close the other program (a serial monitor, Thonny, mpremote, another retrowalk) and try again.",
        )
    if code in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return NoDeviceError(f"There is no port {shown}.", "`retrowalk devices` lists what is here; check the cable.")
    if "configure port" in str(error) or code in (errno.ENOTTY, errno.EISDIR) or isinstance(error, ValueError):
        return UsageError(f"{shown} is not a serial port.", "`retrowalk devices` lists the ports that are here.")
    return gone_error(path)


def gone_error(path: str) -> NoDeviceError:
    """The error for a port that failed while it was open."""
    return NoDeviceError(
        f"The device on {clean(path)} has gone away.",
        "reconnect the cable and run the same command again; nothing already saved is lost.",
    )


def runtime_registry() -> Path:
    """The folder in which running virtual devices register."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where there is no XDG_RUNTIME_DIR; its fallback is fine
        return Path(platformdirs.user_runtime_dir("retrowalk")) / "virtual"


def _usb_ports() -> list[Port]:
    ports = []
    for info in sorted(list_ports.comports(), key=lambda each: each.device):
        maker = USB_VENDORS.get(info.vid) if info.vid is not None else None
        if maker is None:
            continue
        usb_id = f"{info.vid:04x}:{info.pid or 0:04x}"
        description = clean(info.product or maker, 40)
        identity = clean(info.serial_number, 40) if info.serial_number else None
        has_baud = info.vid not in _NATIVE_USB
        ports.append(Port(info.device, "usb", identity, description, usb_id, has_baud=has_baud))
    return ports


def _virtual_ports() -> list[Port]:
    if os.name != "posix":
        return []
    folder = runtime_registry()
    try:
        entries: Sequence[Path] = sorted(folder.glob("*.json"))
    except OSError:
        return []
    ports = [_registered(entry) for entry in entries]
    return [port for port in ports if port is not None]


def _registered(entry: Path) -> Port | None:
    """The virtual device behind one registry file; None if it is stale, unreadable or somebody else's."""
    try:
        process = entry.stem.partition("-")[0]
        if not process.isdigit() or not _is_running(int(process)):
            return None
        status = entry.stat()
        if status.st_size > _REGISTRY_BYTES or status.st_uid != os.getuid():
            return None
        told = json.loads(entry.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    path = (told.get("link") or told.get("port")) if isinstance(told, dict) else None
    if not isinstance(path, str) or not Path(path).exists():
        return None
    identity = clean(told.get("device_id"), 40) if told.get("device_id") else None
    board = clean(told.get("board"), 40) if told.get("board") else None
    return Port(path, "virtual", identity, "virtual device", board=board, has_baud=told.get("has_baud") is True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _group_of(path: str) -> str:
    try:
        return Path(path).group()
    except (OSError, KeyError, NotImplementedError):
        return "dialout"
