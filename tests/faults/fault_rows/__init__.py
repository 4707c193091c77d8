"""The rows of the fault table (make faults): one file a class of faults, each tried case by case and counted.

A row module has rows() -> [RowOf]; ../fault_table.py runs them all, ../test_fault_rows.py a thinned form of each.
"""

import sys
from pathlib import Path

# The rooms that the host's tests use as well: made sessions, the fake device, the disk that breaks, scripted ports.
_TESTS = Path(__file__).resolve().parents[2]
for _room in (_TESTS, _TESTS / "host"):
    if str(_room) not in sys.path:
        sys.path.insert(0, str(_room))
