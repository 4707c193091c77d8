"""The data partition of the flash: NOR memory in a file of the host, for VfsLfs2 (extended block device).

A program can only clear bits; erasing sets a whole block. Operations take time, during which the chips go on. Power can
be cut at the k-th program or erase, which then reaches the flash only in part; nothing after it does.
"""

BLOCK_BYTES = 4096
# Where the file's position is while no operation is under way: the host looks at it before it sends a Ctrl-C.
RESTING_PLACE = (1 << 30) - 1
_ERASE_US = 45000
_PROGRAM_US_PER_256 = 700
_ERASED = b"\xff" * BLOCK_BYTES
_EIO = -5


class Flash:
    """file: opened r+b; its n_blocks from byte `begin` on are the partition. clock: may be None.

    on_cut() is called when the power goes; on_interrupt() when a Ctrl-C came while the flash was busy. On a board such
    an operation runs to its end, being no Python, and the program is interrupted after it: so it is done again here,
    and the host is asked to send the Ctrl-C once more. Let through, it would leave littlefs in the middle of a write.
    Where the host can look at RESTING_PLACE (Linux), it waits for the end, and this is for the few bytecodes around it.

    Counters: reads, programs, programmed_bytes, erases, operations (programs and erases), violations (bits that a
    program wanted to set).
    """

    def __init__(self, file, n_blocks, clock=None, on_cut=None, begin=0, on_interrupt=None):
        self.reads = 0
        self.programs = 0
        self.programmed_bytes = 0
        self.erases = 0
        self.operations = 0
        self.violations = 0
        self._file = file
        self._n_blocks = n_blocks
        self._begin = begin
        self._clock = clock
        self._on_cut = on_cut
        self._on_interrupt = on_interrupt
        self._cut_at = 0
        self._torn_percent = 0
        self._is_dead = False
        # littlefs may be called with the heap locked, when a file that nobody closed is collected.
        self._cells = bytearray(BLOCK_BYTES)
        self._stalls_from = 0
        self._stalls_until = 0
        self._stall_us = 0

    def cut(self, n_operations, torn_percent):
        """Cut the power at the n-th operation from now, of which `torn_percent` of the bytes are still done."""
        self._cut_at = self.operations + n_operations
        self._torn_percent = torn_percent

    def stall(self, n_operations, span_us, times):
        """Let the n-th operation from now, and those after it, `times` in all, take `span_us` longer each."""
        self._stalls_from = self.operations + n_operations
        self._stalls_until = self._stalls_from + times
        self._stall_us = span_us

    def is_blank(self):
        """Whether the first two blocks, where a filesystem has its superblock, are erased."""
        self._file.seek(self._begin)
        is_blank = self._file.read(2 * BLOCK_BYTES) == 2 * _ERASED
        self._file.seek(RESTING_PLACE)
        return is_blank

    def readblocks(self, block, buffer, offset=0):
        """Fill `buffer`."""
        # Nothing may stand before such a try: a jump there would raise the Ctrl-C that came just before.
        try:
            return self._at_rest(self._read(block, buffer, offset))
        except KeyboardInterrupt:
            self._on_interrupt()
        return self._at_rest(self._read(block, buffer, offset))

    def writeblocks(self, block, buffer, offset=None):
        """Program; without an offset (the simple interface) whole blocks are erased first."""
        try:
            return self._at_rest(self._write(block, buffer, offset))
        except KeyboardInterrupt:
            self._on_interrupt()
        return self._at_rest(self._write(block, buffer, offset))

    def ioctl(self, operation, argument):
        """The block device's requests: 4 count, 5 size, 6 erase; the rest is done by nature."""
        try:
            return self._at_rest(self._control(operation, argument))
        except KeyboardInterrupt:
            self._on_interrupt()
        return self._at_rest(self._control(operation, argument))

    def info(self):
        """As esp32.Partition.info()."""
        return (1, 2, 0x200000, self._n_blocks * BLOCK_BYTES, "vfs", False)

    def _at_rest(self, result):
        self._file.seek(RESTING_PLACE)
        return result

    def _read(self, block, buffer, offset):
        self._file.seek(self._begin + block * BLOCK_BYTES + offset)
        if self._is_dead:
            return _EIO
        self.reads += 1
        self._file.readinto(buffer)
        return 0

    def _control(self, operation, argument):
        if operation == 6:
            self._file.seek(self._begin)
            return self._erase(argument)
        if operation == 4:
            return self._n_blocks
        return BLOCK_BYTES if operation == 5 else 0

    def _write(self, block, buffer, offset):
        self._file.seek(self._begin)
        if offset is None:
            for i in range(len(buffer) // BLOCK_BYTES):
                if self._erase(block + i) != 0:
                    return _EIO
            offset = 0
        return self._program(block * BLOCK_BYTES + offset, buffer)

    def _program(self, position, buffer):
        n_bytes = self._bytes_to_do(len(buffer))
        if n_bytes < 0:
            return _EIO
        if n_bytes > len(self._cells):
            self._cells = bytearray(n_bytes)
        cells = self._cells
        self._file.seek(self._begin + position)
        self._file.readinto(cells, n_bytes)
        is_lawful = True
        for i in range(n_bytes):
            wanted = buffer[i]
            cells[i] &= wanted
            if cells[i] != wanted:
                is_lawful = False
        if not is_lawful:
            self.violations += 1
        self._file.seek(self._begin + position)
        self._file.write(cells, n_bytes)
        self.programs += 1
        self.programmed_bytes += n_bytes
        return self._spend(_PROGRAM_US_PER_256 * (1 + n_bytes // 256))

    def _erase(self, block):
        n_bytes = self._bytes_to_do(BLOCK_BYTES)
        if n_bytes < 0:
            return _EIO
        self._file.seek(self._begin + block * BLOCK_BYTES)
        self._file.write(_ERASED, n_bytes)
        self.erases += 1
        return self._spend(_ERASE_US)

    def _bytes_to_do(self, n_bytes):
        """How much of the next operation is done: all, part of it if this is the fatal one, -1 after that."""
        if self._is_dead:
            return -1
        self.operations += 1
        if self.operations != self._cut_at:
            return n_bytes
        self._is_dead = True
        return n_bytes * self._torn_percent // 100

    def _spend(self, span_us):
        if self._is_dead:
            self._on_cut()
            return _EIO
        if self._stalls_from <= self.operations < self._stalls_until:
            span_us += self._stall_us
        if self._clock is not None:
            self._clock.advance(span_us)
        return 0
