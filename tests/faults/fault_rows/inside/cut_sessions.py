"""Power cuts while a session is begun, written and ended: the sessions before, the one that was cut, and the next."""

import os

import walked
from journal import Journal, Mounted, cuts
from tally import Tally

from app import recovery
from app.faults import Faults
from retrogait import record

_BLOCK_BYTES = 4096
_BLOCKS = 128
_SECONDS = 60  # long enough for a second part
_NEXT_SECONDS = 2
_FULL_EVENTS_EACH_S = 104


def after_another(every, offset):
    """The second session of a device."""
    _try(Tally("session"), _with_a_session(), every, offset, 4)


def on_a_fresh_flash(every, offset):
    """The first session of all: folders, numbers and the reserve are made on the way."""
    journal = Journal(_BLOCKS)
    with Mounted(journal):
        os.mkdir("/data")
    _try(Tally("first session"), journal.now(), every, offset, 4)


def on_a_full_flash(every, offset):
    """A session that begins with just enough room, and has so many events that in the end only the reserve is left."""
    journal = Journal(_BLOCKS, _with_a_session())
    with Mounted(journal):
        figures = os.statvfs("/")
        n_blocks = figures[3] - 30
        with open("/filler", "wb") as file:
            for _ in range(n_blocks):
                file.write(bytes(_BLOCK_BYTES))
    _try(Tally("full flash"), journal.now(), every, offset, _FULL_EVENTS_EACH_S)


def _with_a_session():
    journal = Journal(_BLOCKS)
    with Mounted(journal):
        walked.walk(7)
    return journal.now()


def _try(tally, image, every, offset, events_each_s):
    journal = Journal(_BLOCKS, image)
    with Mounted(journal):
        before = walked.parts(1)
        flushed = []
        number = walked.walk(_SECONDS, events_each_s, lambda index: flushed.append((len(journal.operations), index)))
        n_operations = len(journal.operations)
        truth = walked.parts(number)
    whole = b"".join(truth)
    for at, index in flushed:
        journal.promises.append((at, walked.covered_bytes(whole, index)))
    journal.promises.append((n_operations, len(whole)))
    del journal.operations[n_operations:]
    for k, torn, cut, promised in cuts(journal, every, offset):
        tally.cases += 1
        tally.sessions += 3 if before else 2
        where = "cut at operation %d of %d, torn %d %%" % (k, n_operations, torn)
        try:
            _judge(tally, where, cut, before if number == 2 else None, number, truth, journal, k, promised or 0)
        except OSError as error:
            tally.lose("%s: %r" % (where, error))
    tally.tell()


def _judge(tally, where, cut, before, number, truth, journal, k, promised):
    device = Journal(_BLOCKS, cut)
    with Mounted(device):
        if before is not None and walked.parts(1) != before:
            tally.lose(where + ": the session before is not as it was")
        found = walked.parts(number)
        n_found = sum(len(part) for part in found)
        if not walked.is_prefix(found, truth):
            tally.lose(where + ": what is there was never written so")
        elif n_found < promised:
            tally.lose("%s: %d bytes there, a flush had covered %d" % (where, n_found, promised))
        due = _next_promise(journal, k)
        tally.bytes_lost = max(tally.bytes_lost, due - n_found)
        _free_if_full()
        recovery.recover(Faults())
        recovered = walked.parts(number)
        if not _is_recovered(recovered, found):
            tally.lose(where + ": the start after it did not close the session")
        again = walked.walk(_NEXT_SECONDS)
        if again < number or (again == number and found):
            tally.lose("%s: the next session has the number %d" % (where, again))
        written = b"".join(walked.parts(again))
    with Mounted(Journal(_BLOCKS, device.now())):
        if b"".join(walked.parts(again)) != written or not _is_whole(written):
            tally.lose(where + ": the next session is not whole")
        if again != number and walked.parts(number) != recovered:
            tally.lose(where + ": the next session changed the one that was cut")


def _is_recovered(parts, found):
    """Whether a session has an END, its blocks being those that were there; one that had no block is gone."""
    if not any(found):
        return not parts
    if parts[: len(found)] != found and parts[: len(found) - 1] != found[:-1]:
        return False
    blocks = [block for part in parts for block in record.read_blocks(part) if isinstance(block, record.Block)]
    if not blocks:
        return parts == found
    numbers = [block.sequence for block in blocks]
    return blocks[-1].kind == record.END and numbers == list(range(len(blocks)))


def _free_if_full():
    """A host has synced and freed the flash: only then a next session finds room."""
    try:
        os.remove("/filler")
    except OSError:
        pass  # it was not full


def _next_promise(journal, k):
    """The bytes that the first flush to return at or after operation k would have covered."""
    for at, promised in journal.promises:
        if at >= k:
            return promised
    return journal.promises[-1][1]


def _is_whole(written):
    """Whether a session is all good blocks, from its header to its end, without a number missing."""
    blocks = list(record.read_blocks(written))
    if not all(isinstance(block, record.Block) for block in blocks):
        return False
    kinds = [block.kind for block in blocks]
    numbers = [block.sequence for block in blocks]
    return kinds[0] == record.HEADER and kinds[-1] == record.END and numbers == list(range(len(blocks)))
