"""The file that is the data partition of a virtual board, and what is put on it when it is fresh."""

from pathlib import Path

from retrowalk import deploy, imu_config
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


def stage_firmware(folder: Path, imu: str) -> list[tuple[str, str]]:
    """Lay the firmware's files out under `folder`: pairs (device path, host path) for the board's first boot.

    A simulated BMI270 takes any 8192 bytes for its configuration, which is Bosch's and not ours to ship.
    """
    tree = deploy.device_tree()
    if imu == "bmi270":
        tree[imu_config.DEVICE_PATH] = bytes(range(256)) * (imu_config.CONFIG_BYTES // 256)
    pairs = []
    for number, (device_path, content) in enumerate(tree.items()):
        staged = folder / f"firmware{number}"
        staged.write_bytes(content)
        pairs.append((device_path, str(staged)))
    return pairs
