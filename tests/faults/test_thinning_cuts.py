"""Thinning makes room by the raw samples: power fails at each of its flash operations, and nothing else is lost.

Real LittleFS on the NOR model, real MicroPython, the device's own files; after each cut the flash is mounted anew.
"""

from __future__ import annotations

from on_nor import run


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
    assert told["kinds"][0] == 1 and told["kinds"][-1] == 5 and told["kinds"].count(7) == 1 and 8 not in told["kinds"]
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
