"""Room on the flash: how much there is, and what goes when there is too little. Never in a walk.

Raw samples of verified sessions go first, the oldest first, until the next walk has room; then those of the other
sessions, the oldest first, until a short one has. Steps, cues, events and summaries are never taken, and nothing here
ever formats. statvfs reads the whole filesystem: it is asked at the start and after a session; between, bytes are
counted. Used by the recorder and by housekeeping.
"""

import os

from app import sessions_folder
from app.block_scan import BlockScan
from app.store import FOLDER as DATA
from app.store import ensure_folder, remove_path
from app.thinning import thin

# Under this no session begins.
LEAST_BYTES = 112 * 1024
# A quarter of an hour of packed samples, and the room that is kept for events.
VERIFIED_GOAL_BYTES = 768 * 1024
OTHERS_GOAL_BYTES = 384 * 1024
# A file whose removal makes room for the end of a session, or for the first step of thinning on a full flash.
_RESERVE = DATA + "/reserve"
_RESERVE_BYTES = 12 * 1024


class FlashRoom:
    """`free_bytes`: as measured or reckoned last. faults: the counter."""

    def __init__(self, faults):
        self._faults = faults
        self.free_bytes = 0
        self.measure()

    def measure(self):
        """Ask the filesystem: slow."""
        figures = os.statvfs("/")
        # littlefs counts some blocks twice, so that "free" can come out below nothing.
        self.free_bytes = figures[0] * figures[3] if 0 <= figures[3] <= figures[2] else 0

    def make_room(self):
        """A session is to begin: thin at once until there is room for it, if there can be, the reserve not counted."""
        self._measure_beside_reserve()
        if self.free_bytes < LEAST_BYTES:
            for _ in self.tidy(LEAST_BYTES, LEAST_BYTES):
                pass
            self._measure_beside_reserve()

    def _measure_beside_reserve(self):
        try:
            set_aside_reserve()
        except OSError:
            give_up_reserve()
        self.measure()

    def tidy(self, verified_goal=VERIFIED_GOAL_BYTES, others_goal=OTHERS_GOAL_BYTES):
        """Generator: thin one file a step, until the goals are met or nothing is left to thin; "" where it failed."""
        scan = None
        if self.free_bytes >= max(verified_goal, others_goal):
            return
        for is_verified, path in _in_order():
            if self.free_bytes >= (verified_goal if is_verified else others_goal):
                # With the goal of the others met, no later file is wanted either.
                if not is_verified:
                    return
                continue
            scan = scan or BlockScan()
            try:
                saved = _thin(path, scan)
            except OSError:
                self._faults.add("thinning_failed")
                yield ""
                continue
            if saved:
                self.free_bytes += saved
                yield path


def _thin(path, scan):
    """The bytes saved; with no room for the copy, the second try has that of the reserve. OSError if that fails."""
    try:
        return thin(path, scan)
    except OSError:
        give_up_reserve()
        return thin(path, scan)


def set_aside_reserve():
    """Have the reserve; OSError if there is no room for it."""
    ensure_folder(DATA)
    try:
        if os.stat(_RESERVE)[6] == _RESERVE_BYTES:
            return
    except OSError:
        pass  # it is not there: it was needed, or this is the first session
    with open(_RESERVE, "wb") as file:
        for _ in range(_RESERVE_BYTES // 256):
            file.write(bytes(256))


def give_up_reserve():
    """Make room where there is none; the next session sets the reserve aside again."""
    remove_path(_RESERVE)


def _in_order():
    """Yield (is verified, path) of every record file in the order in which raw samples go."""
    for is_turn_of_verified in (True, False):
        for name in sessions_folder.names():
            folder = sessions_folder.FOLDER + "/" + name
            if sessions_folder.is_verified(folder) is is_turn_of_verified:
                for path in sessions_folder.record_files(folder):
                    yield is_turn_of_verified, path
