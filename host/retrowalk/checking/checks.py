"""The single checks of `retrowalk doctor`: each gives findings. Of the device they change nothing that stays."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from retrowalk import boards
from retrowalk.archive.archive import Archive
from retrowalk.checking import chip_checks, flash_timing
from retrowalk.checking.finding import FAIL, OK, WARN, Finding
from retrowalk.console import clean
from retrowalk.contact import remote
from retrowalk.contact.compatibility import difference, is_understood
from retrowalk.contact.reasons import SETTINGS_UNREADABLE
from retrowalk.contact.remote import Facts
from retrowalk.contact.sleep_words import sleep_text
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.deploying import mpy
from retrowalk.deploying.confirmation import given_up
from retrowalk.deploying.plan import differing
from retrowalk.deploying.slots import OLD, Slots, read_slots
from retrowalk.deploying.tree import known_boards, source_tree
from retrowalk.flashing.onboard import unreadable_error

_LOW_BATTERY_MV = 3500
_FULL_FLASH_KB = 64
_LOW_FLASH_KB = 512  # about six minutes of walking at 12 bytes a sample, 104 Hz
_FAULT_LOG = """\
import json
try:
 with open('/data/faults.txt') as f:
  for l in f:
   if l[0]!=' ':
    print(json.dumps(l[:200]))
except OSError:
 pass
"""


def check_host(archive: Archive) -> list[Finding]:
    """This computer: versions, and whether walks can be kept."""
    findings = [
        Finding("retrowalk", OK, _version("retrowalk")),
        Finding("python", OK, f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        Finding("mpremote", OK, f"{_version('mpremote')}, pyserial {_version('pyserial')}"),
    ]
    nearest = archive.root
    while not nearest.exists():
        nearest = nearest.parent
    if os.access(nearest, os.W_OK | os.X_OK):
        findings.append(Finding("archive", OK, f"{archive.root}, {len(archive.sessions())} walks"))
    else:
        step = "choose another place: set RETROWALK_ARCHIVE, or sync with --archive FOLDER."
        findings.append(Finding("archive", FAIL, f"{archive.root} cannot be written", step))
    return findings


def check_status(status: Status) -> list[Finding]:
    """What the running app says."""
    findings = [
        Finding("device", OK, f"{status.device_id}{f', {status.name}' if status.name else ''}"),
        Finding("board", OK, status.board or "unknown"),
        _check_version(status),
    ]
    failed_update = given_up(status)
    if failed_update is not None:
        findings.append(Finding("update", WARN, *failed_update))
    if status.calibrated:
        findings.append(Finding("calibration", OK, f"worn at the {status.mount or 'unknown place'}"))
    else:
        findings.append(Finding("calibration", WARN, "not done", "`retrowalk calibrate waist` (or ankle)."))
    if status.battery_mv is None:
        findings.append(Finding("battery", OK, "not measured on this board"))
    elif status.battery_mv < _LOW_BATTERY_MV:
        findings.append(Finding("battery", WARN, f"{status.battery_mv} mV", "charge it before the next walk."))
    else:
        findings.append(Finding("battery", OK, f"{status.battery_mv} mV"))
    findings.append(Finding("sleep", OK, sleep_text(status)))
    if status.faults:
        listed = ", ".join(f"{name} {count}" for name, count in sorted(status.faults.items()))
        findings.append(Finding("faults", WARN, listed, "docs/how-to/troubleshooting.md explains them."))
    else:
        findings.append(Finding("faults", OK, "none since start"))
    if "settings_unreadable" in (status.faults or {}):
        findings.append(Finding("settings", WARN, *SETTINGS_UNREADABLE))
    return findings


def check_inside(device: Transport) -> Iterator[Finding]:
    """What only the raw REPL can tell: MicroPython, free space, the app's files, the chips, the last crash."""
    facts = remote.read_facts(device)
    yield Finding("device id", OK, facts.device_id)
    yield Finding("micropython", OK, f"{facts.release}, {facts.machine or facts.platform}")
    yield _check_space(facts)
    if not facts.has_filesystem:
        return
    slots = read_slots(device)
    yield _check_files(device, slots)
    yield _check_slots(slots)
    crashes = [clean(line) for line in device.run(_FAULT_LOG) if isinstance(line, str)]
    if crashes:
        yield Finding("last crash", WARN, crashes[-1], "please report it; `retrowalk flash` renews the app.")
    board = (facts.board or "").strip()
    if slots.active is not None and board in known_boards():
        yield flash_timing.check(device, facts, boards.constants(board)["IMU"])
        yield from chip_checks.check(device, board)


def _check_space(facts: Facts) -> Finding:
    free_kb = facts.free_bytes // 1024
    if not facts.has_filesystem:
        error = unreadable_error()
        return Finding("flash", FAIL, error.message, error.next_step)
    text = f"{free_kb} of {facts.total_bytes // 1024} kB free"
    if free_kb < _FULL_FLASH_KB:
        step = "bring the walks home and make room: `retrowalk sync --prune`."
        return Finding("flash", FAIL, f"{text}: no walk can be recorded", step)
    if free_kb < _LOW_FLASH_KB:
        return Finding("flash", WARN, text, "`retrowalk sync --prune` makes room.")
    return Finding("flash", OK, text)


def _check_version(status: Status) -> Finding:
    standing = "" if status.confirmed is not False else ", has not confirmed itself yet"
    text = f"version {status.version or 'unknown'} ({status.content or 'no content hash'}){standing}, {status.state}"
    found = difference(status)
    if found is None:
        return Finding("app", OK, text)
    return Finding("app", WARN if is_understood(status) else FAIL, f"{text}. {found[0]}", found[1])


def _check_files(device: Transport, slots: Slots) -> Finding:
    if slots.active is None:
        return Finding("app files", FAIL, "the app is not on this board", "`retrowalk flash`.")
    tree = source_tree()
    release = slots.releases.get(slots.active)
    if release is not None and release.kind == "mpy" and not mpy.why_not(slots.mpy):
        tree = mpy.compile_tree(tree)
    n_differ = differing(device, slots, tree)
    if not n_differ:
        return Finding("app files", OK, f"all {len(tree)} are those of this computer")
    return Finding("app files", WARN, f"{n_differ} differ from those of this computer", "`retrowalk flash`.")


def _check_slots(slots: Slots) -> Finding:
    """Which copies of the app there are, and whether one could go back."""
    if slots.active == OLD or not slots.has_guard:
        return Finding("slots", WARN, "none: it cannot go back to the version before", "`retrowalk flash`.")
    state = slots.state
    running = f"{slots.active} starts"
    if state is None:
        return Finding("slots", WARN, f"{running}, but the device's note of that is damaged", "`retrowalk flash`.")
    if state.back in slots.releases:
        return Finding("slots", OK, f"{running}; {state.back} holds version {slots.releases[state.back].version}")
    return Finding("slots", OK, f"{running}; no version to go back to")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
