"""Waits until a new app has confirmed itself, or the device has gone back to the one before; then clears up.

Called after the raw REPL was left, by `retrowalk flash` and `retrowalk rollback`.
"""

import time

from retrowalk.contact import remote
from retrowalk.contact.link import Link, Speaker
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.deploying.slots import OLD, OLD_MAIN, read_slots, without_back, write_state
from retrowalk.deploying.tree import FOLDERS
from retrowalk.errors import FailedError, RetrowalkError

# Twice the guard's longest trial (firmware/main.py), and the starts around it.
_PATIENCE_S = 90.0
_LOOK_S = 0.2

WHY = {
    "crashed": "its app crashed at the start",
    "stopped": "it hung, or power went, before it had confirmed itself",
    "ended": "its app ended by itself",
    "imu_absent": "it did not find the motion sensor, which the version before had found",
    "log_unusable": "it could not use the folder of the sessions",
    "flash_full": "the flash was full",
    "incomplete": "its files were not complete",
}
_AGAIN = "`retrowalk flash` tries again"
REMEDY = {
    "crashed": f"please report the last crash, as `retrowalk doctor` shows it; with a newer version {_AGAIN}.",
    "stopped": f"if it was switched off twice meanwhile, {_AGAIN}; else please report it.",
    "imu_absent": f"check the motion sensor and its cables with `retrowalk doctor`; then {_AGAIN}.",
    "log_unusable": f"look at the flash with `retrowalk doctor`; then {_AGAIN}.",
    "flash_full": f"make room with `retrowalk sync --prune`; then {_AGAIN}.",
}


def given_up(status: Status) -> tuple[str, str] | None:
    """What became of an update that the device gave up: what happened and what runs now, and what to do; else None."""
    failed = status.update_failed
    if failed is None:
        return None
    why = WHY.get(failed.why, "the reason is not known")
    runs = f"version {status.version or 'unknown'}{f' ({status.content})' if status.content else ''}"
    told = (
        f"Version {failed.version or 'unknown'}, the last update, was given up: {why}. The device went back to {runs}, "
        "which runs; no walk and no setting is lost."
    )
    return told, REMEDY.get(failed.why, f"{_AGAIN}.")


def await_confirmed(path: str, slot: str) -> Status:
    """The status of the app in `slot` once it has confirmed itself. Raises FailedError if it does not."""
    deadline_s = time.monotonic() + _PATIENCE_S
    speaker, last = Speaker.NOBODY, None
    while time.monotonic() < deadline_s and speaker is not Speaker.PROMPT:
        try:
            with Link(path) as link:
                answer = link.identify(interrupt=False)
        except RetrowalkError:  # the port goes and comes back with each reset of a board
            time.sleep(_LOOK_S)
            continue
        speaker, last = answer.speaker, answer.status
        if last is not None and last.slot != slot:
            raise _gone_back(last)
        if last is not None and last.confirmed:
            return last
        time.sleep(_LOOK_S)
    why = "it does not answer"
    if speaker is Speaker.PROMPT:
        why = "it stopped at the MicroPython prompt"
    elif last is not None:
        why = "it runs, but has not confirmed that it is well"
    raise FailedError(
        f"The files are on the device and verified, but the app did not start: {why}.",
        "press reset without holding the button; if it stays so, `retrowalk doctor` shows why.",
    )


def remove_old_tree(device: Transport) -> int:
    """Remove the single tree of firmware 0.2 once nothing goes back to it; returns how many files went.

    Does nothing unless the app of a slot has confirmed itself.
    """
    state = read_slots(device).state
    if state is None or not state.good or state.slot == OLD:
        return 0
    if state.back == OLD:
        write_state(device, without_back(state))
    files = sorted(remote.list_files(device, [f"/{name}" for name in FOLDERS]))
    remote.remove_files(device, [OLD_MAIN, *files])
    for name in FOLDERS:
        remote.remove_folder(device, f"/{name}")
    return len(files) + 1


def _gone_back(status: Status) -> FailedError:
    told = given_up(status)
    if told is None:
        return FailedError(
            f"Another copy of the app runs than the one that was sent: version {status.version or 'unknown'}.",
            "`retrowalk doctor` shows what lies on the device.",
        )
    return FailedError(*told)
