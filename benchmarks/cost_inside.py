"""What a push costs, timed inside real MicroPython; sent there by cost.py, which reads the one JSON line it prints.

`micropython cost_inside.py FOLDER VARIANT`: FOLDER/VARIANT holds the compiled core, FOLDER/plan.json what to measure
and FOLDER/MOUNT.bin the counts (int16, six a sample). Microseconds and bytes are sums over the stream or one block;
cost.py makes them into figures of one push. Part times are taken in place, one part at a time, on the running engine.
"""

import gc
import json
import sys
import time
from array import array

FOLDER, VARIANT = sys.argv[1], sys.argv[2]
sys.path.insert(0, FOLDER + "/" + VARIANT)

from retrogait.engine import AnkleEngine, WaistEngine  # noqa: E402 the path comes first
from retrogait.mounting import Mounting  # noqa: E402
from retrogait.record import SampleWriter  # noqa: E402
from retrogait.settings import Settings  # noqa: E402

with open(FOLDER + "/plan.json") as plan_file:  # noqa: PTH123 MicroPython has no pathlib
    PLAN = json.load(plan_file)
BLOCK = PLAN["block"]
HOLES = 5000
SAMPLE = array("h", (0 for _ in range(6)))
RANGES = {"waist": (WaistEngine, 8, 500), "ankle": (AnkleEngine, 16, 2000)}

_TIMED = """
def timed(self{names}):
    began = ticks_us()
    result = original(self{names})
    spent[0] += ticks_diff(ticks_us(), began)
    spent[1] += 1
    return result
"""
_WEIGHED = """
def timed(self{names}):
    before = mem_alloc()
    result = original(self{names})
    spent[0] += mem_alloc() - before
    spent[1] += 1
    return result
"""
_IDLE = """
class Idle:
    def push(self{names}):
        return None
def use(n):
    idle = Idle()
    for _ in range(n):
        idle.push({zeros})
"""
_IDLE_CALLS = 200


class Logged:
    """The session log's share of a sample, without the filesystem: it is packed, and the full block sealed."""

    def __init__(self):
        self._writer = SampleWriter(1)
        self._writer.begin_samples(0)

    def push(self, sample):
        writer = self._writer
        if writer.is_full:
            writer.finish()
            writer.begin_samples(0)
        writer.add_sample(sample)


def heap_of_a_writer():
    """Bytes of the heap that one block of samples being filled takes."""
    gc.collect()
    before = gc.mem_alloc()
    kept = SampleWriter(1)
    return gc.mem_alloc() - before if kept.n_samples == 0 else 0


def stream_of(mount):
    """The counts, six a sample, in one array, so that the heap stays as empty as on the device."""
    with open(FOLDER + "/" + mount + ".bin", "rb") as file:  # noqa: PTH123
        n_bytes = file.seek(0, 2)
        file.seek(0)
        counts = array("h", bytes(n_bytes))
        file.readinto(counts)
    return counts


def engine_for(mount, axes):
    """An engine as the device builds it."""
    kind, accel_range_g, gyro_range_dps = RANGES[mount]
    return kind(Settings(), Mounting.from_axes(axes), accel_range_g, gyro_range_dps)


def run(push, counts, first):
    """Push the block of samples that begins with sample `first`; microseconds."""
    sample = SAMPLE
    at = 6 * first
    began = time.ticks_us()
    for _ in range(BLOCK):
        sample[0] = counts[at]
        sample[1] = counts[at + 1]
        sample[2] = counts[at + 2]
        sample[3] = counts[at + 3]
        sample[4] = counts[at + 4]
        sample[5] = counts[at + 5]
        at += 6
        push(sample)
    return time.ticks_diff(time.ticks_us(), began)


def walk(engine, counts, n_blocks, spent=None):
    """The first blocks of the stream, events thrown away between them.

    Microseconds of each block, or what gathered in `spent[0]` during it.
    """
    events = engine.events
    push = engine.push
    out = array("i", (0 for _ in range(n_blocks)))
    gc.collect()
    gc.disable()
    for i in range(n_blocks):
        us = run(push, counts, i * BLOCK)
        if spent is not None:
            us = spent[0]
            spent[0] = 0
        out[i] = us
        while events.take():
            pass
    gc.enable()
    return list(out)


def grown_by(push, counts, n_blocks, events=None):
    """Heap growth of all pushes after the first block, in bytes."""
    run(push, counts, 0)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for i in range(1, n_blocks):
        run(push, counts, i * BLOCK)
        while events is not None and events.take():
            pass
    grown = gc.mem_alloc() - before
    gc.enable()
    return grown


