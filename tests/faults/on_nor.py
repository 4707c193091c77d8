"""Runs a script on real MicroPython with real LittleFS on the NOR model of inside/nor.py: a flash that can be cut."""

from __future__ import annotations

import json
from pathlib import Path

from retrowalk.virtual.config import INSIDE
from retrowalk.virtual.runner import run_script

_HERE = Path(__file__).parent / "inside"
_SET_UP = """
import json, os
import logged
import retrogait.unpacking  # read_blocks would look for it on the flash
from nor import Nor, tree
from app.block_scan import BlockScan
from app.flash_room import FlashRoom
from app.recovery import Totals, recover
from app.sessions_folder import note_verified, record_files
from retrogait.record import Block, read_blocks

nor = Nor(128)
bad = []


def blocks(found):
    return [item for path in sorted(found) if path.endswith(".rwl") for item in read_blocks(found[path])]


def is_sound(found):
    return all(isinstance(item, Block) for item in blocks(found))


def still_writable():
    with open("/data/after", "wb") as file:
        file.write(bytes(5000))
    with open("/data/after", "rb") as file:
        return file.read() == bytes(5000)
"""


def run(script: str) -> dict:
    """What the script prints as JSON; it finds the names of the set-up above."""
    return json.loads(run_script(_SET_UP + script, search_path=(_HERE, INSIDE), timeout_s=100))
