"""The app's files on this computer: path within a copy of the app ("app/start.py") -> content, and the boot guard."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import retrogait
from retrowalk.errors import FailedError, UsageError

FOLDERS = ("app", "boards", "drivers", "retrogait")
RELEASE = "release.json"
_HASH_DIGITS = 16


def firmware_folder() -> Path:
    """The tree that lies on the device: the checkout's firmware/, or its copy in the installed package."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent.parent / "firmware", package / "device_tree"):
        if (folder / "main.py").is_file() and (folder / "app").is_dir():
            return folder
    raise FailedError("The firmware files are missing from this installation.", "install retrowalk again.")


def guard() -> bytes:
    """The boot guard, which is /main.py on the device."""
    return (firmware_folder() / "main.py").read_bytes()


def source_tree() -> dict[str, bytes]:
    """Every file of the app as source, without caches."""
    root = firmware_folder()
    core = Path(str(retrogait.__file__)).parent
    tree = {}
    for name in FOLDERS:
        source = core if name == "retrogait" else root / name
        for path in sorted(source.rglob("*.py")):
            tree[f"{name}/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    return tree


def content_of(hashes: Mapping[str, str]) -> str:
    """One hash over a whole copy, from the SHA-256 of each of its files but release.json, which holds this one."""
    lines = "".join(f"{path} {hashes[path]}\n" for path in sorted(hashes) if path != RELEASE)
    return hashlib.sha256(lines.encode()).hexdigest()[:_HASH_DIGITS]


def hashes_of(tree: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in tree.items()}


def release_of(tree: Mapping[str, bytes]) -> bytes:
    """release.json of a copy: it makes the copy whole, tells its version, and lets the app tell its content."""
    kind = "mpy" if any(path.endswith(".mpy") for path in tree) else "py"
    told = {"version": retrogait.VERSION, "content": content_of(hashes_of(tree)), "kind": kind}
    return json.dumps(told).encode()


def known_boards() -> list[str]:
    """The names of the boards in firmware/boards."""
    return sorted(path.stem for path in (firmware_folder() / "boards").glob("*.py") if path.stem != "__init__")


def require_board(name: str) -> str:
    """`name` if there is such a board. Raises UsageError with the list."""
    boards = known_boards()
    if name not in boards:
        raise UsageError(f"There is no board {name!r}.", f"choose one of: {', '.join(boards)}.")
    return name
