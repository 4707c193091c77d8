"""Syncs of a real app on the virtual device that are cut off: the cable pulled anywhere, the device reset."""

from fault_rows.bench import Bench, bench
from fault_rows.row import Row, RowOf

_RESETS = 24
_STEP_BYTES = 47
_RESET_BAUD = 230_400  # slow enough to hit a frame


def rows() -> list[RowOf]:
    """One row a way to cut a sync off."""
    return [
        RowOf("sync: cable pulled at every frame", _pulled, 12),
        RowOf("sync: cable pulled at every 47th byte", _pulled_at_bytes, 25),
        RowOf("sync: device reset or powered off at some frames", _reset, 12),
    ]


def _pulled(row: Row, every: int) -> None:
    with bench(row) as made:
        for n in range(1, made.n_frames + 1, every):
            where = f"cable pulled at frame {n} of {made.n_frames}"
            archive = made.new_archive()
            made.line.unplug_at_frame(n)
            said = made.sync(where, archive)
            row.expect(said.code == 3 or n >= made.n_frames, f"{where}: the sync leaves with {said.code}")
            made.device.replug()
            made.settle(where, archive)


def _pulled_at_bytes(row: Row, every: int) -> None:
    with bench(row) as made:
        for n_bytes in range(1, made.n_bytes + 1, _STEP_BYTES * every):
            where = f"cable pulled at byte {n_bytes} of {made.n_bytes}"
            archive = made.new_archive()
            made.line.unplug_at_byte(n_bytes)
            made.sync(where, archive)
            made.device.replug()
            made.settle(where, archive)


def _reset(row: Row, every: int) -> None:
    with bench(row) as made:
        made.line.baud = _RESET_BAUD
        for n in range(0, _RESETS, every):
            at = 1 + n * (made.n_frames - 1) // (_RESETS - 1)
            _reset_at(made, at, is_power=n % 2 == 1)


def _reset_at(made: Bench, frame: int, is_power: bool) -> None:
    where = f"{'power cut' if is_power else 'reset'} at frame {frame} of {made.n_frames}"
    archive = made.new_archive()
    made.sync_until(where, archive, frame, made.device.power_cut if is_power else made.device.reset)
    if is_power:
        made.device.start()
    made.settle(where, archive)