def dearest(mount, axes, counts, n_blocks, repeats):
    """The dearest single push, microseconds: each push's fastest of `repeats`, and of these the slowest."""
    best = array("i", (1 << 30 for _ in range(n_blocks * BLOCK)))
    for _ in range(repeats):
        engine = engine_for(mount, axes)
        events = engine.events
        sample = array("h", (0 for _ in range(6)))
        gc.collect()
        gc.disable()
        for i in range(n_blocks * BLOCK):
            for k in range(6):
                sample[k] = counts[6 * i + k]
            began = time.ticks_us()
            engine.push(sample)
            took = time.ticks_diff(time.ticks_us(), began)
            if took < best[i]:
                best[i] = took
            while events.take():
                pass
        gc.enable()
    return max(best)


def holes():
    """A heap as after hours of use: every other small block is taken, and must be searched past."""
    kept = [bytearray(20) for _ in range(2 * HOLES)]
    for i in range(0, 2 * HOLES, 2):
        kept[i] = None
    gc.collect()
    return kept


def names_of(arity):
    """ ", v0, v1" for two arguments."""
    return "".join([", v" + str(i) for i in range(arity)])


def in_place(template, owner, method, arity, use):
    """Call `use(spent)` while `owner.method` is wrapped by `template`; `spent` gathers [sum, calls]."""
    spent = [0, 0]
    original = getattr(owner, method)
    scope = {
        "original": original, "spent": spent, "ticks_us": time.ticks_us, "ticks_diff": time.ticks_diff,
        "mem_alloc": gc.mem_alloc,
    }  # fmt: skip
    exec(template.format(names=names_of(arity)), scope)  # noqa: S102 our own text above
    setattr(owner, method, scope["timed"])
    result = use(spent)
    setattr(owner, method, original)
    return result, spent[1]


def toll_of(arity):
    """Microseconds that the wrapper itself adds to one call."""
    scope = {}
    exec(_IDLE.format(names=names_of(arity), zeros=", ".join(["0"] * arity)), scope)  # noqa: S102 our own text above
    use = scope["use"]

    def sums(spent):
        out = []
        for _ in range(50):
            use(_IDLE_CALLS)
            out.append(spent[0])
            spent[0] = 0
        return out

    found, _ = in_place(_TIMED, scope["Idle"], "push", arity, sums)
    return sorted(found)[len(found) // 4] / _IDLE_CALLS


def owner_of(part):
    """The class a part's method belongs to."""
    return getattr(__import__(part["module"], None, None, [part["class"]]), part["class"])


def part_figures(part, mount, axes, counts, n_blocks, repeats):
    """{us: the part's microseconds in each block of each repeat, calls: in the whole stream, toll_us: of one call}."""
    rows = []
    calls = 0
    for _ in range(repeats):
        engine = engine_for(mount, axes)
        row, calls = in_place(
            _TIMED, owner_of(part), part["method"], part["arity"],
            lambda spent, engine=engine: walk(engine, counts, n_blocks, spent),
        )  # fmt: skip
        rows.append(row)
    return {"us": rows, "calls": calls, "toll_us": toll_of(part["arity"])}


def part_bytes(part, mount, axes, counts):
    """What the part allocated in the first three seconds."""
    engine = engine_for(mount, axes)
    sums, _ = in_place(
        _WEIGHED, owner_of(part), part["method"], part["arity"], lambda spent: walk(engine, counts, 3, spent)
    )
    return sum(sums)


def idle(sample):
    """The push that does nothing: what the measuring itself costs."""


def measure(mount, job, plan):
    """All figures of one mount."""
    axes = job["axes"]
    counts = stream_of(mount)
    n_blocks = len(counts) // 6 // BLOCK
    repeats = plan["repeats"]
    unused = grown_by(idle, counts, n_blocks)
    engine = engine_for(mount, axes)
    grown = grown_by(engine.push, counts, n_blocks, engine.events) - unused
    block_us = [walk(engine_for(mount, axes), counts, n_blocks) for _ in range(repeats)]
    parts = [part_figures(part, mount, axes, counts, n_blocks, repeats) for part in job["parts"]]
    if grown:
        for figures, part in zip(parts, job["parts"]):  # noqa: B905 MicroPython's zip has no strict
            figures["bytes"] = part_bytes(part, mount, axes, counts)
    kept = holes()
    worn_us = [walk(engine_for(mount, axes), counts, n_blocks) for _ in range(repeats)]
    kept.clear()
    log = Logged().push
    return {
        "bytes": grown,
        "empty_us": min([run(idle, counts, 0) for _ in range(20)]),
        "block_us": block_us,
        "worn_us": worn_us,
        "dearest_us": dearest(mount, axes, counts, n_blocks, repeats),
        "log_us": [[run(log, counts, i * BLOCK) for i in range(n_blocks)] for _ in range(repeats)],
        "log_bytes": grown_by(Logged().push, counts, n_blocks) - unused,
        "writer_bytes": heap_of_a_writer(),
        "parts": parts,
    }


def main():
    """Print one JSON line."""
    print(json.dumps({mount: measure(mount, job, PLAN) for mount, job in PLAN["jobs"].items()}))


main()
