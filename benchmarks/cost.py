"""What the core costs: `make bench`. Time and bytes of a push, size on the chip, replay on the host, growth of the log.

The walk is a recorded one where ../shared/data lies beside the checkout, else the walking model's. Times are of real
MicroPython (the unix port of this environment), not of a chip: they rank changes and hold the budget of issue 3 on this
class of machine, and say nothing about silicon. Each second of the walk is timed several times: `median` is over all
of these, `undisturbed` takes each second's fastest run (other programs can only slow it down) and their mean.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from cost_build import CHIP, COACH, PACKING, STACK_WORDS, VARIANTS, build, large_frames, sizes
from cost_host import analyze_s, log_growth, profile_of, replay_s
from cost_parts import Part, parts_of
from machine import machine

from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrowalk.recordings.recording import load_recording, resample_to_counts, to_counts
from retrowalk.wearer.cast import model

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
INSIDE = Path(__file__).with_name("cost_inside.py")
BLOCK = 104
STREAM_S = 60
REPLAY_S = 900
# mount: engine, ranges, axes of recording and model, recording, most microseconds of a push in bytecode
MOUNTS = {
    "waist": (WaistEngine, 8, 500, "-z,y,x", "ipol_gait_lowerback_feet/dev/S01_T1_lb.csv.gz", 20.0),
    "ankle": (AnkleEngine, 16, 2000, "x,y,z", "ipol_gait_lowerback_feet/dev/S01_T1_rf.csv.gz", 12.0),
}
CORE_BYTES = 40_000
REPLAY_LIMIT_S = 2.5


def stream_of(mount: str) -> tuple[np.ndarray, str]:
    """Counts [n, 6] of one walk, and what walk it is."""
    _, accel_range_g, gyro_range_dps, _, file, _ = MOUNTS[mount]
    if (DATA / file).exists():
        segments, _ = resample_to_counts(load_recording(DATA / file), accel_range_g, gyro_range_dps)
        return np.concatenate([each.values for each in segments]), f"recorded walk {file}"
    frames = model("demo", mount).frames
    values = np.hstack([frames.accel_mps2, frames.gyro_radps])
    return to_counts(values, accel_range_g, gyro_range_dps)[0], "the walking model's demo (no recordings found)"


def tiled(counts: np.ndarray, seconds: int) -> np.ndarray:
    """The walk over and over, `seconds` long."""
    n = seconds * 104
    return np.tile(counts, (-(-n // len(counts)), 1))[:n]


def engine_for(mount: str) -> Any:
    """An engine as the device builds it."""
    kind, accel_range_g, gyro_range_dps, axes, *_ = MOUNTS[mount]
    return kind(Settings(), Mounting.from_axes(axes), accel_range_g, gyro_range_dps)


def inside(folder: Path, variant: str) -> dict[str, Any]:
    """The figures of cost_inside.py."""
    micropython = str(Path(sys.executable).with_name("micropython"))
    command = [micropython, "-X", "heapsize=4M", str(INSIDE), str(folder), variant]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode:
        raise SystemExit(f"MicroPython ({variant}) failed:\n{run.stderr or run.stdout}")
    return json.loads(run.stdout.splitlines()[-1])


def undisturbed(rows: list[list[float]]) -> float:
    """Microseconds of one push: the mean of each block's fastest run."""
    fastest = [min(each) for each in zip(*rows, strict=True)]
    return sum(fastest) / len(fastest) / BLOCK


def push_figures(figures: dict[str, Any], n_samples: int) -> dict[str, float]:
    """Microseconds and bytes of one push of the whole engine."""
    empty_us = figures["empty_us"] / BLOCK
    return {
        "median_us": median(us for row in figures["block_us"] for us in row) / BLOCK - empty_us,
        "undisturbed_us": undisturbed(figures["block_us"]) - empty_us,
        "worn_heap_us": undisturbed(figures["worn_us"]) - empty_us,
        "dearest_us": figures["dearest_us"],
        "bytes": figures["bytes"] / n_samples,
        "record_us": undisturbed(figures["log_us"]) - empty_us,
        "record_bytes": figures["log_bytes"] / n_samples,
        "writer_bytes": figures["writer_bytes"],
    }


def print_mount(mount: str, parts: list[Part], results: dict[str, Any], n_samples: int) -> dict[str, Any]:
    """One mount's table; returns its figures."""
    limit_us = MOUNTS[mount][-1]
    byte, native = (push_figures(results[variant][mount], n_samples) for variant in VARIANTS)
    print(f"\n{mount}: one push, microseconds{'':8}bytecode    native   target")
    print(f"{'  whole push, median':34}{byte['median_us']:10.2f}{native['median_us']:10.2f}   at most {limit_us:g}")
    print(f"{'  whole push, undisturbed':34}{byte['undisturbed_us']:10.2f}{native['undisturbed_us']:10.2f}")
    print(f"{'  the same on a heap full of holes':34}{byte['worn_heap_us']:10.2f}{native['worn_heap_us']:10.2f}")
    loop_us = [results[variant][mount]["empty_us"] / BLOCK for variant in VARIANTS]
    print(f"{'  (taken off: the loop around it)':34}{loop_us[0]:10.2f}{loop_us[1]:10.2f}   a yardstick of the moment")
    print(f"{'  dearest single push':34}{byte['dearest_us']:10.0f}{native['dearest_us']:10.0f}")
    print(f"{'  bytes allocated by a push':34}{byte['bytes']:10.2f}{native['bytes']:10.2f}   0")
    rows = []
    for i, part in enumerate(parts):
        got = [results[variant][mount]["parts"][i] for variant in VARIANTS]
        calls = got[0]["calls"] / n_samples
        us = [max(0.0, undisturbed(each["us"]) - each["toll_us"] * calls) for each in got]
        note = f"{calls:5.2f} calls a sample"
        if grown := got[0].get("bytes", 0):
            note += f", ALLOCATES {grown} bytes in 3 s"
        print(f"{'    ' + '  ' * part.depth + part.label:34}{us[0]:10.2f}{us[1]:10.2f}   {note}")
        rows.append({"part": part.label, "depth": part.depth, "bytecode_us": us[0], "native_us": us[1]})
    print(f"{'  beside it: pack a sample':34}{byte['record_us']:10.2f}{native['record_us']:10.2f}", end="")
    print(f"   {byte['record_bytes']:.2f} bytes allocated a sample, when a block is sealed")
    print(f"{'  heap of a block being filled':34}{byte['writer_bytes']:10}{native['writer_bytes']:10}   bytes")
    return {"bytecode": byte, "native": native, "parts": rows, "target_us": limit_us}


