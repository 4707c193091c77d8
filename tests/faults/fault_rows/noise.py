"""Syncs over a bad line: one byte in a hundred flipped, dropped or sent twice, in both directions."""

from fault_rows.bench import bench
from fault_rows.row import Row, RowOf

_KINDS = ({"flip": 0.01}, {"drop": 0.01}, {"duplicate": 0.01}, {"flip": 0.004, "drop": 0.003, "duplicate": 0.003})
_TRIES = 12


def rows() -> list[RowOf]:
    """One row."""
    return [RowOf("sync: 1 % of the bytes flipped, dropped, doubled", _noisy, 12)]


def _noisy(row: Row, every: int) -> None:
    with bench(row) as made:
        n_completed = 0
        for n in range(0, _TRIES, every):
            chances = _KINDS[n // every % len(_KINDS)]
            where = f"{' '.join(f'{name} {share:.1%}' for name, share in chances.items())}, try {n}"
            archive = made.new_archive()
            made.line.disturb(**chances)
            said = made.sync(where, archive)
            n_completed += said.code == 0
            made.line.disturb()
            made.settle(where, archive)
        row.expect(n_completed > 0.9 * row.cases, f"only {n_completed} of {row.cases} noisy syncs completed")
