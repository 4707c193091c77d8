"""Draws a walk on one page: pace with its limit and the cues, lean, direction and step intervals over time.

Writes the picture (.png, .svg or .pdf) and beside it the same in words (.txt), and prints the picture's path. Both are
readable by their owner only: health data is shared by whom it belongs to.
"""

import argparse
from pathlib import Path

from retrowalk import picture_file
from retrowalk.analyze import report_damage
from retrowalk.archive.archive import SESSION_NAME
from retrowalk.console import emit
from retrowalk.errors import UsageError
from retrowalk.walk.walk_source import Walk, add_input_arguments, load_walk
from retrowalk.walk.walk_text import headline, picture_lines

EPILOG = """\
examples:
  retrowalk plot last
  retrowalk plot s00003 --out monday.svg
  retrowalk plot walk.csv.gz --mount waist --axes=-z,y,x

Beside the picture a .txt of the same name says in words what it shows."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `retrowalk plot`."""
    add_input_arguments(parser, "SESSION")
    parser.add_argument(
        "--out", metavar="PATH", help="the picture: .png, .svg or .pdf (default: the walk's name, .png, here)"
    )


def run(args: argparse.Namespace) -> int:
    """Draw, write, print the path; exit code 5, after that, if parts of a session are damaged."""
    out = None if args.out is None else picture_file.checked(Path(args.out).expanduser())
    if args.mount == "none":
        raise UsageError("With --mount none there is no walk to draw.", "say --mount waist or --mount ankle.")
    walk = load_walk(args)
    path = write_picture(walk, out or Path(_default_name(args.source, walk)))
    emit(str(path))
    return report_damage(walk)


def write_picture(walk: Walk, path: Path) -> Path:
    """Draw `walk` into `path` and its text beside it; returns `path`. Raises UsageError and FailedError."""
    from retrowalk.walk.walk_figure import draw  # matplotlib takes half a second to load

    path = picture_file.checked(path)
    text = "\n".join(picture_lines(walk)) + "\n"
    return picture_file.write(draw(walk), headline(walk), text, path)


def _default_name(source: str, walk: Walk) -> str:
    """In the folder one is in: the recording's or the session's name."""
    if walk.quality["source"] == "recording":
        return f"{Path(source).name.removesuffix('.gz').removesuffix('.csv')}.png"
    last = walk.name.rsplit(" ", 1)[-1]
    return f"{last if SESSION_NAME.fullmatch(last) else 'walk'}.png"
