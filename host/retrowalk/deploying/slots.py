"""What lies on a device: its copies of the app, and the state file by which the boot guard (firmware/main.py) chooses.

The state is {"slot", "good", "starts", "back", "failed", "why", "imu"}; text from the device is checked here.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from retrowalk.console import clean
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError

SLOTS = ("a", "b")
OLD = "old"
"""The slot of firmware 0.2: the app at /, its main.py kept as /main_old.py."""

OLD_MAIN = "/main_old.py"
_GUARD_MARK = '"""The boot guard'
_READ = """\
import json,os,sys
def text(p):
 try:
  with open(p) as f:
   return f.read(300)
 except (OSError,UnicodeError):
  return None
def here(p):
 try:
  os.stat(p)
  return True
 except OSError:
  return False
print(json.dumps({'state':text('/slots.json'),'a':text('/a/release.json'),'b':text('/b/release.json'),
'main':text('/main.py'),'old_main':here('/main_old.py'),'old_tree':here('/app') and here('/retrogait'),
'mpy':getattr(sys.implementation,'_mpy',0)}))
"""
_WRITE_STATE = """\
import os
f=open('/slots.new','w')
f.write({!r})
f.close()
os.rename('/slots.new','/slots.json')
"""


@dataclass(frozen=True)
class State:
    """slots.json: `slot` starts, on trial unless it is `good`; `back` is gone back to if it does not confirm itself."""

    slot: str
    good: bool = False
    starts: int = 0
    back: str = ""
    failed: str = ""
    why: str = ""
    imu: bool | None = None

    def as_text(self) -> str:
        """As it is written on the device: short enough for littlefs to keep it within the folder's own block."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Release:
    """release.json of a whole copy."""

    version: str
    content: str
    kind: str


@dataclass(frozen=True)
class Slots:
    """state: None if there is none that can be used; releases: of the whole copies in a and b; has_guard: main.py is
    a boot guard; has_old_tree: the single tree of firmware 0.2 is there; has_old_main: its main.py is put aside; mpy:
    sys.implementation._mpy.
    """

    state: State | None
    releases: dict[str, Release]
    has_guard: bool
    has_old_tree: bool
    has_old_main: bool
    mpy: int

    @property
    def active(self) -> str | None:
        """The slot that starts, as the guard would choose; None on a board without the app."""
        if not self.has_guard:
            return OLD if self.has_old_tree else None
        if self.state is not None and self.is_whole(self.state.slot):
            return self.state.slot
        return next(iter(sorted(self.releases)), None)

    def is_whole(self, slot: str) -> bool:
        """Whether that copy is complete."""
        return (self.has_old_main and self.has_old_tree) if slot == OLD else slot in self.releases


def read_slots(device: Transport) -> Slots:
    """Ask the device. Raises FailedError if the answer makes no sense."""
    values = device.run(_READ)
    told = values[0] if len(values) == 1 else None
    if not isinstance(told, dict):
        raise FailedError("The device does not say what lies on it.", "press its reset button and run this again.")
    releases = {slot: release for slot in SLOTS if (release := _release(told.get(slot))) is not None}
    main, mpy = told.get("main"), told.get("mpy")
    return Slots(
        state=_state(told.get("state")),
        releases=releases,
        has_guard=isinstance(main, str) and main.startswith(_GUARD_MARK),
        has_old_tree=told.get("old_tree") is True and isinstance(main, str),
        has_old_main=told.get("old_main") is True,
        mpy=mpy if isinstance(mpy, int) else 0,
    )


def write_state(device: Transport, state: State) -> None:
    """Replace the state by a rename: a power cut leaves the old one or the new one."""
    device.run(_WRITE_STATE.format(state.as_text()))


def without_back(state: State) -> State:
    """The same without a copy to go back to."""
    return replace(state, back="")


def without_failed(state: State) -> State:
    """The same without the note of a version that was given up."""
    return replace(state, failed="", why="")


def _object(text: object) -> dict[str, Any] | None:
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _state(text: object) -> State | None:
    told = _object(text)
    if told is None or told.get("slot") not in (*SLOTS, OLD) or told.get("back") not in (*SLOTS, OLD, ""):
        return None
    starts, imu = told.get("starts"), told.get("imu")
    return State(
        slot=told["slot"],
        good=told.get("good") is True,
        starts=starts if isinstance(starts, int) else 0,
        back=told["back"],
        failed=clean(told.get("failed", ""), 8),
        why=clean(told.get("why", ""), 24),
        imu=imu if isinstance(imu, bool) else None,
    )


def _release(text: object) -> Release | None:
    if not isinstance(text, str):
        return None
    told = _object(text) or {}
    words = (told.get("version"), told.get("content"), told.get("kind"))
    return Release(*(clean(word, 24) if isinstance(word, str) else "unknown" for word in words))
