"""The packer on CPython, 64-bit MicroPython and the 32-bit build: the same bytes, nothing allocated, all returned.

Recorded walks (where they are), the walking model and absurd streams.
"""

import interpreters
import pytest
import trace_packing
from test_one_core_three_places import made_trials, recorded_trials

pytestmark = pytest.mark.slow


def prove(folder, trials):
    here = interpreters.prove(folder, trials, trace_packing, 60)
    assert {name for name, (_, changed) in here.items() if changed != [-1]} == set()
    return here


def test_made_and_absurd_streams(tmp_path):
    here = prove(tmp_path, made_trials())
    assert all(length <= 22 + 1344 for blocks, _ in here.values() for length, _ in blocks)


def test_recorded_walks(tmp_path, recorded):
    trials = dict(list(recorded_trials(recorded).items())[::4])
    assert len(prove(tmp_path, trials)) == 3
