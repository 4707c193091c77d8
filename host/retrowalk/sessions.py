"""Lists the walks that are on this computer, oldest first."""

from argparse import ArgumentParser, Namespace
from datetime import datetime, timezone
from typing import Any

from retrowalk.archive import Archive, StoredSession
from retrowalk.console import emit, emit_json, say, table
from retrowalk.sync import ARCHIVE_HELP

UNVERIFIED = "unverified"  # the first sync was cut off


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk sessions`."""
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(args: Namespace) -> int:
    """Print the table (or JSON)."""
    archive = Archive(args.archive)
    rows = [describe(session) for session in archive.sessions()]
    if args.json:
        emit_json(rows)
        return 0
    if not rows:
        say(f"No walks are stored in {archive.root} yet. Next: `retrowalk sync` copies them from the device.")
        return 0
    several = len({row["device_id"] for row in rows}) > 1
    lines = table(
        ("session", "date", "minutes", "steps", "backward", "cues", "state"),
        [
            (
                f"{row['device_id']}/{row['session']}" if several else row["session"],
                _date(row["utc_s"]),
                f"{row['duration_s'] / 60:.1f}",
                row["step_count"],
                "" if row["share_backward"] is None else f"{row['share_backward']:.0%}",
                row["cues"],
                row["state"],
            )
            for row in rows
        ],
    )
    for line in lines:
        emit(line)
    return 0


def describe(session: StoredSession) -> dict[str, Any]:
    """One row: what the manifest says, with the share of backward steps (None without steps)."""
    manifest = session.manifest
    header = manifest.get("header")
    steps = _count(manifest.get("step_count"))
    duration_s = manifest.get("duration_s")
    utc_s = header.get("utc_s") if isinstance(header, dict) else None
    return {
        "session": session.name,
        "device_id": session.device_id,
        "path": str(session.path),
        "utc_s": utc_s if isinstance(utc_s, int) else None,
        "duration_s": duration_s if isinstance(duration_s, int | float) else 0.0,
        "step_count": steps,
        "share_backward": round(_count(manifest.get("backward_steps")) / steps, 4) if steps else None,
        "cues": _count(manifest.get("cues")),
        "mount": header.get("mount") if isinstance(header, dict) else None,
        "state": str(manifest.get("state") or UNVERIFIED),
        "synced_utc": manifest.get("synced_utc"),
    }


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _date(utc_s: int | None) -> str:
    """In the zone of this computer; the device's clock may have been unset."""
    if utc_s is None:
        return "unknown"
    try:
        return datetime.fromtimestamp(utc_s, timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):
        return "unknown"
