"""Power is cut after every operation of the flash, with nothing, half or all of the next one done.

The real Logbook and the real small files of the app, on real MicroPython with real LittleFS on the NOR model; see
inside/journal.py. After each cut the filesystem must mount, hold what a flush had covered, and take the next session.
"""

from fault_rows import on_micropython
from fault_rows.row import Row, RowOf

_SESSIONS = ("after_another", "on_a_fresh_flash", "on_a_full_flash")
_FILES = ("settings", "calibration", "seat_forgotten", "progress", "bad_settings_at_boot")


def rows() -> list[RowOf]:
    """One row a kind of work."""
    found = [RowOf(f"power cut: session {name.replace('_', ' ')}", _session(name), 60) for name in _SESSIONS]
    return [*found, RowOf("power cut: settings and calibration", _files, 1)]


def _session(name: str):
    def run(row: Row, every: int) -> None:
        on_micropython.run(row, "cut_sessions", name, every)

    return run


def _files(row: Row, every: int) -> None:
    for name in _FILES:
        on_micropython.run(row, "cut_files", name, every)
