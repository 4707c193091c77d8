"""Power cuts, replayed: what a piece of work did to the flash, and the flash as each cut would have left it.

Runs on real MicroPython with real VfsLfs2. The work runs once, with every program and erase noted; a cut at operation
k is then the flash before the work with the first k operations done, and the next one done in part. That is what the
flash model does when it is cut (a test compares), at a hundredth of the time.
"""

import io
import os

import vfs
from flash import BLOCK_BYTES, Flash

TORN_PERCENT = (0, 50, 100)


class Journal:
    """A block device over a flash of `n_blocks` that notes what is done to it.

    image: bytes to begin with, None for a fresh filesystem. Fields: `operations`, `promises`: (number of operations
    when it was given, the promise), and `image` as it was before the first operation.
    """

    def __init__(self, n_blocks, image=None):
        self.n_blocks = n_blocks
        self.operations = []
        self.promises = []
        if image is None:
            disk = io.BytesIO(b"\xff" * (n_blocks * BLOCK_BYTES))
            vfs.VfsLfs2.mkfs(Flash(disk, n_blocks))
            image = disk.getvalue()
        self.image = image
        self._disk = io.BytesIO(image)
        self._flash = Flash(self._disk, n_blocks)

    def promise(self, promised):
        """From here on a cut must leave `promised`."""
        self.promises.append((len(self.operations), promised))

    def now(self):
        """The bytes of the flash as they are now."""
        return self._disk.getvalue()

    def readblocks(self, block, buffer, offset=0):
        return self._flash.readblocks(block, buffer, offset)

    def writeblocks(self, block, buffer, offset=0):
        self.operations.append((block, offset, bytes(buffer)))
        return self._flash.writeblocks(block, buffer, offset)

    def ioctl(self, request, argument):
        if request == 6:
            self.operations.append((argument, -1, b""))
        return self._flash.ioctl(request, argument)


class Mounted:
    """The block device at / as a context manager; what was there before is gone from sight meanwhile.

    mtime: whether the filesystem notes when a file was written, as a board's does (by the wall clock).
    """

    def __init__(self, device, mtime=True):
        self._device = device
        self._mtime = mtime

    def __enter__(self):
        vfs.umount("/")
        try:
            vfs.mount(vfs.VfsLfs2(self._device, mtime=self._mtime), "/")
        except OSError:
            vfs.mount(vfs.VfsPosix(), "/")
            raise
        os.chdir("/")

    def __exit__(self, *_):
        vfs.umount("/")
        vfs.mount(vfs.VfsPosix(), "/")


def cuts(journal, every=1, offset=0):
    """Yield (k, torn percent, image, promise) for a cut at each `every`-th operation k, from 1 on."""
    disk = io.BytesIO(journal.image)
    flash = Flash(disk, journal.n_blocks)
    at = 0
    promised = None
    for k, operation in enumerate(journal.operations):
        while at < len(journal.promises) and journal.promises[at][0] <= k:
            promised = journal.promises[at][1]
            at += 1
        if k % every == offset % every:
            before = disk.getvalue()
            for torn in TORN_PERCENT:
                yield k + 1, torn, cut_image(before, journal.n_blocks, operation, torn), promised
        _do(flash, operation)


def cut_image(before, n_blocks, operation, torn_percent):
    """The flash `before` after an operation of which so much is done."""
    disk = io.BytesIO(before)
    flash = Flash(disk, n_blocks, None, lambda: None)
    flash.cut(1, torn_percent)
    _do(flash, operation)
    return disk.getvalue()


def _do(flash, operation):
    block, offset, data = operation
    if offset < 0:
        flash.ioctl(6, block)
    else:
        flash.writeblocks(block, data, offset)
