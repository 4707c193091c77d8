"""Power fails at every flash operation of recovery, and all through a session: nothing that was flushed is lost.

Real LittleFS on the NOR model, real MicroPython, the device's own files; after each cut the flash is mounted anew.
"""

from __future__ import annotations

import pytest
from on_nor import run


def test_recovery_ends_the_session_and_may_be_cut_anywhere() -> None:
    told = run("""
nor.mount()
log = logged.walk(23, ended=False)
before = tree()
nor.unmount()
image = nor.save()
faults = logged.Faults()
n_operations = nor.count_operations(lambda: recover(faults))
for torn in (0, 50, 100):
    for k in range(1, n_operations + 1):
        nor.load(image)
        nor.cut(k, torn, lambda: recover(faults))
        nor.mount()
        recover(faults)
        again = recover(faults)
        found = tree()
        last = blocks(found)[-1]
        end = json.loads(last.payload) if last.kind == 5 else {}
        if again is not None or "/data/recording" in found or not is_sound(found) or not still_writable():
            bad.append([k, torn, "state"])
        elif [end.get(name) for name in ("reason", "step_count", "backward_steps", "cues", "n_samples")] != [
            "power_lost", 20, 20, 2, 2080
        ]:
            bad.append([k, torn, end])
        elif any(not found[path].startswith(before[path]) for path in before if path.endswith(".rwl")):
            bad.append([k, torn, "changed"])
        nor.unmount()
nothing = nor.count_operations(lambda: recover(faults))
print(json.dumps({"bad": bad, "n": n_operations, "nothing": nothing, "ends": sum(
    1 for item in blocks(found) if item.kind == 5)}))
""")
    assert told["bad"] == [] and told["n"] > 4
    assert told["nothing"] == 0 and told["ends"] == 1


def test_a_session_of_which_nothing_was_kept_leaves_nothing() -> None:
    told = run("""
nor.mount()
from app.recovery import note_open
os.mkdir("/data"); os.mkdir("/sessions"); os.mkdir("/sessions/s00004")
note_open(4)
open("/sessions/s00004/0000.rwl", "wb").close()
first = recover(logged.Faults())
print(json.dumps({"first": first, "left": sorted(tree()), "folders": os.listdir("/sessions")}))
""")
    assert told == {"first": None, "left": [], "folders": []}


@pytest.mark.slow
@pytest.mark.parametrize("torn", [0, 50, 100])
def test_a_session_cut_at_every_other_operation_keeps_what_was_flushed_and_is_closed(torn: int) -> None:
    told = run(f"""
torn = {torn}
nor.mount()
logged.walk(3)
nor.unmount()
image = nor.save()
n_operations = nor.count_operations(lambda: logged.walk(12))
faults = logged.Faults()
sizes = []
for k in range(n_operations, 0, -2):
    nor.load(image)
    flushed = [0]
    nor.cut(k, torn, lambda: logged.walk(12, on_flush=lambda index: flushed.append(index * nor.is_on)))
    nor.mount()
    recover(faults)
    found = tree()
    mine = {{path: found[path] for path in found if "s00002" in path}}
    items = blocks(mine)
    samples = sum(item.n_samples for item in items)
    steps = sum(1 for item in items if item.kind == 3 for event in item.events() if event[1] == 1)
    if not is_sound(found) or not still_writable() or samples < max(flushed):
        bad.append([k, "lost", samples, flushed])
    if items:
        end = json.loads(items[-1].payload) if items[-1].kind == 5 else {{}}
        if end.get("step_count") not in (steps, 12) or end.get("n_samples", -1) < samples:
            bad.append([k, "end", end, steps])
        sequences = [item.sequence for item in items]
        if sequences != list(range(len(items))):
            bad.append([k, "sequence"])
    elif mine:
        bad.append([k, "left", sorted(mine)])
    sizes.append(samples)
    nor.unmount()
print(json.dumps({{"bad": bad[:5], "n_bad": len(bad), "n": len(sizes), "most": max(sizes)}}))
""")
    assert told["bad"] == []
    assert told["n"] > 50 and told["most"] == 12 * 104


def test_recovery_on_a_full_flash_has_the_room_that_was_set_aside() -> None:
    told = run("""
nor.mount()
log = logged.walk(12, ended=False)
with open("/filler", "wb") as file:
    try:
        while file.write(bytes(512)):
            file.flush()
    except OSError:
        pass
faults = logged.Faults()
number = recover(faults)
end = json.loads(blocks(tree())[-1].payload)
print(json.dumps({"number": number, "end": end["reason"], "steps": end["step_count"], "faults": faults.counts}))
""")
    assert told == {"number": 1, "end": "power_lost", "steps": 10, "faults": {}}


def test_the_samples_of_a_block_are_counted_without_unpacking_it() -> None:
    """Exactly while somebody walks; for noise of full scale, where packing gives up, one too many at the most."""
    told = run("""
import io
from retrogait.record import SampleWriter
scan = BlockScan()
off = {}
noise = 1
for width in (4, 9, 13, 14, 15, 16):
    for n in range(1, 100):
        writer = SampleWriter(1)
        writer.begin_samples(0)
        for _ in range(n):
            sample = []
            for _ in range(6):
                noise = noise * 1103515245 + 12345 & 0x3FFFFFFF
                sample.append((noise >> 8 & (1 << width) - 1) - (1 << width - 1))
            if not writer.is_full:
                writer.add_sample(sample)
        true = writer.n_samples
        scan.begin(io.BytesIO(bytes(writer.finish())))
        scan.next()
        off[(width, scan.n_samples - true)] = off.get((width, scan.n_samples - true), 0) + 1
print(json.dumps({"wrong": [list(key) for key in sorted(off) if key[1]]}))
""")
    assert {surplus for _, surplus in told["wrong"]} <= {1}
    assert {width for width, _ in told["wrong"]} <= {14, 15, 16}
