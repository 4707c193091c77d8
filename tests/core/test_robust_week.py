"""A week without a break: the sample index reaches 63 million, and nothing grows, overflows or is lost."""

import json
import subprocess
import sys
from array import array
from pathlib import Path

import pytest
import robust_streams_made as made

from retrowalk.wearer.cast import model

WEEK = 7 * 24 * 3600 * 104
CHECKED = Path(__file__).parent.parent / "parity" / "checked.py"
TRACE = f"""
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings

def run(mount, axes, counts, n):
    kind, ranges = (WaistEngine, (8, 500)) if mount == "waist" else (AnkleEngine, (16, 2000))
    engine = kind(Settings(), Mounting.from_axes(axes), *ranges)
    engine.skip({WEEK})
    for i in range(n):
        engine.push(counts[6 * i : 6 * i + 6])
        while engine.events.take():
            pass
    engine.finish()
    return engine.gait.step_count
"""


def walk_of(mount):
    return made.limited(made.counts_of(model("demo", mount, seed=6).frames, mount))


def holdings(thing, seen=None):
    """(numbers held, largest magnitude) of everything reachable from an object of the core."""
    seen = set() if seen is None else seen
    if isinstance(thing, int):
        return 1, abs(thing)
    if id(thing) in seen or thing is None or isinstance(thing, str):
        return 0, 0
    seen.add(id(thing))
    if isinstance(thing, (array, list, tuple)):
        parts = list(thing)
    elif isinstance(thing, dict):
        parts = list(thing.values())
    elif type(thing).__module__.startswith("retrogait"):
        parts = list(vars(thing).values())
    else:
        return 0, 0
    found = [holdings(part, seen) for part in parts]
    return sum(n for n, _ in found), max((largest for _, largest in found), default=0)


def push_all(engine, rows, told):
    for row in rows:
        if engine.push(row):
            made.drain(engine, told)


@pytest.mark.parametrize("mount", ["waist", "ankle"])
def test_seven_days_with_a_stretch_of_walking_every_hour(mount):
    engine = made.engine_for(mount)
    rows = walk_of(mount)[20 * 104 : 26 * 104].tolist()
    told, per_hour = [], []
    for hour in range(7 * 24):  # a step may be told after the gap, never dated into it
        told.clear()
        push_all(engine, rows, told)
        engine.skip(3600 * 104 - len(rows))
        made.drain(engine, told)
        per_hour.append((len(told), made.steps(told)))
        assert all(index % (3600 * 104) < 7 * 104 for index, kind, *_ in told if kind == made.STEP)
        numbers, largest = holdings(engine)
        if hour == 1:
            first_numbers = numbers
        assert hour < 1 or numbers == first_numbers, "the engine holds more numbers than it did"
        assert largest < 1 << 30
    assert engine.index == WEEK
    assert engine.events.dropped == 0
    assert len(set(per_hour[2:])) == 1, "the same walk is heard alike on Monday and on Sunday"


@pytest.mark.parametrize("mount", ["waist", "ankle"])
def test_a_walk_after_a_week_is_the_same_walk(mount):
    rows = walk_of(mount).tolist()
    stand = made.limited(made.upright(mount, 520)).tolist()
    heard = []
    for gap in (3600 * 104, WEEK):
        engine, told = made.engine_for(mount), []
        push_all(engine, stand, told)
        engine.skip(gap)
        made.drain(engine, told)
        told.clear()
        begins = engine.index
        push_all(engine, rows, told)
        heard.append([(index - begins, kind, a, b) for index, kind, a, b in told if index >= begins])
    assert heard[0] == heard[1]
    assert made.steps(heard[0]) > 50


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("mount", ["waist", "ankle"])
def test_two_hours_without_a_pause(mount):
    engine, told = made.engine_for(mount), []
    rows = walk_of(mount).tolist()
    n_runs = 2 * 3600 * 104 // len(rows)
    counts = []
    for _ in range(n_runs):
        told.clear()
        push_all(engine, rows, told)
        counts.append((made.steps(told), holdings(engine)[0]))
    assert engine.events.dropped == 0
    assert len({numbers for _, numbers in counts}) == 1
    assert max(n for n, _ in counts[1:]) - min(n for n, _ in counts[1:]) <= 2
    assert holdings(engine)[1] < 1 << 30


def test_no_small_int_overflows_after_a_week(tmp_path):
    (tmp_path / "traced.py").write_text(TRACE)
    lines = []
    for mount in ("waist", "ankle"):
        counts = walk_of(mount)[: 40 * 104]
        (tmp_path / mount).write_bytes(counts.astype("<i2").tobytes())
        lines.append(f"{mount};{mount};{made.AXES[mount]};{len(counts)}")
    (tmp_path / "trials.txt").write_text("\n".join(lines) + "\n")
    run = subprocess.run([sys.executable, str(CHECKED), str(tmp_path)], capture_output=True, text=True, timeout=110)
    assert run.returncode == 0, run.stderr[-1500:]
    operations, largest, _where, steps = json.loads(run.stdout)
    assert operations > 100_000
    assert largest < 1 << 30
    assert all(count > 20 for count in steps.values())
