"""A week of walking in virtual time: twenty sessions a day on one app that is never restarted, a sync each evening.

The clock's ticks wrap in the first session. Looked for: a heap that grows, a logbook that needs more of the flash from
session to session, totals, numbers and events that do not agree, and a walk that is told differently on another day.
"""

import json
import statistics
import tempfile
from pathlib import Path

from clip import Clip

from fault_rows import verbs
from fault_rows.row import Row, RowOf
from retrogait import events, record
from retrowalk.archive.archive import Archive, StoredSession
from retrowalk.session_files.contents import COMPLETE, contents_of
from retrowalk.session_files.session_blocks import read_session_blocks
from retrowalk.virtual.device import VirtualDevice
from retrowalk.walk.replay import Event
from retrowalk.wearer.cast import model

_SESSIONS = 140
_A_DAY = 20
_PAUSE_S = 72 * 60
_WALK_S = 55.0
_WALKS = ("steady", "lean", "turns")
_AFTER_S = 4.0
_SYNC_SPEED = 25
_FEWEST_SESSIONS_OF_A_TREND = 6
_MOST_HEAP_A_SESSION = 32  # bytes; the garbage collector's own marks move by as much
_MOST_FLASH_GROWTH = 1.25
_MOST_STEPS_APART = 2  # the same walk, sampled at other moments


def rows() -> list[RowOf]:
    """One row."""
    return [RowOf("a week of walking, 20 sessions a day", _week, 20)]


def _week(row: Row, every: int) -> None:
    with tempfile.TemporaryDirectory(prefix="retrowalk-week-") as name:
        folder = Path(name)
        with VirtualDevice(folder / "flash.bin", link=folder / "port", speed=_SYNC_SPEED) as device:
            week = Week(row, device, folder / "archive")
            week.begin()
            numbers = range(0, _SESSIONS, every)
            for at, _ in enumerate(numbers):
                week.walk()
                if at % _A_DAY == _A_DAY - 1 or at == len(numbers) - 1:
                    week.sync()
            week.check()


class Week:
    """The wearer's week: `walk` and `sync` as often as wanted, then `check`."""

    def __init__(self, row: Row, device: VirtualDevice, archive: Path) -> None:
        self._row = row
        self._device = device
        self._archive = archive
        self._clip = Clip(device, archive)
        self._heap: list[int] = []
        self._operations: list[int] = []
        self._tracks = [model(name, mount="waist", seed=1).frames for name in _WALKS]

    def begin(self) -> None:
        """Start and calibrate; cues from the first session on."""
        self._clip.wait_state("idle")
        self._clip.calibrate()
        self._clip.put_settings({"first_sessions": 0})

    def walk(self) -> None:
        """One session, and the pause after it."""
        device, row = self._device, self._row
        row.cases += 1
        row.sessions += 1
        before = device.flash_counters()
        began_us = device.now_us
        device.play(self._tracks[row.cases % len(_WALKS)], press_at_s=[1.0, _WALK_S])
        device.set_speed(0)
        is_over = device.wait_until(lambda: device.now_us > began_us + (_WALK_S + _AFTER_S) * 1e6, timeout_s=60)
        device.set_speed(_SYNC_SPEED)
        row.expect(is_over, f"session {row.cases}: the virtual clock stood still")
        self._clip.wait_state("idle")
        after = device.flash_counters()
        self._operations.append(after["operations"] - before["operations"])
        self._heap.append(after["heap"])
        device.leap(_PAUSE_S)

    def sync(self) -> None:
        """As every evening: copied, verified, and deleted on the device."""
        there = ("--port", str(self._device.port), "--archive", str(self._archive))
        verbs.run(self._row, f"after session {self._row.cases}", "sync", "--prune", "--json", *there, codes=(0,))

    def check(self) -> None:
        """Everything that was walked, and what it cost."""
        row = self._row
        stored = Archive(self._archive).sessions()
        names = [each.name for each in stored]
        wanted = [f"s{n:05d}" for n in range(1, row.cases + 1)]
        if names != wanted:
            row.lost += len(set(wanted) - set(names))
            row.note(f"sessions {sorted(set(wanted) ^ set(names))[:5]} are missing, or too many")
        steps = [_check_session(row, each) for each in stored]
        for which in range(len(_WALKS)):
            same = steps[(which - 1) % len(_WALKS) :: len(_WALKS)] or [0]
            is_same = max(same) - min(same) <= _MOST_STEPS_APART
            row.expect(is_same, f"the walk {_WALKS[which]} has {min(same)} to {max(same)} steps")
        self._check_trend()

    def _check_trend(self) -> None:
        """The first day is left out: the first session makes files that stay, the first sync buffers that stay."""
        row, heap, operations = self._row, self._heap[_A_DAY + 1 :], self._operations[_A_DAY + 1 :]
        if len(heap) < _FEWEST_SESSIONS_OF_A_TREND:
            return
        third = len(heap) // 3
        grown = (statistics.mean(heap[-third:]) - statistics.mean(heap[:third])) / (len(heap) - third)
        row.expect(grown < _MOST_HEAP_A_SESSION, f"the heap grows by {grown:.0f} bytes a session")
        early, late = statistics.mean(operations[:third]), statistics.mean(operations[-third:])
        row.expect(late < _MOST_FLASH_GROWTH * early, f"flash operations a session: {early:.0f}, then {late:.0f}")


def _check_session(row: Row, stored: StoredSession) -> int:
    """Whether all that tells of a session tells the same; returns its steps."""
    where = stored.name
    blocks = read_session_blocks(stored.files())
    (end,) = [json.loads(block.payload) for block in blocks.of_kind(record.END)] or [{}]
    logged = [Event(*each) for block in blocks.of_kind(record.EVENTS) for each in block.events()]
    n_steps, n_cues = (sum(each.kind == kind for each in logged) for kind in (events.STEP, events.CUE))
    # Of a full day's sessions the oldest lose raw samples to the next ones: that is told, and they are counted.
    n_samples = sum(each.block.n_samples for each in blocks.placed) + contents_of(blocks).thinned_samples
    told = stored.manifest
    row.expect(told.get("state") == COMPLETE, f"{where}: {told.get('state')}: {told.get('damage')}")
    row.expect(end.get("step_count") == n_steps == told.get("step_count"), f"{where}: {n_steps} steps, {end}")
    row.expect(end.get("cues") == n_cues == told.get("cues"), f"{where}: {n_cues} cues, {end}")
    row.expect(end.get("n_samples") == n_samples, f"{where}: {n_samples} samples, {end}")
    row.expect(end.get("backward_steps") == told.get("backward_steps"), f"{where}: backward steps, {end}")
    row.expect(not {"crash", "fifo_overrun"} & set(end.get("faults", {})), f"{where}: {end.get('faults')}")
    return n_steps