def print_sizes(found: dict[str, tuple[int, int | None]]) -> int:
    """The table of module sizes: the gait engine, to which the target belongs, coach, packing; returns the engine's."""
    print(f"\nsize as .mpy for {CHIP}, bytes{'bytecode':>12}{'native':>10}")
    totals = []
    parts = (
        ("gait engine", [name for name in found if name not in COACH + PACKING]),
        ("coach", [*COACH]),
        ("packing", [*PACKING]),
    )
    for title, names in parts:
        for name in names:
            plain, native = found[name]
            print(f"  {name:28}{plain:12}{native if native is not None else 'cannot':>10}")
        totals.append(sum(found[name][0] for name in names))
        natively = sum(found[name][1] or found[name][0] for name in names)
        target = f"   target at most {CORE_BYTES} in bytecode" if title == "gait engine" else "   no target"
        print(f"  {title + ', all':28}{totals[-1]:12}{natively:10}{target}")
    print(f"  {'whole core':28}{sum(totals):12}")
    return totals[0]


def print_host(counts: dict[str, np.ndarray]) -> dict[str, Any]:
    """Replay and log."""
    print(f"\nreplay of 15 minutes, {platform.python_implementation()} {platform.python_version()}, processor seconds")
    out: dict[str, Any] = {}
    for mount, walk in counts.items():
        took = [replay_s(engine_for(mount), walk) for _ in range(3)]
        out[f"replay_{mount}_s"] = median(took)
        print(f"  {mount:28}{median(took):12.2f}{min(took):10.2f} fastest   target at most {REPLAY_LIMIT_S}")
    took_s = analyze_s(counts["waist"])
    out["analyze_waist_s"] = took_s
    print(f"  {'analyze FILE.csv, waist':28}{took_s:12.2f}   as a process, with start and reading the file")
    for mount, walk in counts.items():
        print(f"  where the time goes ({mount}): {profile_of(engine_for(mount), walk[: len(walk) // 5])}")
    print()
    for mount, walk in counts.items():
        log = log_growth(engine_for(mount), walk)
        out[f"log_{mount}"] = log
        print(
            f"log ({mount}): {log['bytes_a_minute']:.0f} bytes a minute, its samples {log['samples_percent']:.1f} % of"
            " plain ones, with block heads   target at most 60"
        )
    return out


def main() -> None:
    """Measure and print. No verdict: the machine may be shared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=9, help="runs of the stream (default 9)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    args = parser.parse_args()
    streams = {mount: stream_of(mount) for mount in MOUNTS}
    parts = {mount: parts_of(engine_for(mount)) for mount in MOUNTS}
    print(f"machine: {machine()}")
    for mount, (_, what) in streams.items():
        print(f"{mount}: {what}, {STREAM_S} s")
    with tempfile.TemporaryDirectory(prefix="retrowalk-bench-") as name:
        folder = Path(name)
        refused = build(folder)
        jobs = {}
        for mount, (counts, _) in streams.items():
            (folder / f"{mount}.bin").write_bytes(tiled(counts, STREAM_S).astype("<i2").tobytes())
            jobs[mount] = {"axes": MOUNTS[mount][3], "parts": [part.as_plan() for part in parts[mount]]}
        plan = {"block": BLOCK, "repeats": args.repeats, "jobs": jobs}
        (folder / "plan.json").write_text(json.dumps(plan))
        results = {variant: inside(folder, variant) for variant in VARIANTS}
        n_samples = STREAM_S * 104 // BLOCK * BLOCK
        out: dict[str, Any] = {mount: print_mount(mount, parts[mount], results, n_samples) for mount in MOUNTS}
        for module, complaint in refused.items():
            print(f"native copy: {module}.py stays bytecode, mpy-cross says: {complaint}")
        print(
            f"frames of over {STACK_WORDS} words: bytecode lays them on the heap at each call, freed at return; costly:"
        )
        print("  " + ", ".join(f"{name} {words}" for name, words in large_frames()))
        out["core_bytes"] = print_sizes(sizes(folder))
    out |= print_host({mount: tiled(counts, REPLAY_S) for mount, (counts, _) in streams.items()})
    print("\nto compare: micropython-fusion's attitude update alone takes 66 us and allocates 5.6 kB a sample on this")
    print("port, says issue 3; it is in no package registry, so it was not measured here")
    if args.json:
        args.json.write_text(json.dumps(out | {"machine": machine()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
