"""The core compiled: bytecode and native copies for the MicroPython of this machine, and the sizes on the chip.

mpy-cross cannot compile every Python construct natively; a module it refuses stays bytecode in the native copy, and
its complaint is kept to be told. Called by cost.py.
"""

import re
import subprocess
import sys
from pathlib import Path

import retrogait

CORE = Path(str(retrogait.__file__)).parent
CHIP = "xtensawin"
_HERE = "x64"
COACH = (
    "clip_check", "coach", "course", "cueing", "evenness", "fading", "falls", "life", "limit", "patterns", "settings",
    "stages", "trials",
)  # fmt: skip
"""What was built to coach with what the gait engine says."""
PACKING = ("packing", "unpacking")
"""What makes samples small in the log; the gait needs none of it, and the device never loads `unpacking`."""

STACK_WORDS = 11
"""MicroPython keeps a bytecode frame of up to this many words on the C stack (VM_MAX_STATE_ON_STACK in objfun.c)."""
_ONCE = ("calibration", "mounting", "settings", "record")
VARIANTS = ("bytecode", "native")


def mpy(source: Path, out: Path, *options: str) -> str:
    """Compile one file; "" or the last line of what mpy-cross complained about."""
    command = [
        str(Path(sys.executable).with_name("mpy-cross")),
        *options,
        "-s",
        source.name,
        "-o",
        str(out),
        str(source),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return "" if run.returncode == 0 else (run.stderr.strip().splitlines() or ["failed without a word"])[-1]


def build(folder: Path) -> dict[str, str]:
    """Write folder/bytecode/retrogait and folder/native/retrogait; {module: complaint} of those that are not native."""
    refused = {}
    for variant in VARIANTS:
        target = folder / variant / "retrogait"
        target.mkdir(parents=True)
        for source in sorted(CORE.glob("*.py")):
            out = target / f"{source.stem}.mpy"
            options = ("-X", "emit=native", f"-march={_HERE}") if variant == "native" else ()
            complaint = mpy(source, out, *options)
            if complaint and variant == "native":
                refused[source.stem] = complaint
                complaint = mpy(source, out)
            if complaint:
                raise SystemExit(f"{source}: mpy-cross says {complaint}")
    return refused


def sizes(folder: Path) -> dict[str, tuple[int, int | None]]:
    """{module: (bytes of .mpy for the chip as bytecode, and natively or None)}."""
    out = {}
    for source in sorted(CORE.glob("*.py")):
        file = folder / "size.mpy"
        if complaint := mpy(source, file, f"-march={CHIP}"):
            raise SystemExit(f"{source}: mpy-cross says {complaint}")
        plain = file.stat().st_size
        complaint = mpy(source, file, f"-march={CHIP}", "-X", "emit=native")
        out[source.stem] = (plain, None if complaint else file.stat().st_size)
    return out


def large_frames() -> list[tuple[str, int]]:
    """("file.function", words) of functions whose frame is larger than STACK_WORDS; what runs once is left out."""
    micropython = str(Path(sys.executable).with_name("micropython"))
    out = []
    for source in sorted(CORE.glob("*.py")):
        command = [micropython, "-X", "compile-only", "-v", "-v", str(source)]
        text = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        for name, words in re.findall(r"code block '([^']+)'.*?\(N_STATE (\d+)\)", text, re.DOTALL):
            if int(words) > STACK_WORDS and name != "__init__" and source.stem not in _ONCE:
                out.append((f"{source.stem}.{name}", int(words)))
    return sorted(out, key=lambda row: -row[1])
