"""Where the cases that run on real MicroPython are, and where they look for modules."""

from pathlib import Path

from retrowalk.deploying.tree import firmware_folder
from retrowalk.virtual.config import INSIDE

CASES = Path(__file__).parent / "cases"
SEARCH = (CASES, firmware_folder(), INSIDE)
