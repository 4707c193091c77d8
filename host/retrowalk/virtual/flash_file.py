"""The file that is the data partition of a virtual board, and what is put on it when it is fresh."""

from pathlib import Path

from retrowalk.deploying import tree
from retrowalk.deploying.slots import State
from retrowalk.errors import UsageError

BLOCK_BYTES = 4096
DEFAULT_BLOCKS = 512
_SUPERBLOCKS = 2


def prepare(path: Path, n_blocks: int = DEFAULT_BLOCKS) -> int:
    """Make an erased flash of `n_blocks` if there is no file; returns the number of blocks it has."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xff" * (BLOCK_BYTES * n_blocks))
    size = path.stat().st_size
    if size < 16 * BLOCK_BYTES or size % BLOCK_BYTES:
        raise UsageError(f"{path} is not the flash of a virtual device.", "name another file.")
    return size // BLOCK_BYTES


def is_blank(path: Path) -> bool:
    """Whether there is no filesystem on it yet."""
    with path.open("rb") as file:
        head = file.read(_SUPERBLOCKS * BLOCK_BYTES)
    return head == b"\xff" * len(head)


def stage_firmware(folder: Path) -> list[tuple[str, str]]:
    """Lay the firmware's files out under `folder`: pairs (device path, host path) for the board's first boot.

    The app lies in slot a, as source, confirmed: as after a deploy, without the time that takes.
    """
    app = tree.source_tree()
    files = {f"/a/{path}": content for path, content in app.items()}
    files["/a/release.json"] = tree.release_of(app)
    files["/slots.json"] = State("a", good=True, imu=True).as_text().encode()
    files["/main.py"] = tree.guard()
    pairs = []
    for number, (device_path, content) in enumerate(files.items()):
        staged = folder / f"firmware{number}"
        staged.write_bytes(content)
        pairs.append((device_path, str(staged)))
    return pairs
