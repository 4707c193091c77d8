"""Small files under /data: read whole, written to a temporary name and renamed, so a power cut leaves old or new."""

import json
import os

FOLDER = "/data"


def ensure_folder(path):
    """Make `path` if it is not there."""
    try:
        os.mkdir(path)
    except OSError as error:
        if error.errno != 17:
            raise


def read_json(name):
    """The object in /data/`name`, or None if there is no such file; ValueError if it is no JSON."""
    try:
        with open(FOLDER + "/" + name) as file:
            return json.load(file)
    except OSError:
        return None


def write_json(name, value):
    """Replace /data/`name`; OSError if the flash is full."""
    ensure_folder(FOLDER)
    path = FOLDER + "/" + name
    with open(path + ".part", "w") as file:
        json.dump(value, file)
    os.rename(path + ".part", path)


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
