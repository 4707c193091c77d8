"""Power fails at every flash operation of every kind of deploy: the device starts an app that works, data untouched.

Real MicroPython and LittleFS; the app is a stub that notices a mixture of versions, the boot guard is the real one.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from bench_made import KEPT, OLD_MAIN, Bench
from micropython_made import CASES, SEARCH

from retrowalk.deploying import tree
from retrowalk.deploying.confirmation import remove_old_tree
from retrowalk.rollback import switch
from retrowalk.virtual.config import interpreter

pytestmark = pytest.mark.slow

GUARD = tree.guard().decode()


def state(slot: str, good: bool = True, back: str = "", starts: int = 0) -> dict[str, str]:
    told = {"slot": slot, "good": good, "starts": starts, "back": back, "failed": "", "why": "", "imu": True}
    return {"/slots.json": json.dumps(told)}


def cut_everywhere(bench: Bench, folder: Path, job, apps: list[str], may_be_none: bool = False) -> tuple[int, int]:
    """Do `job` once to learn what it asks of the device, then with a cut at each operation; (operations, cuts)."""
    image = folder / "before.bin"
    bench.save(image)
    bench.codes.clear()
    job()
    plan = folder / "plan.json"
    told = {"image": str(image), "codes": bench.codes, "apps": apps, "may_be_none": may_be_none, "kept": KEPT}
    plan.write_text(json.dumps(told))
    run = subprocess.run(
        [interpreter(), "-X", "heapsize=16M", str(CASES / "cuts.py"), str(plan)],
        env=os.environ | {"MICROPYPATH": ":".join(str(path) for path in SEARCH)},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert run.returncode == 0, run.stderr + run.stdout[-2000:]
    lines = run.stdout.splitlines()
    bad = [line for line in lines if line.startswith("BAD")]
    assert not bad, "\n".join(bad[:20])
    n_operations, n_cuts = map(int, lines[-1].split())
    assert n_cuts == 3 * n_operations > 0
    return n_operations, n_cuts


@pytest.fixture
def bench():
    with Bench() as made:
        yield made


def test_an_update(bench, tmp_path):
    bench.put({"/main.py": GUARD, "/board.txt": "virtual\n", **state("a", back="b")})
    bench.put_copy("a", "v1")
    bench.put_copy("b", "v0")
    bench.put({"/b/drivers/same.py": "# it was another once\n" * 300, "/b/app/gone.py": "#\n" * 3000})
    bulk = b"# a file of several blocks\n" * 400
    n_operations, _ = cut_everywhere(bench, tmp_path, lambda: bench.deploy("v2", bulk=bulk), ["v1", "v2"])
    assert n_operations > 80, "pages of 128 bytes are programmed one by one"
    assert bench.boot() == [["v2", "b", True]]


@pytest.mark.long
def test_an_update_with_a_new_guard_and_a_new_board(bench, tmp_path):
    older = GUARD.replace('"""The boot guard', '"""The boot guard of before', 1)
    bench.put({"/main.py": older, "/board.txt": "another\n", **state("b", back="a")})
    for slot, version in (("a", "v0"), ("b", "v1")):
        bench.put_copy(slot, version)
        bench.put({f"/{slot}/boards/another.py": "BUTTON = 0\nBUTTON_PRESSED = 0\n"})
    cut_everywhere(bench, tmp_path, lambda: bench.deploy("v2"), ["v1", "v2"])
    assert bench.files()["/main.py"] == GUARD
    assert bench.files()["/board.txt"] == "virtual\n"


@pytest.mark.long
def test_an_update_over_a_version_on_trial(bench, tmp_path):
    bench.put({"/main.py": GUARD, "/board.txt": "virtual\n", **state("b", good=False, back="a", starts=1)})
    bench.put_copy("a", "v1")
    bench.put_copy("b", "v2")
    cut_everywhere(bench, tmp_path, lambda: bench.deploy("v3"), ["v1", "v2", "v3"])
    assert bench.boot() == [["v3", "b", True]]


def test_the_first_deploy(bench, tmp_path):
    cut_everywhere(bench, tmp_path, lambda: bench.deploy("v1"), ["v1"], may_be_none=True)
    assert bench.boot() == [["v1", "a", False]]


def put_firmware_0_2(bench: Bench) -> None:
    """The single tree of before, as a stub."""
    bench.put({"/app/part.py": "PART = 'v0'\n", "/app/walk.py": "#\n", "/retrogait/__init__.py": "CORE = 'v0'\n"})
    bench.put({"/board.txt": "virtual\n", "/boards/virtual.py": "#\n", "/drivers/old.py": "#\n"})


def test_an_update_of_firmware_without_slots(bench, tmp_path):
    put_firmware_0_2(bench)
    bench.put({"/main.py": OLD_MAIN})
    cut_everywhere(bench, tmp_path, lambda: bench.deploy("v1"), ["v0", "v1"])
    assert bench.state()["back"] == "old"
    assert bench.boot(v1="crash") == [["v1", "a", True], ["v1", "a", True], ["v0", None, False]]
    assert bench.boot() == [["v0", None, False]]


def test_the_removal_of_firmware_without_slots(bench, tmp_path):
    put_firmware_0_2(bench)
    bench.put({"/main.py": GUARD, "/main_old.py": OLD_MAIN, **state("a", back="old")})
    bench.put_copy("a", "v1")
    cut_everywhere(bench, tmp_path, lambda: remove_old_tree(bench), ["v1"])
    assert not [path for path in bench.files() if path.startswith(("/app/", "/retrogait/", "/drivers/", "/main_old"))]


def test_a_rollback(bench, tmp_path):
    bench.put({"/main.py": GUARD, "/board.txt": "virtual\n", **state("a")})
    bench.put_copy("a", "v1")
    bench.deploy("v2")
    assert bench.boot() == [["v2", "b", True]]
    bench.put({"/a/release.json": tree.release_of(_copy_of(bench, "a")).decode()})
    cut_everywhere(bench, tmp_path, lambda: switch(bench), ["v1", "v2"])
    assert bench.boot() == [["v1", "a", True]]


def _copy_of(bench: Bench, slot: str) -> dict[str, bytes]:
    root = f"/{slot}/"
    return {
        path.removeprefix(root): text.encode()
        for path, text in bench.files().items()
        if path.startswith(root) and not path.endswith("release.json")
    }
