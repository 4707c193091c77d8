"""Draws a walk on one page: pace with its limit and the cues, lean, direction and step intervals over time.

Writes the picture (.png, .svg or .pdf) and beside it the same in words (.txt), and prints the picture's path. Both are
readable by their owner only: health data is shared by whom it belongs to.
"""

import argparse
import warnings
from pathlib import Path

from retrowalk.analyze import report_damage
from retrowalk.archive import SESSION_NAME
from retrowalk.console import clean, emit
from retrowalk.errors import FailedError, UsageError
from retrowalk.walk_source import Walk, add_input_arguments, load_walk
from retrowalk.walk_text import headline, picture_lines

EPILOG = """\
examples:
  retrowalk plot last
  retrowalk plot s00003 --out monday.svg
  retrowalk plot walk.csv.gz --mount waist --axes=-z,y,x

Beside the picture a .txt of the same name says in words what it shows."""

_KINDS = (".png", ".svg", ".pdf")
_TITLE_KEY = "Title"
_TEXT_KEY = {".png": "Description", ".svg": "Description", ".pdf": "Subject"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `retrowalk plot`."""
    add_input_arguments(parser, "SESSION")
    parser.add_argument(
        "--out", metavar="PATH", help="the picture: .png, .svg or .pdf (default: the walk's name, .png, here)"
    )


def run(args: argparse.Namespace) -> int:
    """Draw, write, print the path; exit code 5, after that, if parts of a session are damaged."""
    out = None if args.out is None else _checked(Path(args.out).expanduser())
    if args.mount == "none":
        raise UsageError("With --mount none there is no walk to draw.", "say --mount waist or --mount ankle.")
    walk = load_walk(args)
    path = write_picture(walk, out or Path(_default_name(args.source, walk)))
    emit(str(path))
    return report_damage(walk)


def write_picture(walk: Walk, path: Path) -> Path:
    """Draw `walk` into `path` and its text beside it; returns `path`. Raises UsageError and FailedError."""
    from retrowalk.walk_figure import draw  # matplotlib takes half a second to load

    path = _checked(path)
    kind = path.suffix.lower()
    text = "\n".join(picture_lines(walk)) + "\n"
    figure = draw(walk)
    part = path.with_name(f".{path.name}.part")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in a script the font lacks
            metadata = {_TITLE_KEY: headline(walk), _TEXT_KEY[kind]: text}
            figure.savefig(part, format=kind[1:], metadata=metadata)
        part.chmod(0o600)
        part.replace(path)
        words = path.with_suffix(".txt")
        words.write_text(text, encoding="utf-8")
        words.chmod(0o600)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FailedError(
            f"{clean(path)} cannot be written: {clean(error.strerror or error)}. The walk itself is untouched.",
            "make room, or choose another place with --out PATH.",
        ) from None
    return path


def _checked(path: Path) -> Path:
    """Raises UsageError for a kind of picture that is not offered, or a folder that is not there."""
    if path.suffix.lower() not in _KINDS:
        raise UsageError(
            f"{clean(path)}: pictures are written as {', '.join(_KINDS)}.",
            "give --out a name that ends in one of them.",
        )
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {clean(path.parent)}.", "make it first, or choose another --out.")
    return path


def _default_name(source: str, walk: Walk) -> str:
    """In the folder one is in: the recording's or the session's name."""
    if walk.quality["source"] == "recording":
        return f"{Path(source).name.removesuffix('.gz').removesuffix('.csv')}.png"
    last = walk.name.rsplit(" ", 1)[-1]
    return f"{last if SESSION_NAME.fullmatch(last) else 'walk'}.png"
