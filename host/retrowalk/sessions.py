"""Lists the walks that are on this computer, oldest first."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime

from retrowalk.archive.archive import Archive
from retrowalk.archive.archive_index import rows_of
from retrowalk.archive.session_date import date_words
from retrowalk.archive.session_row import SessionRow
from retrowalk.console import clean, emit, emit_json, say, table
from retrowalk.session_files.thinned import state_words
from retrowalk.sync import ARCHIVE_HELP


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk sessions`."""
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--device", metavar="ID", help="only the walks of this device")
    parser.add_argument("--since", type=_day, metavar="DAY", help="only walks from this day on, like 2026-05-01")
    parser.add_argument("--limit", type=_limit, metavar="N", help="only the last N walks")
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(args: Namespace) -> int:
    """Print the table (or JSON)."""
    archive = Archive(args.archive)
    known = rows_of(archive)
    rows = [row for row in known if args.device in (None, row.device_id)]
    if args.since is not None:
        rows = [row for row in rows if row.when[0] >= args.since]
    if args.limit is not None:
        rows = rows[-args.limit :]
    if args.json:
        emit_json([row.as_json(str(archive.root / row.device_id / row.session)) for row in rows])
        return 0
    if not known:
        say(f"No walks are stored in {archive.root} yet. Next: `retrowalk sync` copies them from the device.")
    elif not rows:
        say(f"None of the {len(known)} walks in {archive.root} fits. Next: leave out --device or --since.")
    else:
        for line in _lines(rows):
            emit(line)
    return 0


def _lines(rows: list[SessionRow]) -> list[str]:
    several = len({row.device_id for row in rows}) > 1
    return table(
        ("session", "date", "minutes", "steps", "backward", "cues", "state"),
        [
            (
                f"{row.device_id}/{row.session}" if several else row.session,
                date_words(row.utc_s, (row.after_utc_s, row.before_utc_s), row.utc_offset_s),
                f"{row.duration_s / 60:.1f}",
                row.step_count,
                "" if row.share_backward is None else f"{row.share_backward:.0%}",
                row.cues,
                state_words(row.state, row.samples),
            )
            for row in rows
        ],
    )


def _day(text: str) -> float:
    """The beginning of a day in the zone of this computer, seconds since 1970."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        raise ArgumentTypeError(f"{clean(text, 20)!r} is no day like 2026-05-01") from None


def _limit(text: str) -> int:
    if text.isdecimal() and len(text) < 10 and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(f"{clean(text, 20)!r} is no number of walks")
