"""The app compiled to bytecode by mpy-cross, so that the chip need not compile it at each start.

Plain bytecode runs on every chip whose MicroPython has the same .mpy version; nothing in it depends on the processor.
What was compiled once is kept in the user's cache under the hash of its source and of the compiler.
"""

import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from retrowalk.errors import FailedError

_VERSION = re.compile(r"emitting mpy v(\d+)")
_LONGEST_S = 60
_VERSION_MASK = 0xFF


def why_not(device_mpy: int) -> str:
    """Why .mpy files cannot be used with a device whose sys.implementation._mpy is this, or "" if they can."""
    told = _compiler_version()
    found = _VERSION.search(told)
    if found is None:
        return "mpy-cross is not installed here"
    wanted, made = device_mpy & _VERSION_MASK, int(found.group(1))
    if wanted != made:
        return f"the device's MicroPython reads .mpy version {wanted or 'none'}, mpy-cross here makes version {made}"
    return ""


def compile_tree(tree: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each "x.py" of the tree as "x.mpy". Raises FailedError with what mpy-cross complains about."""
    compiler = _compiler_version().encode()
    workers = os.cpu_count() or 1
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        compiled = pool.map(lambda each: _compiled(each[0], each[1], compiler), tree.items())
        return {path.removesuffix(".py") + ".mpy": data for path, data in zip(tree, compiled, strict=True)}


def _compiled(path: str, source: bytes, compiler: bytes) -> bytes:
    key = hashlib.sha256(b"\0".join((compiler, path.encode(), source))).hexdigest()
    kept = Path(platformdirs.user_cache_dir("retrowalk")) / "mpy" / f"{key}.mpy"
    try:
        return kept.read_bytes()
    except OSError:
        data = _compile(path, source)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f"{key}.{os.getpid()}")
        part.write_bytes(data)
        part.replace(kept)
    except OSError:
        return data  # a cache that cannot be written costs time only
    return data


def _compile(path: str, source: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="retrowalk-mpy-") as folder:
        given, made = Path(folder) / "source.py", Path(folder) / "made.mpy"
        given.write_bytes(source)
        command = [_compiler(), "-s", path, "-o", str(made), str(given)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S)
        if run.returncode != 0:
            last = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise FailedError(f"{path} does not compile: {last}.", "`retrowalk flash --source` shows it on the device.")
        return made.read_bytes()


def _compiler() -> str:
    beside = Path(sys.executable).parent / "mpy-cross"
    return str(beside) if beside.is_file() else shutil.which("mpy-cross") or "mpy-cross"


def _compiler_version() -> str:
    try:
        return subprocess.run([_compiler(), "--version"], capture_output=True, text=True, timeout=_LONGEST_S).stdout
    except OSError:
        return ""
