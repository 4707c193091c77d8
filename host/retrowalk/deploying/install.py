"""Puts the app on a device, from its raw REPL: what `retrowalk flash` calls. The app starts when the REPL is left.

Walks, settings and calibration on the device are never touched.
"""

from dataclasses import dataclass

from retrowalk.console import progress, say
from retrowalk.contact.remote import Facts
from retrowalk.contact.transport import Transport
from retrowalk.deploying import mpy
from retrowalk.deploying.carry import carry_out, require_room
from retrowalk.deploying.plan import Plan, make_plan
from retrowalk.deploying.slots import OLD, Slots, read_slots
from retrowalk.deploying.tree import source_tree


@dataclass(frozen=True)
class Installed:
    """What was done, and in which slot the app is that starts; has_old: firmware 0.2 lies there too."""

    slot: str
    plan: Plan
    kind: str
    has_old: bool

    def in_words(self, board: str) -> str:
        """One line for the person at the terminal."""
        plan = self.plan
        n_files = plan.n_same + len(plan.copies) + len(plan.writes)
        if plan.is_empty():
            return f"{board}: nothing to change, all {n_files} files are up to date."
        if plan.then is None:
            return f"{board}: all {n_files} files of the app are up to date; the files around it were renewed."
        parts = [f"{len(plan.writes)} files ({plan.n_bytes() // 1024} kB) sent"]
        parts += [f"{len(plan.copies)} copied on the device"] if plan.copies else []
        parts += [f"{plan.n_same} were there"] if plan.n_same else []
        parts += [f"{len(plan.stale)} old ones removed"] if plan.stale else []
        return f"{board}: {', '.join(parts)}; all {n_files} of the app verified, as .{self.kind}, in slot {self.slot}."


def app_for(slots: Slots, as_source: bool) -> tuple[dict[str, bytes], str]:
    """The app as it suits the device, and its kind: compiled, or source where asked or where it does not fit."""
    tree = source_tree()
    if as_source:
        return tree, "py"
    if why := mpy.why_not(slots.mpy):
        say(f"The app goes as source, which starts more slowly: {why}.")
        return tree, "py"
    return mpy.compile_tree(tree), "mpy"


def install(device: Transport, facts: Facts, board: str, as_source: bool = False) -> Installed:
    """Bring the device to the app of this computer. Raises FailedError (no room, not intact): then all is as before."""
    slots = read_slots(device)
    app, kind = app_for(slots, as_source)
    plan = make_plan(device, slots, app, board)
    require_room(plan, facts.free_bytes)
    with progress("copying", plan.n_bytes()) as written:
        carry_out(device, plan, written)
    has_old = slots.has_old_tree or slots.has_old_main or (plan.then is not None and plan.then.back == OLD)
    return Installed(plan.slot, plan, kind, has_old)
