"""Whether a cut put together from a journal is the cut that the flash model makes when power really fails there."""

import io

import walked
from flash import Flash
from journal import Journal, Mounted, cuts
from tally import Tally

_BLOCKS = 128
_SECONDS = 10


def as_the_model_cuts(every, offset):
    """For each `every`-th operation: cut the model in the walk itself, and compare the two flashes byte by byte."""
    tally = Tally("journal")
    empty = Journal(_BLOCKS)
    journal = Journal(_BLOCKS, empty.image)
    with Mounted(journal, mtime=False):
        walked.walk(_SECONDS)
    for k, torn, image, _promised in cuts(journal, every, offset):
        tally.cases += 1
        disk = io.BytesIO(empty.image)
        flash = Flash(disk, _BLOCKS, None, lambda: None)
        flash.cut(k, torn)
        try:
            with Mounted(flash, mtime=False):
                walked.walk(_SECONDS)
        except OSError:
            pass  # the power is gone
        if disk.getvalue() != image:
            tally.note("cut at operation %d, torn %d %%" % (k, torn))
    tally.tell()
