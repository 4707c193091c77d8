"""A chip in RAM for the boot guard: a real LittleFS on the flash model, a stub of `machine`, and an app that obeys.

Runs on real MicroPython, with host/retrowalk/virtual/inside and firmware/ on the path. The app in each copy is a stub
that imports parts of its own copy and calls `ran`; `behave` maps a version to what its app does then. `boot` starts the
chip as often as it resets itself. Used by guard.py, cuts.py and served.py.
"""

import io
import os
import sys

import vfs
from flash import BLOCK_BYTES, Flash

N_BLOCKS = 64
MOST_BOOTS = 6
PARTS = ("app", "boards", "drivers", "retrogait")

APP = """
import clipboard
from app.part import PART
from retrogait import CORE


def run(guard):
    clipboard.ran(PART, CORE, guard)
"""
BOARD = "BUTTON = 0\nBUTTON_PRESSED = 0\n"
OLD_MAIN = """
import clipboard
from app.part import PART
from retrogait import CORE
clipboard.ran(PART, CORE, None)
"""


class Reset(BaseException):
    """The chip resets itself."""


class PowerCut(BaseException):
    """Power fails while the app runs."""


class Pin:
    """machine.Pin of the button."""

    IN = PULL_UP = 0
    is_down = False

    def __init__(self, *ignored):
        pass

    def value(self):
        return 0 if Pin.is_down else 1


class Timer:
    """machine.Timer: `armed` is the one that would reset the chip."""

    ONE_SHOT = 0
    armed = None

    def __init__(self, number):
        pass

    def init(self, mode, period, callback):
        Timer.armed = self
        self.callback = callback

    def deinit(self):
        Timer.armed = None


class Machine:
    """The module `machine`."""

    Pin = Pin
    Timer = Timer
    PWRON_RESET = 1
    DEEPSLEEP_RESET = 4
    cause = PWRON_RESET

    @staticmethod
    def reset_cause():
        return Machine.cause

    @staticmethod
    def reset():
        raise Reset

    @staticmethod
    def unique_id():
        return b"\x24\xec\x4a\0\0\1"


# Apps that ran, oldest first: (version, slot or None, whether on trial).
log = []
# What the app of a version does; the default is to confirm itself.
behave = {}
sys.modules["machine"] = Machine


def new_image():
    """An erased flash with an empty filesystem, as a BytesIO."""
    image = io.BytesIO(bytearray(b"\xff" * (N_BLOCKS * BLOCK_BYTES)))
    vfs.VfsLfs2.mkfs(Flash(image, N_BLOCKS))
    return image


def mount(image, on_cut=None):
    """Put the filesystem of `image` at /; returns its Flash."""
    flash = Flash(image, N_BLOCKS, None, on_cut)
    vfs.mount(vfs.VfsLfs2(flash), "/")
    return flash


def put(path, text):
    """Write a file, folders and all."""
    folder = ""
    for name in path.split("/")[1:-1]:
        if name not in os.listdir(folder or "/"):
            os.mkdir(folder + "/" + name)
        folder += "/" + name
    with open(path, "w") as file:
        file.write(text)


def put_copy(slot, version, app=APP, board=BOARD):
    """A whole copy of the stub app in a slot."""
    put("/%s/app/start.py" % slot, app)
    put("/%s/app/part.py" % slot, "PART = %r\n" % version)
    put("/%s/retrogait/__init__.py" % slot, "CORE = %r\n" % version)
    put("/%s/boards/virtual.py" % slot, board)
    put("/%s/release.json" % slot, '{"version": "%s", "content": "", "kind": "py"}' % version)


def ran(part, core, guard):
    """An app has started: note it, and do as `behave` says."""
    if part != core:
        log.append(("mixture", part, core))
    log.append((part, guard.slot if guard else None, guard.is_on_trial if guard else False))
    action = behave.get(part)
    if action:
        action(guard)
    elif guard:
        guard.confirm(True)


def hang(guard):
    """Nothing happens until the guard's patience is over; without a guard that waits, the user resets."""
    if Timer.armed:
        Timer.armed.callback(None)
    raise Reset


def cut(guard):
    """Power fails at once."""
    raise PowerCut


def ctrl_c(guard):
    """The host comes in."""
    raise KeyboardInterrupt


def crash(guard):
    """A bug."""
    raise ValueError("a bug")


def boot(main, most=MOST_BOOTS):
    """Start the chip: `main` is the source of /main.py. Starts again after each reset and power cut; how often it
    did is returned, when it came to rest, else `most`.
    """
    for n_boots in range(1, most + 1):
        for name in list(sys.modules):
            if name.split(".")[0] in PARTS:
                del sys.modules[name]
        sys.path[:] = ["", ".frozen", "/lib"]
        Timer.armed = None
        try:
            exec(compile(main, "/main.py", "exec"), {"__name__": "__main__"})
        except (Reset, PowerCut):
            continue
        except Exception as error:  # noqa: BLE001 as a board does: it shows the traceback and gives the prompt
            log.append((type(error).__name__, None, False))
        return n_boots
    return most
