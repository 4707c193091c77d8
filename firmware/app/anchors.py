"""Pairs of a host's time and the uptime at the same moment: they date sessions and show how far the clock drifts.

Kept in /data/anchors.json, {"format": 1, "anchors": [[run, uptime_ms, utc_ms], ...]}, oldest first: the first and the
newest of each run, of so many runs. Written only while nobody walks.
"""

from app.clock import set_utc
from app.store import read_json, write_json

_FILE = "anchors.json"
_FORMAT = 1
_MOST_RUNS = 6


class Anchors:
    """uptime: an app.clock.Uptime; faults: the counter. `rows`: as in the file."""

    def __init__(self, uptime, faults):
        self.rows = []
        self._uptime = uptime
        self._faults = faults
        self._is_kept = True
        try:
            stored = read_json(_FILE)
            if stored is not None:
                if stored["format"] != _FORMAT:
                    raise ValueError("another format")
                self.rows = [row for row in stored["anchors"] if _is_row(row)]
        except (ValueError, KeyError, TypeError):
            # The next contact makes it anew; what it dated is in the hosts' archives.
            faults.add("anchors_lost")

    def set_clock(self, arguments):
        """Obey `time SECONDS [MILLISECONDS]`; returns "" or "bad_time"."""
        try:
            seconds = int(arguments[0])
            ms = int(arguments[1]) if len(arguments) > 1 else 0
            if not 0 <= ms < 1000:
                raise ValueError("no milliseconds")
            set_utc(seconds)
        except (IndexError, ValueError):
            return "bad_time"
        self._note(seconds * 1000 + ms)
        return ""

    def keep(self):
        """Write what is new; call when the flash may be busy. Asks the uptime, too, so that no wrap is missed."""
        self._uptime.ms()
        if self._is_kept:
            return
        self._is_kept = True
        try:
            write_json(_FILE, {"format": _FORMAT, "anchors": self.rows})
        except OSError:
            self._faults.add("anchors_unwritten")

    def answer(self):
        """What `rw anchors` tells."""
        return {"run": self._uptime.run, "uptime_ms": self._uptime.ms(), "anchors": self.rows}

    def _note(self, utc_ms):
        run = self._uptime.run
        others = [row for row in self.rows if row[0] != run]
        mine = [row for row in self.rows if row[0] == run][:1]
        runs = []
        for row in others:
            if row[0] not in runs:
                runs.append(row[0])
        kept = runs[1 - _MOST_RUNS :]
        self.rows = [row for row in others if row[0] in kept] + mine + [[run, self._uptime.ms(), utc_ms]]
        self._is_kept = False


def _is_row(row):
    return len(row) == 3 and isinstance(row[0], str) and isinstance(row[1], int) and isinstance(row[2], int)
