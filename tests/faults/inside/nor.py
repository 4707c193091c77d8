"""A NOR flash in memory with a real LittleFS on it, mounted at / of real MicroPython, for the device's own file code.

Scripts get it from `retrowalk.virtual.runner.run_script` with this folder and the virtual device's in `search_path`.
"""

import io
import os

import vfs
from flash import BLOCK_BYTES, Flash


class Nor:
    """`flash`: the model of the mounted one, with its counters. `is_on`: until the power was cut."""

    def __init__(self, n_blocks, clock=None):
        self._n_blocks = n_blocks
        self._clock = clock
        self._file = io.BytesIO(b"\xff" * (n_blocks * BLOCK_BYTES))
        self.flash = None
        self.is_on = True
        vfs.VfsLfs2.mkfs(self._new())

    def _new(self):
        self.is_on = True
        self.flash = Flash(self._file, self._n_blocks, self._clock, self._die)
        return self.flash

    def _die(self):
        """What still runs after this would not run on a board: whoever counts asks `is_on`."""
        self.is_on = False

    def save(self):
        """A copy of all its bytes."""
        return bytes(self._file.getvalue())

    def load(self, image):
        """Put the bytes back; not while it is mounted."""
        self._file.seek(0)
        self._file.write(image)

    def mount(self):
        """Power on; OSError if the filesystem does not mount, and nothing here would ever format it."""
        filesystem = vfs.VfsLfs2(self._new())
        vfs.umount("/")
        vfs.mount(filesystem, "/")
        return self.flash

    def unmount(self):
        """Power off: nothing is flushed. The host's files are at / again."""
        vfs.umount("/")
        vfs.mount(vfs.VfsPosix("/"), "/")

    def count_operations(self, work):
        """How many programs and erases work() takes, on what is there now."""
        flash = self.mount()
        before = flash.operations
        work()
        n_operations = flash.operations - before
        self.unmount()
        return n_operations

    def cut(self, n_operations, torn_percent, work):
        """Do work() until power fails at the n-th operation; whatever it raises then ends it."""
        flash = self.mount()
        flash.cut(n_operations, torn_percent)
        try:
            work()
        except OSError:
            pass
        self.unmount()


def tree(path=""):
    """{path: bytes} of every file of the mounted filesystem."""
    found = {}
    for name, kind, *_ in os.ilistdir(path or "/"):
        here = path + "/" + name
        if kind & 0x4000:
            found.update(tree(here))
        else:
            with open(here, "rb") as file:
                found[here] = file.read()
    return found
