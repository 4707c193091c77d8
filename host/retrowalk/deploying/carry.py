"""Carries a plan out, in an order in which a power cut anywhere leaves a device that starts an app that works.

The copy that is changed is not the one that starts. It is marked incomplete first and whole last (release.json); each
file is verified by hash on the device; one rename of the guard's state switches over. The guard itself changes rarely,
also by a rename: before the switch, or, where there was none, after it.
"""

import hashlib
from collections.abc import Callable, Iterable

from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.deploying.plan import BOARD_FILE, MAIN, Plan
from retrowalk.deploying.slots import OLD_MAIN, write_state
from retrowalk.deploying.tree import RELEASE
from retrowalk.errors import FailedError

BLOCK_BYTES = 4096
SPARE_BYTES = 64 * 1024
_NEW = ".new"
_TRIES = 2
_COPIES_AT_ONCE = 16

_PREPARE = """\
import os
for d in {!r}:
 try:
  os.mkdir(d)
 except OSError as x:
  if x.errno!=17:
   raise
"""
_COPY = """\
b=bytearray(2048)
m=memoryview(b)
for p,q in {!r}:
 with open(p,'rb') as f,open(q,'wb') as g:
  while 1:
   n=f.readinto(b)
   if not n:break
   g.write(m[:n])
"""
_RENAME = "import os\nos.rename({!r},{!r})\n"


def require_room(plan: Plan, free_bytes: int) -> None:
    """Raises FailedError, before anything is written, if the flash has no room for the second copy."""
    needed = blocks_of(len(data) for data in plan.writes.values()) + blocks_of(plan.copied_sizes)
    needed += SPARE_BYTES - blocks_of(plan.freed_sizes)
    if plan.then is not None and free_bytes < needed:
        raise FailedError(
            f"The device's flash has {free_bytes // 1024} kB free; a second copy of the app needs {needed // 1024} kB. "
            "Nothing was changed.",
            "free it with `retrowalk sync --prune`, then run this again.",
        )


def carry_out(device: Transport, plan: Plan, written: Callable[[int], None]) -> None:
    """Do what the plan says. Raises FailedError if a file does not arrive intact; what starts is then as before."""
    if plan.then is not None:
        _fill(device, plan, written)
    # The copy that starts until the switch may not know a new board; without a board none starts.
    is_board_first = plan.board is not None and not remote.hash_files(device, [BOARD_FILE])
    if plan.board is not None and is_board_first:
        _replace(device, BOARD_FILE, plan.board)
    if plan.guard is not None and not plan.is_guard_last:
        _replace(device, MAIN, plan.guard)
    if plan.keep_old_main:
        _keep_old_main(device)
    if plan.then is not None:
        write_state(device, plan.then)
    elif plan.forget is not None:
        write_state(device, plan.forget)
    if plan.guard is not None and plan.is_guard_last:
        _replace(device, MAIN, plan.guard)
    if plan.board is not None and not is_board_first:
        _replace(device, BOARD_FILE, plan.board)


def blocks_of(sizes: Iterable[int]) -> int:
    """Bytes that files of these sizes take on the flash, which is given out in blocks."""
    return sum(BLOCK_BYTES * (size // BLOCK_BYTES + 1) for size in sizes)


def _fill(device: Transport, plan: Plan, written: Callable[[int], None]) -> None:
    """Make the copy what it is to be; it is whole again at the very end."""
    if plan.first is not None:
        write_state(device, plan.first)
    release = f"/{plan.slot}/{RELEASE}"
    remote.remove_files(device, [release, *plan.stale])
    device.run(_PREPARE.format(_parents(plan.hashes)))
    for at in range(0, len(plan.copies), _COPIES_AT_ONCE):
        _copy(device, plan.copies[at : at + _COPIES_AT_ONCE])
    for path, data in plan.writes.items():
        device.write_file(path, data)
        written(len(data))
    _verify(device, plan)
    _write_verified(device, release, plan.release)


def _verify(device: Transport, plan: Plan) -> None:
    """Compare every file of the copy by hash; what travelled and is not intact is sent once more."""
    wrong = list(plan.hashes)
    for tries_left in reversed(range(_TRIES)):
        hashes = remote.hash_files(device, wrong)
        wrong = [path for path in wrong if hashes.get(path) != plan.hashes[path]]
        if not wrong:
            return
        if tries_left:
            for path in wrong:
                if path in plan.writes:
                    device.write_file(path, plan.writes[path])
    raise _not_intact(wrong[0])


def _write_verified(device: Transport, path: str, data: bytes) -> None:
    device.write_file(path, data)
    if remote.hash_files(device, [path]).get(path) != hashlib.sha256(data).hexdigest():
        remote.remove_files(device, [path])
        raise _not_intact(path)


def _replace(device: Transport, path: str, data: bytes) -> None:
    """A file at / by a rename: a power cut leaves the old one or the new one."""
    _write_verified(device, path + _NEW, data)
    device.run(_RENAME.format(path + _NEW, path))


def _keep_old_main(device: Transport) -> None:
    """Firmware 0.2's main.py, by which the guard goes back to it."""
    aside = OLD_MAIN + _NEW
    _copy(device, [(MAIN, aside)])
    hashes = remote.hash_files(device, [MAIN, aside])
    if MAIN not in hashes or hashes[MAIN] != hashes.get(aside):
        raise _not_intact(aside)
    device.run(_RENAME.format(aside, OLD_MAIN))


def _copy(device: Transport, pairs: list[tuple[str, str]]) -> None:
    device.run(_COPY.format(pairs))


def _not_intact(path: str) -> FailedError:
    return FailedError(
        f"{path} did not arrive intact on the device; the app that was there still starts.",
        "check the cable and run `retrowalk flash` again.",
    )


def _parents(paths: Iterable[str]) -> list[str]:
    """All folders above `paths`, outer ones first."""
    folders: set[str] = set()
    for path in paths:
        parts = path.strip("/").split("/")[:-1]
        folders.update("/" + "/".join(parts[: i + 1]) for i in range(len(parts)))
    return sorted(folders, key=lambda each: (each.count("/"), each))
