"""Power fails at every flash operation of thinning and of recovery, and all through a session: nothing kept is lost.

Real LittleFS on the NOR model, real MicroPython, the device's own files; after each cut the flash is mounted anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrowalk.virtual.config import INSIDE
from retrowalk.virtual.runner import run_script

HERE = Path(__file__).parent / "inside"
SET_UP = """
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
    return json.loads(run_script(SET_UP + script, search_path=(HERE, INSIDE), timeout_s=100))


def test_a_file_is_whole_or_thinned_wherever_power_fails() -> None:
    told = run("""
def tidy():
    for _ in FlashRoom(logged.Faults()).tidy(1 << 30, 1 << 30):
        pass

nor.mount()
logged.walk(75)
whole = tree()
nor.unmount()
image = nor.save()
n_operations = nor.count_operations(tidy)
nor.mount()
thinned = tree()
nor.unmount()
gone = [path for path in whole if path not in thinned]
same = [path for path in whole if path.endswith(".rwl") and whole[path] == thinned[path]]
for torn in (0, 50, 100):
    for k in range(1, n_operations + 1):
        nor.load(image)
        nor.cut(k, torn, tidy)
        nor.mount()
        found = tree()
        for path in whole:
            if found.get(path) not in (whole[path], thinned[path]):
                bad.append([k, torn, path])
        tidy()
        after = tree()
        if not still_writable() or any(after.get(path) != thinned[path] for path in thinned):
            bad.append([k, torn, "end"])
        nor.unmount()
kinds = [item.kind for item in blocks(thinned)]
steps = sum(1 for item in blocks(thinned) if item.kind == 3 for event in item.events() if event[1] == 1)
print(json.dumps({"bad": bad, "n": n_operations, "gone": gone, "same": same, "kinds": kinds, "steps": steps,
                  "sound": is_sound(thinned), "bytes": [sum(len(d) for d in t.values()) for t in (whole, thinned)]}))
""")
    assert told["bad"] == [] and told["n"] > 10
    assert told["gone"] == [] and told["same"] == []
    assert told["sound"] and told["steps"] == 75
    assert told["kinds"][0] == 1 and told["kinds"][-1] == 5 and told["kinds"].count(7) == 1 and 6 not in told["kinds"]
    assert told["kinds"].count(4) == 2, "of 15 STATUS blocks one a minute stays"
    assert told["bytes"][1] < told["bytes"][0] // 3


def test_a_damaged_file_is_never_thinned() -> None:
    told = run("""
nor.mount()
logged.walk(30)
path = "/sessions/s00001/0000.rwl"
with open(path, "rb") as file:
    data = bytearray(file.read())
data[20000] ^= 1
with open(path, "wb") as file:
    file.write(data)
steps = len(list(FlashRoom(logged.Faults()).tidy(1 << 30, 1 << 30)))
print(json.dumps({"steps": steps, "same": tree()[path] == data}))
""")
    assert told == {"steps": 0, "same": True}


def test_verified_sessions_go_first_and_others_only_for_a_short_walk() -> None:
    told = run("""
nor.mount()
for _ in range(3):
    logged.walk(20)
room = FlashRoom(logged.Faults())
length = sum(os.stat(path)[6] for path in record_files("/sessions/s00002"))
answers = [note_verified(words) for words in (["2", "7"], ["9", "7"], ["x"], ["2", str(length)], ["2", str(length)])]
order = list(room.tidy(1 << 30, 1 << 30))
again = list(room.tidy(1 << 30, 1 << 30))
enough = list(FlashRoom(logged.Faults()).tidy(0, 0))
print(json.dumps({"answers": answers, "order": order, "again": again, "enough": enough}))
""")
    assert told["answers"] == ["differs", "unknown_session", "unknown_session", "", ""]
    assert [path[13:16] for path in told["order"]] == ["002", "001", "003"]
    assert told["again"] == told["enough"] == []


def test_a_full_flash_makes_room_for_the_next_session() -> None:
    """The second walk finds the first one's raw samples in its way; they go, and all its steps stay."""
    told = run("""
nor.mount()
faults = logged.Faults()
logged.walk(100)
with open("/filler", "wb") as file:
    while FlashRoom(faults).free_bytes > 100 * 1024:
        file.write(bytes(4096))
        file.flush()
room = FlashRoom(faults)
before = room.free_bytes
room.make_room()
logged.walk(60, free_bytes=room.free_bytes)
found = tree()
steps = [sum(1 for item in read_blocks(found[path]) if item.kind == 3 for event in item.events() if event[1] == 1)
         for path in sorted(found) if path.endswith(".rwl")]
print(json.dumps({"before": before, "after": room.free_bytes, "steps": sum(steps), "sound": is_sound(found)}))
""")
    assert told["before"] < 112 * 1024 < told["after"] and told["steps"] == 160 and told["sound"]


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


def test_a_file_that_cannot_be_thinned_is_told_and_ends_the_step() -> None:
    """Housekeeping must not try all the others in one go: each try may keep everything waiting."""
    told = run("""
import app.flash_room

def refuse(path, scan):
    raise OSError(28)

nor.mount()
for _ in range(2):
    logged.walk(5)
app.flash_room.thin = refuse
before = tree()
faults = logged.Faults()
steps = list(FlashRoom(faults).tidy(1 << 30, 1 << 30))
after = tree()
print(json.dumps({"steps": steps, "faults": faults.counts, "gone": [path for path in before if path not in after]}))
""")
    assert told == {"steps": ["", ""], "faults": {"thinning_failed": 2}, "gone": ["/data/reserve"]}
