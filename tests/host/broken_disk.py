"""A disk that dies at its n-th operation: what the archive does to files goes through here, one by one."""

import errno
import os
from pathlib import Path

_OF_OS = ("open", "write", "fsync", "close")
_OF_PATH = ("mkdir", "unlink", "replace", "rename")


class Killed(BaseException):
    """The process is dead: nothing after this runs, not even a clean-up."""


class BrokenDisk:
    """Counts operations; at number `at` it breaks. `error`: an errno, or None for the death of the process.

    `done_first`: the operation takes effect and then it breaks; a write half. `lasting`: all later ones fail as well.
    """

    def __init__(self, at: int, error: int | None = None, done_first: bool = False, lasting: bool = True) -> None:
        self.at, self.error, self.done_first, self.lasting = at, error, done_first, lasting
        self.count = 0
        self.log: list[str] = []

    def install(self, monkeypatch) -> "BrokenDisk":
        """Put it under os and pathlib."""
        for module, names in ((os, _OF_OS), (Path, _OF_PATH)):
            for name in names:
                monkeypatch.setattr(module, name, self.wrapped(name, getattr(module, name)))
        return self

    def wrapped(self, name, real):
        """`real`, counted."""

        def call(*words, **options):
            here = self.count
            self.count += 1
            self.log.append(name)
            broken = here == self.at or (self.lasting and here > self.at)
            if not broken:
                return real(*words, **options)
            if name == "close":
                real(*words)  # a dead process leaves no file open
            elif here == self.at and self.done_first and name != "open":
                if name == "write":
                    words = (words[0], words[1][: len(words[1]) // 2])
                real(*words, **options)
            if self.error is None:
                raise Killed
            raise OSError(self.error, os.strerror(self.error))

        return call


FULL, READ_ONLY, BROKEN = errno.ENOSPC, errno.EROFS, errno.EIO
