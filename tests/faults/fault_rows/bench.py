"""A virtual device with two walks on it behind a line, and syncs of it under trouble.

What every case asserts: the troubled sync ends with one of our errors and leaves nothing that bears a final name and is
not whole; nothing is gone from the device that is not here; and the next sync, undisturbed, completes.
"""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clip import Clip

from fault_rows import verbs
from fault_rows.row import Row
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.line import Line
from retrowalk.wearer.cast import model

BAUD = 3_000_000  # of a line whose rate is not what is tried: only so that a case is over soon
_SPEED = 25
_LOOK_S = 0.0005
_WALK_S = 14.0
_TROUBLED = (0, 1, 3, 4, 5)


class Bench:
    """`device` with its `line`, `whole`: what a sync without trouble brings (path in the archive -> bytes).

    n_frames, n_bytes: what the board sends in such a sync.
    """

    def __init__(self, row: Row, folder: Path, device: VirtualDevice, line: Line) -> None:
        self.row = row
        self.device = device
        self.line = line
        self._clip = Clip(device, folder / "first")
        self._folder = folder
        self._n_archives = 0
        self._clip.wait_state("idle")
        self._clip.calibrate()
        for seed in (1, 2):
            device.play(model("steady", mount="waist", seed=seed).frames, press_at_s=[1.0, _WALK_S])
            self._clip.wait_state("recording")
            self._clip.wait_state("idle")
        self.whole: dict[str, bytes] = {}
        frames, n_bytes = line.frames, line.to_host_bytes
        self.sync("the first sync", self._clip.archive, codes=(0,))
        self.n_frames, self.n_bytes = line.frames - frames, line.to_host_bytes - n_bytes
        self.whole = _records(self._clip.archive)

    def new_archive(self) -> Path:
        """A folder for an archive that is not there yet."""
        self._n_archives += 1
        return self._folder / f"archive{self._n_archives}"

    def sync(self, where: str, archive: Path, *words: str, codes: tuple[int, ...] = _TROUBLED) -> verbs.Said:
        """One sync."""
        there = ("--port", str(self.device.port), "--archive", str(archive), "--json", *words)
        return verbs.run(self.row, where, "sync", *there, codes=codes)

    def sync_until(self, where: str, archive: Path, n_frames: int, act: Callable[[], None]) -> None:
        """One sync, in which `act` is done once the board has sent so many frames."""
        until = self.line.frames + n_frames
        is_over = threading.Event()

        def watch() -> None:
            while self.line.frames < until and not is_over.wait(_LOOK_S):
                pass
            act()

        watcher = threading.Thread(target=watch)
        watcher.start()
        self.sync(where, archive)
        is_over.set()
        watcher.join()

    def settle(self, where: str, archive: Path) -> None:
        """After trouble: look at what is here, sync without trouble, and compare everything."""
        row = self.row
        row.cases += 1
        row.sessions += 2
        for path, data in _records(archive).items():
            row.expect(self.whole.get(path) == data, f"{where}: {path} bears its name and is not whole")
        self._clip.wait_state("idle")
        self.sync(f"{where}, then again", archive, codes=(0,))
        found = _records(archive)
        if found != self.whole:
            row.lose(f"{where}: after the next sync {sorted(set(self.whole) ^ set(found)) or 'files differ'}")
        left = [path.name for path in archive.rglob("*.part")]
        row.expect(not left, f"{where}: left behind: {left}")


@contextmanager
def bench(row: Row) -> Iterator[Bench]:
    """A device of its own for a row; it is not found by anybody else's verbs, as every verb names its port."""
    with tempfile.TemporaryDirectory(prefix="retrowalk-faults-") as name:
        folder = Path(name)
        line = Line(baud=BAUD, is_fixed=True, seed=1)
        with VirtualDevice(folder / "flash.bin", link=folder / "port", speed=_SPEED, line=line) as device:
            yield Bench(row, folder, device, line)


def _records(archive: Path) -> dict[str, bytes]:
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*.rwl")}
