"""One trace of the core, the same text on CPython, MicroPython (64-bit) and the 32-bit wasm build.

`run(mount, counts, n)` drives an engine over n raw samples (array 'h', six a sample) and returns checkpoint hashes of
everything it says: lean, cadence, state, steps, masks and events. `allocated` is the heap growth, in bytes, of all
pushes together, on ports that can tell. Plain Python: it is sent to the interpreters as text.
"""

import gc
from array import array

from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings

WARM_UP = 520
EVERY = 500


def engine_for(mount, axes):
    """An engine as the device builds it, with every cue switched on and short segments and pauses."""
    settings = Settings({"stage": 4, "warm_up_s": 4, "goal_s": 60, "cool_down_s": 5, "pause_after_ms": 2000})
    if mount == "waist":
        return WaistEngine(settings, Mounting.from_axes(axes), 8, 500)
    return AnkleEngine(settings, Mounting.from_axes(axes), 16, 2000)


def run(mount, axes, counts, n):
    """Hashes after every 500 samples, all events as a list, and the bytes allocated after the warm-up (or -1)."""
    engine = engine_for(mount, axes)
    sample = array("h", (0, 0, 0, 0, 0, 0))
    hashes = array("i", (0 for _ in range(n // EVERY + 1)))
    events = array("i", (0 for _ in range(4 * 600)))
    count = 0
    allocated = 0
    can_tell = hasattr(gc, "mem_alloc")
    gc.collect()
    gc.disable()
    before = gc.mem_alloc() if can_tell else 0
    digest = 0
    at = 0
    queue = engine.events
    for i in range(n):
        if i == WARM_UP and can_tell:
            before = gc.mem_alloc()
        sample[0] = counts[at]
        sample[1] = counts[at + 1]
        sample[2] = counts[at + 2]
        sample[3] = counts[at + 3]
        sample[4] = counts[at + 4]
        sample[5] = counts[at + 5]
        at += 6
        waiting = engine.push(sample)
        digest = (digest * 31 ^ (engine.lean_cdeg & 0xFFFF) ^ (engine.side_cdeg & 0xFFF)) & 0xFFFFF
        digest = (digest * 31 ^ engine.gait.cadence_dspm ^ (engine.gait.state << 12) ^ engine.gait.step_count) & 0xFFFFF
        digest = (digest * 31 ^ (engine.variability.cv_permille & 0xFFF)) & 0xFFFFF
        digest = (digest * 31 ^ (engine.distance.total_mm & 0xFFFF)) & 0xFFFFF
        digest = (digest * 31 ^ engine.course.life.state ^ (engine.evenness.cv_permille & 0xFFF)) & 0xFFFFF
        digest = (digest * 31 ^ engine.coach.cueing.masked) & 0xFFFFF
        if mount == "waist":
            digest = (digest * 31 ^ (engine.twist.degrees & 0xFFF)) & 0xFFFFF
        if i == n - 1:
            waiting = engine.finish()
        if waiting:
            while queue.take():
                if count < 600:
                    events[4 * count] = queue.index
                    events[4 * count + 1] = queue.kind
                    events[4 * count + 2] = queue.value_a
                    events[4 * count + 3] = queue.value_b
                count += 1
        if i % EVERY == EVERY - 1:
            hashes[i // EVERY] = digest
    allocated = gc.mem_alloc() - before if can_tell else -1
    gc.enable()
    hashes[n // EVERY] = digest
    return list(hashes), list(events[: 4 * min(count, 600)]), allocated
