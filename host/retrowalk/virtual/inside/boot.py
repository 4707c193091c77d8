"""Turns the interpreter into a board: `micropython -i boot.py` runs this first and then shows the REPL.

As ports/esp32 does: mount LittleFS at /, run boot.py, run main.py (not after a soft reset from the raw REPL), then the
REPL. A blank flash gets a filesystem, and the host's firmware tree if there is one to install; a filesystem that does
not mount is left alone, with everything that is on it, and that is said again and again until a Ctrl-C.
"""

import gc
import io
import json
import os
import sys
import time

import micropython
import vfs
from flash import Flash
from machine_module import Chip

_REAL_SYS = sys
_OUR_MODULES = ("boot", "clock", "commands", "flash", "i2c", "machine_module", "meter", "pacer", "peripherals", "pins",
                "power", "tasks", "time_module", "wearer", "world")  # fmt: skip
# Said while littlefs is at work, perhaps with the heap locked: nothing may be allocated.
_INTERRUPTED = b"0 interrupted\n"
_CORRUPTED = "The filesystem appears to be corrupted. Nothing has been erased.\n"
_COMPLAINT_S = 3
_BOOT_PY = "# This file is executed on every boot (including wake-boot from deepsleep)\n"


class _BinaryOut:
    """sys.stdout.buffer: frames its bytes, so that the host adds no carriage returns to them."""

    def __init__(self, raw, mark):
        self._raw = raw
        self._mark = mark

    def write(self, data, *span):
        view = memoryview(data)
        if span:
            at = span[0] if len(span) > 1 else 0
            view = view[at : at + span[-1]]
        if len(view):
            self._raw.write(self._mark + b"%06x" % len(view))
            self._raw.write(view)
        return len(view)

    def flush(self):
        """Nothing is kept back."""


class _TextOut:
    """sys.stdout."""

    def __init__(self, real, mark):
        self._real = real
        self.buffer = _BinaryOut(real.buffer, mark)

    def write(self, text):
        return self._real.write(text)

    def flush(self):
        """Nothing is kept back."""


def _print_error(error, name):
    """The traceback as a board prints it: without the frames of this file."""
    text = io.StringIO()
    _REAL_SYS.print_exception(error, text)
    lines = text.getvalue().split("\n")
    first = 1
    while first < len(lines) - 1 and ('"%s"' % name) not in lines[first]:
        first += 1
    if first == len(lines) - 1:
        first = 1
    _REAL_SYS.stdout.write("\n".join(lines[:1] + lines[first:]))


def _run_file(name, names):
    """Run a file of the device. True if it is missing or ended well."""
    try:
        os.stat(name)
    except OSError:
        return True
    try:
        micropython.kbd_intr(3)
        with open(name) as file:
            source = file.read()
        names["__file__"] = name
        exec(compile(source, name, "exec"), names)  # noqa: S102 that is what a board does
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 as the board's own start-up does, Ctrl-C included
        micropython.kbd_intr(-1)
        _print_error(error, name)
        return False
    finally:
        micropython.kbd_intr(-1)
    return True


def _make_folders(path):
    at = path.find("/", 1)
    while at > 0:
        try:
            os.mkdir(path[:at])
        except OSError as error:
            if error.errno != 17:
                raise
        at = path.find("/", at + 1)


def install_tree(posix, tree, board):
    """Copy the firmware onto the fresh filesystem: `tree` is pairs of (device path, host path)."""
    for device_path, host_path in tree:
        _make_folders(device_path)
        with posix.open(host_path, "rb") as source, open(device_path, "wb") as target:
            target.write(source.read())
    with open("/board.txt", "w") as file:
        file.write(board + "\n")


def _mount_root(flash, posix, config):
    """False if there is a filesystem that does not mount."""
    vfs.umount("/")
    if not flash.is_blank():
        try:
            vfs.mount(vfs.VfsLfs2(flash), "/")
        except OSError:
            return False
        return True
    vfs.VfsLfs2.mkfs(flash)
    vfs.mount(vfs.VfsLfs2(flash), "/")
    with open("boot.py", "w") as file:
        file.write(_BOOT_PY)
    if config["tree"]:
        install_tree(posix, config["tree"], config["board"]["NAME"])
    return True


def _complain(sleep_s):
    """As ports/esp32/modules/inisetup.py does, which lets itself be ended by a Ctrl-C."""
    try:
        micropython.kbd_intr(3)
        while True:
            _REAL_SYS.stdout.write(_CORRUPTED)
            sleep_s(_COMPLAINT_S)
    except KeyboardInterrupt:
        pass
    finally:
        micropython.kbd_intr(-1)


def start(names):
    """Build the board; run boot.py and main.py in the namespace `names`."""
    micropython.kbd_intr(-1)
    config = json.loads(os.getenv("RETROWALK_VIRTUAL"))
    mark = bytes(config["mark"], "ascii")
    posix = vfs.VfsPosix("/")
    control = posix.open("/dev/fd/%d" % config["control_fd"], "wb")
    real_sleep = time.sleep

    def note(text):
        control.write(bytes(text + "\n", "ascii"))

    def stop(text):
        note(text)
        while True:
            real_sleep(1)

    chip = Chip(config, posix, note, stop)
    flash_file = posix.open(config["flash"], "r+b")
    flash = Flash(
        flash_file,
        config["n_blocks"],
        chip.clock,
        lambda: chip.stop("powercut"),
        config["flash_offset"],
        lambda: control.write(_INTERRUPTED),
    )
    chip.commands.flash = flash
    note("0 descriptor %d" % flash_file.fileno())
    chip.commands.listen(posix.open("/dev/fd/%d" % config["command_fd"], "rb"))
    for command in config["orders"]:
        chip.commands.obey(command)
    chip.install(flash)
    is_mounted = _mount_root(flash, posix, config)
    chip.install_names(_TextOut(sys.stdout, mark))
    sys.modules["bench"] = chip.world
    sys.path[:] = ["", ".frozen", "/lib"]
    sys.argv[:] = []
    _forget_ourselves()
    sys.atexit(lambda: chip.note("exit"))
    chip.pacer.set_speed(config["speed"])
    gc.collect()
    chip.note("booted")
    if not is_mounted:
        _complain(real_sleep)
    if _run_file("boot.py", names) and not config["is_raw"]:
        _run_file("main.py", names)
    chip.pacer.live = True
    chip.pacer.set_speed(config["speed"])
    chip.note("repl")
    _REAL_SYS.stdout.buffer.write(mark + b"REPL..")


def _forget_ourselves():
    """Our modules are not the program's: what it imports by these names must come from its own flash."""
    for name in list(sys.modules):
        if name in _OUR_MODULES or name.split(".")[0] == "chips":
            del sys.modules[name]
