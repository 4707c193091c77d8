"""What a deploy has to do: into which of the two copies, what travels, what is copied on the device, what goes.

Nothing is changed here. `make_plan` reads hashes from the device; carry.py carries the plan out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.deploying import tree as trees
from retrowalk.deploying.slots import OLD, SLOTS, Slots, State, without_failed
from retrowalk.deploying.tree import RELEASE

MAIN = "/main.py"
BOARD_FILE = "/board.txt"


@dataclass
class Plan:
    """`slot` gets the app: `writes` (device path -> bytes) travel, `copies` (from, to) are made on the device, `stale`
    paths go; `hashes` is what must be there in the end; `freed_sizes`: of the files that go or are overwritten.

    first: the state to write before the copy is touched, or None; then: the state that switches over, or None where
    nothing changes. guard: a new main.py, or None; keep_old_main: put firmware 0.2's main.py aside. board: the new
    content of board.txt, or None. forget: the state without the note of an update that was given up, or None.
    """

    slot: str
    release: bytes
    writes: dict[str, bytes] = field(default_factory=dict)
    copies: list[tuple[str, str]] = field(default_factory=list)
    copied_sizes: list[int] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    freed_sizes: list[int] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    n_same: int = 0
    first: State | None = None
    then: State | None = None
    guard: bytes | None = None
    is_guard_last: bool = False
    keep_old_main: bool = False
    board: bytes | None = None
    forget: State | None = None

    def n_bytes(self) -> int:
        """Bytes that must travel."""
        return sum(len(data) for data in self.writes.values())

    def is_empty(self) -> bool:
        """True when the device has all of it, and starts it."""
        return self.then is None and self.guard is None and self.board is None


def make_plan(device: Transport, slots: Slots, app: Mapping[str, bytes], board: str) -> Plan:
    """How `app` (path within a copy -> content) becomes what `device` starts, as a board of that name."""
    sizes = remote.list_files(device, [f"/{slot}" for slot in SLOTS])
    shared = remote.hash_files(device, [MAIN, BOARD_FILE])
    active = slots.active
    wanted = trees.hashes_of(app)
    there = _hashes_in(device, active, wanted, sizes)
    is_same = there == wanted and not _extra(active, wanted, sizes)
    if active in SLOTS and is_same and slots.releases[active].content == trees.content_of(wanted):
        plan = Plan(active, trees.release_of(app), n_same=len(wanted))
        if slots.state is not None and slots.state.failed:
            plan.forget = without_failed(slots.state)
    else:
        plan = _plan_switch(device, slots, app, sizes, there)
    guard, name = trees.guard(), f"{board}\n".encode()
    if shared.get(MAIN) != trees.hashes_of({MAIN: guard})[MAIN]:
        plan.guard = guard
        plan.is_guard_last = not slots.has_guard
        plan.keep_old_main = not slots.has_guard and slots.has_old_tree
    if shared.get(BOARD_FILE) != trees.hashes_of({BOARD_FILE: name})[BOARD_FILE]:
        plan.board = name
    return plan


def differing(device: Transport, slots: Slots, app: Mapping[str, bytes]) -> int:
    """How many files of the copy that starts are not as in `app`, or are not in it at all."""
    wanted = trees.hashes_of(app)
    sizes = remote.list_files(device, [f"/{slot}" for slot in SLOTS])
    there = _hashes_in(device, slots.active, wanted, sizes)
    n_wrong = sum(there.get(path) != sha256 for path, sha256 in wanted.items())
    return n_wrong + len(_extra(slots.active, wanted, sizes))


def _plan_switch(
    device: Transport, slots: Slots, app: Mapping[str, bytes], sizes: Mapping[str, int], there: Mapping[str, str]
) -> Plan:
    """The plan for a copy that is to be changed, and then started."""
    slot, first = _choose(slots)
    wanted = trees.hashes_of(app)
    present = there if slot == slots.active else _hashes_in(device, slot, wanted, sizes)
    plan = Plan(slot, trees.release_of(app), first=first)
    for path, data in app.items():
        target = f"/{slot}/{path}"
        plan.hashes[target] = wanted[path]
        if present.get(path) == wanted[path]:
            plan.n_same += 1
            continue
        plan.freed_sizes += [sizes[target]] if target in sizes else []
        if there.get(path) == wanted[path]:
            plan.copies.append((f"/{slots.active}/{path}", target))
            plan.copied_sizes.append(len(data))
        else:
            plan.writes[target] = data
    plan.stale = [f"/{slot}/{path}" for path in _extra(slot, wanted, sizes)]
    plan.freed_sizes += [sizes[path] for path in plan.stale]
    back = first.slot if first else slots.active or ""
    had_imu = slots.state.imu if slots.state and slots.has_guard else None
    plan.then = State(slot, back=back, imu=had_imu)
    return plan


def _choose(slots: Slots) -> tuple[str, State | None]:
    """The copy to overwrite, never the one that would be gone back to; and the state that makes this so, if needed."""
    state, active = slots.state, slots.active
    if active not in SLOTS:
        return SLOTS[0], None
    if state is not None and not state.good and state.slot == active and slots.is_whole(state.back):
        return active, State(state.back, good=True, imu=state.imu)
    return SLOTS[1 - SLOTS.index(active)], None


def _hashes_in(
    device: Transport, slot: str | None, wanted: Mapping[str, str], sizes: Mapping[str, int]
) -> dict[str, str]:
    """Path within the copy -> hash, of those files of `wanted` that it has."""
    if slot is None or slot == OLD:
        return {}
    root = f"/{slot}/"
    hashes = remote.hash_files(device, [root + path for path in wanted if root + path in sizes])
    return {path.removeprefix(root): sha256 for path, sha256 in hashes.items()}


def _extra(slot: str | None, wanted: Mapping[str, str], sizes: Mapping[str, int]) -> list[str]:
    """Paths in that copy that the app does not have."""
    root = f"/{slot}/"
    inside = [path.removeprefix(root) for path in sizes if path.startswith(root)]
    return sorted(path for path in inside if path not in wanted and path != RELEASE)
