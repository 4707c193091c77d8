"""Starts the version that was on the device before the last deploy, if it is whole and once confirmed itself.

The two versions change places: a second rollback undoes the first.
"""

from argparse import ArgumentParser, Namespace

from retrowalk.console import emit, say
from retrowalk.contact import remote
from retrowalk.contact.ports import choose_port
from retrowalk.contact.transport import Transport
from retrowalk.deploying.confirmation import await_confirmed
from retrowalk.deploying.slots import OLD, Slots, State, read_slots, write_state
from retrowalk.deploying.tree import RELEASE, content_of
from retrowalk.errors import FailedError


def add_arguments(parser: ArgumentParser) -> None:
    """`retrowalk rollback` has no options of its own."""


def run(args: Namespace) -> int:
    """Switch over, start that version, and say what happened. Raises FailedError if there is nothing to go back to."""
    port = choose_port(args.port)
    with Transport(port.path) as device:
        slots, wanted = switch(device)
    say(f"From {_in_words(slots, slots.active)} back to {_in_words(slots, wanted.slot)}.")
    if wanted.slot == OLD:
        emit("The device starts the firmware from before there were slots.")
        return 0
    status = await_confirmed(port.path, wanted.slot)
    emit(f"Version {status.version or 'unknown'} ({status.content or 'content unknown'}) runs, in slot {wanted.slot}.")
    return 0


def switch(device: Transport) -> tuple[Slots, State]:
    """Have the other version start next: (what lay on the device, the new state). Raises FailedError."""
    slots = read_slots(device)
    wanted = _go_back_to(slots)
    if wanted.slot != OLD:
        _require_intact(device, slots, wanted.slot)
    write_state(device, wanted)
    return slots, wanted


def _go_back_to(slots: Slots) -> State:
    """The state that starts the other version. Raises FailedError."""
    state = slots.state
    if state is None or not slots.has_guard or not slots.active:
        raise FailedError("There is no version to go back to on this device.", "`retrowalk flash` puts the newest on.")
    if not slots.is_whole(state.back):
        why = "There is no version to go back to: the other copy is empty or incomplete."
        if state.failed:
            why = (
                f"There is no version to go back to: the other copy, {_in_words(slots, state.failed)}, never confirmed "
            )
            why += "itself and was given up."
        raise FailedError(why, "`retrowalk flash` puts this computer's version on.")
    if state.good and state.back != OLD:
        # On trial once more: if it does not start any longer, the device comes back to what runs now.
        return State(state.back, back=state.slot, imu=state.imu)
    return State(state.back, good=True, imu=state.imu)


def _require_intact(device: Transport, slots: Slots, slot: str) -> None:
    root = f"/{slot}"
    files = remote.list_files(device, [root])
    hashes = remote.hash_files(device, [path for path in files if path != f"{root}/{RELEASE}"])
    there = {path.removeprefix(root + "/"): sha256 for path, sha256 in hashes.items()}
    if content_of(there) != slots.releases[slot].content:
        raise FailedError(
            f"{_in_words(slots, slot)} is damaged on the device; what runs now stays.",
            "`retrowalk flash` puts a whole version beside it.",
        )


def _in_words(slots: Slots, slot: str | None) -> str:
    release = slots.releases.get(slot or "")
    if slot == OLD:
        return "the firmware from before slots"
    return f"version {release.version} ({release.content})" if release else "an unknown version"
