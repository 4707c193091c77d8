"""Streams of counts that no walk should give, and a run of the core that checks what must hold for any input."""

import numpy as np

from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.events import BACKWARD, FORWARD, STATE, STEP, TURN
from retrogait.mounting import Mounting
from retrogait.settings import Settings

RATE_HZ = 104
RANGES = {"waist": (8, 500), "ankle": (16, 2000)}
AXES = {"waist": "-z,y,x", "ankle": "x,y,z"}
G_COUNTS = {"waist": 4098, "ankle": 2049}
_UNITS_PER_COUNT = {"waist": [244] * 3 + [140] * 3, "ankle": [488] * 3 + [560] * 3}


def engine_for(mount, mounting=None):
    """An engine as the device builds it, mounted as the walking model wears it."""
    kind = WaistEngine if mount == "waist" else AnkleEngine
    return kind(Settings(), mounting or Mounting.from_axes(AXES[mount]), *RANGES[mount])


def counts_of(frames, mount):
    """What the IMU makes of a wearer's frames, float [n, 6], not yet limited."""
    return np.floor(frames.values / np.array(_UNITS_PER_COUNT[mount]) + 0.5)


def limited(counts):
    """As int16, saturated."""
    return np.clip(counts, -32768, 32767).astype(np.int16)


def upright(mount, n):
    """A clip that hangs still, [n, 6]."""
    rows = np.zeros((n, 6))
    rows[:, 0 if mount == "waist" else 2] = G_COUNTS[mount]
    return rows


def absurd(mount, seconds=30):
    """{name: counts int16 [n, 6]}."""
    n = seconds * RATE_HZ
    rng = np.random.default_rng(1)
    still = upright(mount, n)
    each_second = np.arange(n) % RATE_HZ == 0
    sign = np.where(np.arange(n) // 52 % 2, 1, -1)[:, None]
    made = {
        "all zero": np.zeros((n, 6)),
        "constant": still,
        "constant upside down": -still,
        "saturated high": np.full((n, 6), 32767),
        "saturated low": np.full((n, 6), -32768),
        "free fall and spin": np.hstack([np.zeros((n, 3)), np.full((n, 3), 9000)]),
        "spinning at rest": still + np.array([0, 0, 0, 20000, 0, 0]),
        "gyro stuck at full scale": still + np.array([0, 0, 0, 32767, 32767, 32767]),
        "white noise, full scale": rng.integers(-32768, 32768, (n, 6)),
        "random flips, full scale": rng.choice([-32768, 32767], (n, 6)),
        "square wave, 1 Hz, full scale": np.where(sign > 0, 32767, -32768) * np.ones((1, 6)),
        "slow ramp": np.linspace(-32768, 32767, n)[:, None] * np.ones((1, 6)),
        "one count of noise": still + rng.integers(-1, 2, (n, 6)),
        "one sample a second saturated": np.where(each_second[:, None], 32767, still),
        "alternating samples": still + np.where(np.arange(n) % 2, 8000, -8000)[:, None],
    }
    return {name: limited(rows) for name, rows in made.items()}


def said(mount, counts, mounting=None, first_index=0):
    """Events (index, kind, value_a, value_b) and the engine after all of `counts`; checks what must always hold."""
    engine = engine_for(mount, mounting)
    engine.index = first_index
    told = []
    for row in counts.tolist():
        if engine.push(row):
            drain(engine, told)
        assert 0 <= engine.gait.cadence_dspm <= 2600
        assert abs(engine.lean_cdeg) <= 18000
        assert abs(engine.side_cdeg) <= 18000
    engine.finish()
    drain(engine, told)
    check(told, first_index, first_index + len(counts), engine)
    return told, engine


def drain(engine, told):
    """Move the waiting events into `told`."""
    queue = engine.events
    while queue.take():
        told.append((queue.index, queue.kind, queue.value_a, queue.value_b))


def check(told, first_index, end_index, engine):
    """Events lie in the session (within a filter delay), no faster than anyone steps, and none was lost."""
    assert engine.events.dropped == 0
    assert all(first_index - RATE_HZ <= index <= end_index for index, *_ in told)
    assert all(0 <= interval <= 1000 for _, kind, _, interval in told if kind == STEP)
    assert all(0 <= length <= end_index - first_index for _, kind, length, _ in told if kind == TURN)
    minutes = (end_index - first_index) / RATE_HZ / 60
    assert len(told) <= 450 * minutes + 20, "more events than any walk gives"


def steps(told):
    """How many steps."""
    return sum(kind == STEP for _, kind, _, _ in told)


def directed(told):
    """How many steps and states claim to know the direction."""
    return sum(kind in (STEP, STATE) and value in (BACKWARD, FORWARD) for _, kind, value, _ in told)


def of_kind(told, kind):
    """The events of one kind."""
    return [each for each in told if each[1] == kind]
