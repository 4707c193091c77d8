"""The sessions on the flash: /sessions/s00007/0000.rwl and so on, and the mark `verified` that a host has left there.

A name that is not ours is never touched.
"""

import os

from app.store import ensure_folder, remove_path

FOLDER = "/sessions"
VERIFIED = "verified"


def folder_of(number):
    """The folder of a session."""
    return "%s/s%05d" % (FOLDER, number)


def names():
    """The names of all sessions, oldest first."""
    ensure_folder(FOLDER)
    return sorted(name for name in os.listdir(FOLDER) if len(name) == 6 and name[0] == "s" and name[1:].isdigit())


def record_files(folder):
    """The paths of a session's record files, in order."""
    return sorted(
        folder + "/" + name
        for name in os.listdir(folder)
        if len(name) == 8 and name[:4].isdigit() and name.endswith(".rwl")
    )


def is_verified(folder):
    """Whether a host has told that its copy of what lies here was read back and verified."""
    return VERIFIED in os.listdir(folder)


def forget_verified(folder):
    """Something is added to the session: what a host had verified is not all of it."""
    remove_path(folder + "/" + VERIFIED)


def note_verified(arguments):
    """Obey `verified NUMBER BYTES`; returns "", or why not: "unknown_session", "differs", "flash_full".

    BYTES: the length of all record files of the host's copy.
    """
    try:
        number, n_bytes = int(arguments[0]), int(arguments[1])
        folder = folder_of(number)
        files = record_files(folder)
    except (IndexError, ValueError, OSError):
        return "unknown_session"
    if sum(os.stat(path)[6] for path in files) != n_bytes:
        return "differs"
    if not is_verified(folder):
        try:
            with open(folder + "/" + VERIFIED, "w"):
                pass
        except OSError:
            return "flash_full"
    return ""
