"""Small files under /data: read whole, written to a temporary name and renamed, so a power cut leaves old or new."""

import json
import os

FOLDER = "/data"

_NO_SUCH_FILE = 2
_EXISTS = 17
# Ours have at most some hundred bytes. What is longer is none of ours, and reading it could use up the memory.
_LONGEST_BYTES = 4096


def ensure_folder(path):
    """Make `path` if it is not there."""
    try:
        os.mkdir(path)
    except OSError as error:
        if error.errno != _EXISTS:
            raise


def read_json(name):
    """The object in /data/`name`, or None if there is no such file; ValueError if it cannot be read or is no JSON."""
    path = FOLDER + "/" + name
    try:
        if os.stat(path)[6] <= _LONGEST_BYTES:
            with open(path) as file:
                return json.load(file)
    except OSError as error:
        if error.errno == _NO_SUCH_FILE:
            return None
    raise ValueError("unreadable")


def write_json(name, value):
    """Replace /data/`name`; OSError if the flash is full, and then the old one stays."""
    ensure_folder(FOLDER)
    path = FOLDER + "/" + name
    try:
        with open(path + ".part", "w") as file:
            json.dump(value, file)
        os.rename(path + ".part", path)
    except OSError:
        remove(name + ".part")
        raise


def exists(name):
    """Whether there is a /data/`name`."""
    try:
        os.stat(FOLDER + "/" + name)
    except OSError:
        return False
    return True


def rename(old, new):
    """Give /data/`old` the name `new`, in the place of what had it; returns whether the flash let us."""
    try:
        os.rename(FOLDER + "/" + old, FOLDER + "/" + new)
    except OSError:
        return False
    return True


def remove(name):
    """Remove /data/`name`, if it is there and the flash lets us; returns whether it did."""
    return remove_path(FOLDER + "/" + name)


def remove_path(path):
    """Remove a file, if it is there and the flash lets us; returns whether it did."""
    try:
        os.remove(path)
    except OSError:
        return False
    return True


def next_session_number(sessions_folder):
    """A session number never used before, remembered even if the sessions are deleted."""
    try:
        used = read_json("next_session")
    except ValueError:
        used = None
    number = used if isinstance(used, int) and 0 < used < 100000 else 1
    for name in os.listdir(sessions_folder):
        if len(name) == 6 and name[0] == "s" and name[1:].isdigit():
            number = max(number, int(name[1:]) + 1)
    write_json("next_session", number + 1)
    return number
