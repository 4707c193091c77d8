"""What went wrong, counted by name; shown by the link and written into each session. Names are short and fixed."""

import os
import sys

_FILE = "/data/faults.txt"
_LONGEST = 4096


class Faults:
    """A counter for each named fault."""

    def __init__(self):
        self.counts = {}

    def add(self, name):
        """One more of `name`."""
        self.counts[name] = self.counts.get(name, 0) + 1

    def mend(self, name):
        """What caused `name` is gone: it is no longer told."""
        self.counts.pop(name, None)

    def write_traceback(self, error):
        """Keep an unexpected error's traceback on flash for `retrowalk doctor`; past 4 kB the file begins anew."""
        self.add("crash")
        try:
            if os.stat(_FILE)[6] > _LONGEST:
                os.remove(_FILE)
        except OSError:
            pass  # no such file yet
        try:
            with open(_FILE, "a") as file:
                sys.print_exception(error, file)
        except OSError:
            self.add("faults_unwritten")
