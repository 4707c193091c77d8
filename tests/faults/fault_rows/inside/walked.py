"""A made-up walk that is written by the real Logbook as the recorder does it, and what must be left of it after a cut.

Runs on real MicroPython. Samples are a function of the index, so that any of them can be checked alone.
"""

import os
from array import array

from app.faults import Faults
from app.flash_room import FlashRoom
from app.logbook import Logbook
from app.store import FOLDER, ensure_folder
from retrogait import record
from retrogait.events import BACKWARD, STEP

RATE_HZ = 104
FLUSH_SAMPLES = 5 * RATE_HZ
WORK_SAMPLES = 10
HEADER = {"format": 1, "device_id": "0123456789ab", "mount": "waist", "rate_hz": RATE_HZ, "accel_range_g": 8,
          "gyro_range_dps": 500, "mounting": [16384, 0, 0, 0, 16384, 0, 0, 0, 16384]}  # fmt: skip
STATUS = {"utc_s": 1800000000, "ticks_ms": 123456, "battery_mv": 3900, "imu_temp_cdeg": 2712, "faults": {}}
_SWING = 52


def sample(index, out):
    """The six counts at `index`, into `out`: two swings a second, with some noise."""
    at = index % _SWING
    swing = (at if at < 26 else _SWING - at) * 40 - 520
    noise = (index * 1103515245 + 12345) >> 16 & 31
    out[0] = 4096 + swing + noise
    out[1] = swing // 3 - noise
    out[2] = 200 - swing // 2 + noise
    out[3] = swing * 2 + noise
    out[4] = noise * 3 - 40
    out[5] = -swing + noise


def walk(seconds, events_each_s=4, on_flush=None):
    """Write a session of so many seconds; on_flush(index) after each flush that returned. Returns its number."""
    ensure_folder(FOLDER)
    faults = Faults()
    logbook = Logbook(HEADER, FlashRoom(faults).free_bytes, faults)
    counts = array("h", (0 for _ in range(6)))
    every = RATE_HZ // events_each_s
    n_samples = int(seconds * RATE_HZ)
    for index in range(n_samples):
        sample(index, counts)
        logbook.add_sample(index, counts)
        if index % every == every - 1:
            logbook.add_event(index, STEP, BACKWARD, every)
        if index % WORK_SAMPLES == 0:
            logbook.work()
        if index % FLUSH_SAMPLES == FLUSH_SAMPLES - 1:
            logbook.flush(index + 1, STATUS)
            if on_flush is not None:
                on_flush(index + 1)
    totals = {"reason": "button", "n_samples": n_samples, "step_count": n_samples // every}
    totals["samples_dropped"] = logbook.samples_dropped
    logbook.end(n_samples, totals)
    return logbook.session


def parts(number):
    """The bytes of each file of a session, in order; [] if it has no folder."""
    folder = "/sessions/s%05d" % number
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    found = []
    for name in names:
        with open(folder + "/" + name, "rb") as file:
            found.append(file.read())
    return found


def covered_bytes(whole, index):
    """How many bytes of the finished session `whole` (its parts, joined) a flush at `index` had to bring to the flash.

    In the order of writing: all up to the last block that tells of what was before `index`; for 0 that is the header.
    The header's copies tell of nothing by themselves.
    """
    end = 0
    for block in record.read_blocks(whole):
        is_before = block.first_index < index or (block.kind == record.STATUS and block.first_index == index)
        if block.sequence == 0 or (is_before and block.kind != record.HEADER):
            end = block.offset + record.HEAD_BYTES + len(block.payload) + record.CRC_BYTES
    return end


def is_prefix(found, truth):
    """Whether `found` (parts) is what had been written of `truth` at some moment: each whole, but for the last."""
    for at, part in enumerate(found):
        if at >= len(truth):
            return not part
        is_last = at == len(found) - 1 or not any(found[at + 1 :])
        if part != truth[at][: len(part)] or (len(part) < len(truth[at]) and not is_last):
            return False
    return True
