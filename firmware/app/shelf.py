"""What lies under /sessions, by number: the only names that a host can reach through the bulk transfer."""

import os

from app.sessions_folder import FOLDER, VERIFIED

_FOLDER_BIT = 0x4000


def folder(session):
    """Where a session lies; ValueError for a number that none has."""
    if not 0 < session < 100000:
        raise ValueError("no session")
    return "%s/s%05d" % (FOLDER, session)


def path(session, part):
    """Where a file of a session lies."""
    if not 0 <= part < 10000:
        raise ValueError("no file")
    return "%s/%04d.rwl" % (folder(session), part)


def remove_folder(session):
    """Remove a session's folder and its mark; one that holds something that is none of ours is left as it is."""
    for remove, name in ((os.remove, "/" + VERIFIED), (os.rmdir, "")):
        try:
            remove(folder(session) + name)
        except OSError:
            continue


class Shelf:
    """Lists sessions page by page; what is listed is looked up anew from the first page on."""

    def __init__(self):
        self._sessions = []
        self._strange = 0
        self._looked_into = 0

    def rows(self, session, part):
        """Lines of text from (`session`, `part`) on: "SESSION PART BYTES", and at the end ". STRANGE NAMES"."""
        if not session:
            self._look()
        for number in self._sessions:
            if number < session:
                continue
            for each, size in self.parts(number):
                if number > session or each >= part:
                    yield "%d %d %d\n" % (number, each, size)
        yield ". %d\n" % self._strange

    def parts(self, session):
        """[(number, bytes)] of a session's files, in order; empty if it is not there."""
        found = []
        strange = 0
        try:
            for entry in os.ilistdir(folder(session)):
                name = entry[0]
                if len(name) == 8 and name[4:] == ".rwl" and name[:4].isdigit() and not entry[1] & _FOLDER_BIT:
                    number = int(name[:4])
                    found.append((number, os.stat(path(session, number))[6]))
                elif name != VERIFIED:
                    strange += 1
        except OSError:
            return found
        if session > self._looked_into:
            # Asked twice for a page that got lost, a name counts once.
            self._looked_into = session
            self._strange += strange
        found.sort()
        return found

    def _look(self):
        self._sessions = []
        self._strange = 0
        self._looked_into = 0
        try:
            for entry in os.ilistdir(FOLDER):
                name = entry[0]
                if len(name) == 6 and name[0] == "s" and name[1:].isdigit() and name != "s00000":
                    self._sessions.append(int(name[1:]))
                else:
                    self._strange += 1
        except OSError:
            return
        self._sessions.sort()
