"""One trace of packing and unpacking, the same text on CPython, MicroPython (64-bit) and the 32-bit wasm build.

`run(mount, axes, counts, n)` packs n raw samples (array 'h', six a sample) into sealed blocks and reads them again.
Plain Python: it is sent to the interpreters as text.
"""

import gc
from array import array
from binascii import crc32

from retrogait.record import SampleWriter, read_blocks


def run(_mount, _axes, counts, n):
    """[length and checksum of every block], [first sample that came back changed, or -1], and bytes allocated or -1."""
    writer = SampleWriter(7)
    sample = array("h", (0, 0, 0, 0, 0, 0))
    can_tell = hasattr(gc, "mem_alloc")
    told = []
    allocated = 0
    changed = -1
    first = 0
    while first < n:
        at = 6 * first
        writer.begin_samples(first)
        gc.disable()
        before = gc.mem_alloc() if can_tell else 0
        while at < 6 * n and not writer.is_full:
            sample[0] = counts[at]
            sample[1] = counts[at + 1]
            sample[2] = counts[at + 2]
            sample[3] = counts[at + 3]
            sample[4] = counts[at + 4]
            sample[5] = counts[at + 5]
            at += 6
            writer.add_sample(sample)
        allocated += gc.mem_alloc() - before if can_tell else 0
        gc.enable()
        sealed = bytes(writer.finish())
        told.append([len(sealed), crc32(sealed) & 0xFFFFFF])
        for block in read_blocks(sealed):
            for back in block.samples():
                for axis in range(6):
                    if back[axis] != counts[6 * first + axis] and changed < 0:
                        changed = first
                first += 1
        if 6 * first != at:
            changed = first
            break
    return told, [changed], allocated if can_tell else -1
