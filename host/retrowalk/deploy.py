"""The app's files and how they get onto a board that runs MicroPython; /data and /sessions are never touched.

Only what differs travels. Each file is written under a temporary name, verified by hash on the device and renamed;
main.py comes last, so that a deploy that was cut off leaves a board that can be deployed again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import retrogait
from retrowalk import remote
from retrowalk.console import clean
from retrowalk.errors import FailedError, UsageError
from retrowalk.remote import Facts
from retrowalk.transport import Transport

FOLDERS = ("app", "boards", "drivers", "retrogait")
MAIN = "/main.py"
BOARD_FILE = "/board.txt"
_TEMPORARY = ".new"
_BLOCK_BYTES = 4096
_SPARE_BYTES = 64 * 1024
_HOST_PLATFORMS = ("linux", "darwin")  # what MicroPython calls itself behind a virtual device's port

_PREPARE = """\
import os
for d in {!r}:
 try:
  os.mkdir(d)
 except OSError as x:
  if x.errno!=17:
   raise
"""
_RENAME = "import os\nos.rename({!r},{!r})\n"


@dataclass
class Plan:
    """What a deploy has to do: `writes` path -> bytes, main.py last; `stale` files of ours to remove."""

    writes: dict[str, bytes] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    n_same: int = 0

    def n_bytes(self) -> int:
        """Bytes that must travel."""
        return sum(len(data) for data in self.writes.values())

    def is_empty(self) -> bool:
        """True when the board already has all of it."""
        return not self.writes and not self.stale


def firmware_folder() -> Path:
    """The tree that lies on the device: the checkout's firmware/, or its copy in the installed package."""
    here = Path(__file__).resolve().parent
    for folder in (here.parent.parent / "firmware", here / "device_tree"):
        if (folder / "main.py").is_file() and (folder / "app").is_dir():
            return folder
    raise FailedError("The firmware files are missing from this installation.", "install retrowalk again.")


def device_tree() -> dict[str, bytes]:
    """Device path -> content of every file of the app, without caches."""
    root = firmware_folder()
    core = Path(str(retrogait.__file__)).parent
    tree = {MAIN: (root / "main.py").read_bytes()}
    for name in FOLDERS:
        source = core if name == "retrogait" else root / name
        for path in sorted(source.rglob("*.py")):
            tree[f"/{name}/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    return tree


def known_boards() -> list[str]:
    """The names of the boards in firmware/boards."""
    return sorted(path.stem for path in (firmware_folder() / "boards").glob("*.py") if path.stem != "__init__")


def choose_board(wanted: str | None, facts: Facts) -> str:
    """The board's name: as asked, as deployed before, or as the platform shows. Raises UsageError with the list."""
    boards = known_boards()
    if wanted is not None:
        if wanted not in boards:
            raise UsageError(f"There is no board {clean(wanted)!r}.", f"choose one of: {', '.join(boards)}.")
        return wanted
    before = (facts.board or "").strip()
    if before in boards:
        return before
    if facts.platform in _HOST_PLATFORMS:
        return "virtual"
    words = facts.machine.lower().replace("-", "").replace("_", "").replace(" ", "")
    hits = [name for name in boards if name.replace("_", "") in words]
    if len(hits) == 1:
        return hits[0]
    raise UsageError(
        f"Which board is this? It calls itself {facts.machine or facts.platform!r}.",
        f"say so with --board, one of: {', '.join(boards)}.",
    )


def make_plan(device: Transport, tree: dict[str, bytes]) -> Plan:
    """Compare the device's files with `tree` (device path -> bytes)."""
    present = remote.list_files(device, [f"/{name}" for name in FOLDERS])
    hashes = remote.hash_files(device, [path for path in tree if path in present or path in (MAIN, BOARD_FILE)])
    plan = Plan(stale=sorted(path for path in present if path not in tree))
    for path in sorted(tree, key=lambda each: (each == MAIN, each)):
        if hashes.get(path) == hashlib.sha256(tree[path]).hexdigest():
            plan.n_same += 1
        else:
            plan.writes[path] = tree[path]
    return plan


def carry_out(device: Transport, plan: Plan, facts: Facts, written: Callable[[int], None]) -> None:
    """Remove what is stale, write what differs, verify each file. Raises FailedError (no room, not intact)."""
    needed = sum(_BLOCK_BYTES * (len(data) // _BLOCK_BYTES + 1) for data in plan.writes.values())
    if plan.writes and facts.free_bytes < needed + _SPARE_BYTES:
        needed_kb = (needed + _SPARE_BYTES) // 1024
        raise FailedError(
            f"The device's flash has {facts.free_bytes // 1024} kB free; the app needs {needed_kb} kB.",
            "free it with `retrowalk sync --prune`, then run this again.",
        )
    remote.remove_files(device, plan.stale)
    device.run(_PREPARE.format(_parents(plan.writes)))
    for path, data in plan.writes.items():
        temporary = path + _TEMPORARY
        device.write_file(temporary, data)
        if remote.hash_files(device, [temporary]).get(temporary) != hashlib.sha256(data).hexdigest():
            raise FailedError(
                f"{path} did not arrive intact on the device.", "check the cable and run `retrowalk flash` again."
            )
        device.run(_RENAME.format(temporary, path))
        written(len(data))


def _parents(paths: dict[str, bytes]) -> list[str]:
    """All folders above `paths`, outer ones first."""
    folders: set[str] = set()
    for path in paths:
        parts = path.strip("/").split("/")[:-1]
        folders.update("/" + "/".join(parts[: i + 1]) for i in range(len(parts)))
    return sorted(folders, key=lambda each: (each.count("/"), each))
