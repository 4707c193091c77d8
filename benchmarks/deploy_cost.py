"""What a deploy costs: `make bench`. Time on the virtual device, size of the app on the flash, memory after the start.

Times are of this computer with a virtual device at the speed of life, whose port has no rate limit; the app's trial of
two seconds is in them. Memory is of the unix port, whose words have 64 bits: an ESP32, with 32, needs about half of it.
Nothing of this has run on silicon.
"""

import contextlib
import io
import tempfile
import time
from pathlib import Path

from retrowalk import cli
from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport
from retrowalk.deploying import install, mpy, tree
from retrowalk.deploying.carry import blocks_of
from retrowalk.virtual.device import VirtualDevice

BEGIN = "\n\nimport gc\n\ngc.collect()\nBEGUN = gc.mem_alloc()\n"
END = """


async def _measured(self, run=Trial.run):
    await run(self)
    import gc

    import app

    gc.collect()
    with open("/memory.txt", "w") as file:
        file.write("%d %d" % (app.BEGUN, gc.mem_alloc()))


Trial.run = _measured
"""


def flash(device: VirtualDevice, *words: str) -> float:
    """Seconds of one `retrowalk flash`."""
    began_s = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as told:
        code = cli.main(["flash", "--port", str(device.port), "--yes", *words])
    if code:
        raise SystemExit(told.getvalue())
    return time.monotonic() - began_s


def free_kb(device: VirtualDevice) -> int:
    """Free flash, as the app measures it at its start."""
    with Link(str(device.port)) as link:
        return link.status().flash_free_kb or 0


def times() -> list[tuple[str, float, int]]:
    """(what, seconds, kB free afterwards) of deploys, one after the other, onto an erased flash."""
    rows = []
    source = tree.source_tree()
    changed = {**source, "app/health.py": source["app/health.py"] + b"CHANGED = 1\n"}
    with tempfile.TemporaryDirectory() as name, VirtualDevice(Path(name) / "flash.bin", is_empty=True) as device:
        for what, files in (("first", source), ("unchanged", source), ("one file changed", changed)):
            install.source_tree = lambda files=files: files
            rows.append((what, flash(device), free_kb(device)))
    install.source_tree = lambda: source
    with tempfile.TemporaryDirectory() as name, VirtualDevice(Path(name) / "flash.bin", is_empty=True) as device:
        rows.append(("first, --source", flash(device, "--source"), free_kb(device)))
    return rows


def memory_bytes(*words: str) -> int:
    """What the app takes of the heap, modules and objects, when it has been started and is idle."""
    source = tree.source_tree()
    marked = {**source}
    marked["app/__init__.py"] += BEGIN.encode()
    marked["app/trial.py"] += END.encode()
    install.source_tree = lambda: marked
    with tempfile.TemporaryDirectory() as name, VirtualDevice(Path(name) / "flash.bin", is_empty=True) as device:
        flash(device, *words)
        with Transport(str(device.port)) as prompt:
            begun, after = prompt.run(
                "import json\nprint(json.dumps([int(n) for n in open('/memory.txt').read().split()]))"
            )[0]
    install.source_tree = lambda: source
    return after - begun


def main() -> None:
    """Print the three tables."""
    source = tree.source_tree()
    compiled = mpy.compile_tree(source)
    print("deploy onto the virtual device, seconds (2 of them the app's trial); flash free afterwards, of 2048 kB")
    for what, seconds, free in times():
        print(f"  {what:<26}{seconds:8.1f} s{free:8} kB")
    print("one copy of the app on the flash; two are there after the first update")
    for kind, files in (("mpy", compiled), ("py", source)):
        sizes = [len(data) for data in files.values()]
        print(
            f"  .{kind:<25}{sum(sizes) / 1000:8.1f} kB in {len(sizes)} files, {blocks_of(sizes) // 1024} kB of blocks"
        )
    print("heap taken by the idle app, 64-bit words (unix port)")
    for kind, words in (("mpy", ()), ("py", ("--source",))):
        print(f"  .{kind:<25}{memory_bytes(*words) / 1000:8.1f} kB")


if __name__ == "__main__":
    main()
