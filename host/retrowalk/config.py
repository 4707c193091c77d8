"""Shows and changes the settings of a device, and keeps them in a file. Nothing is half changed.

The settings are checked here and on the device with the same table. What you set stands above the stage of the
programme, and the stage above the defaults.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from retrogait.settings import SCHEMA, Settings, SettingsError
from retrowalk.console import clean, confirm, emit, say
from retrowalk.contact.link import Link, require_idle
from retrowalk.contact.ports import choose_port
from retrowalk.contact.reasons import SETTINGS_UNREADABLE
from retrowalk.errors import UsageError
from retrowalk.settings.config_file import check_target, read_settings, write_settings
from retrowalk.settings.config_table import print_settings
from retrowalk.settings.device_settings import Held, read_held, replace_held
from retrowalk.settings.setting_units import known_name, parse_changes
from retrowalk.settings.setting_words import difference

EPILOG = """\
examples:
  retrowalk config show --all
  retrowalk config set lean_cue_deg=6 lean_clear_deg=4 height_ft=5ft8
  retrowalk config set stage=assisted
  retrowalk config reset lean_cue_deg lean_clear_deg
  retrowalk config export mine.json
  retrowalk config import mine.json

Units are in the names: lean_cue_deg, lean_dwell_s, unsteady_cue_percent, height_m, height_ft, goal_m, goal_ft; those of
the device (lean_cue_cdeg, lean_dwell_ms) are accepted, too. Settings that must stay in order are set in one command.
The defaults are proposals of this project, not clinical limits: docs/reference/settings.md."""

_WORDS = {"show": (0, 0), "set": (1, 99), "reset": (0, 99), "export": (1, 1), "import": (1, 1)}
_NEEDS = {
    "show": "`retrowalk config show` takes no words",
    "set": "give NAME=VALUE, like `retrowalk config set lean_cue_deg=6`",
    "export": "name one file, like `retrowalk config export mine.json`",
    "import": "name one file, like `retrowalk config import mine.json`",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk config`."""
    parser.add_argument("action", choices=tuple(_WORDS), help="what to do")
    parser.add_argument("words", nargs="*", metavar="WORD", help="set: NAME=VALUE; reset: NAME; export, import: a file")
    parser.add_argument("--all", action="store_true", help="show: every setting; reset: every setting")
    parser.add_argument("--json", action="store_true", help="show: print one JSON object, in the device's units")
    parser.add_argument("--imperial", action="store_true", help="show heights and distances in feet")


def run(args: Namespace) -> int:
    """Do what was asked. Everything is checked before anything is sent."""
    _check_words(args)
    if args.action == "show":
        return _show(args)
    if args.action == "export":
        return _export(args)
    if args.action == "import":
        wanted = read_settings(Path(args.words[0]).expanduser())
        return _replace(args, lambda _held: wanted, "Replace the settings on the device by these?")
    if args.action == "set":
        changes = parse_changes(args.words)
        for change in changes:
            if change.note:
                say(f"{change.note}.")
        values = {change.row: change.value for change in changes}
        return _replace(args, lambda held: {**held.changes, **values})
    rows = set(SCHEMA) if args.all else {known_name(name.lower()).row for name in args.words}
    question = "Reset every setting to its default?" if args.all else ""
    return _replace(args, lambda held: {row: held.changes[row] for row in held.changes if row not in rows}, question)


def _check_words(args: Namespace) -> None:
    least, most = _WORDS[args.action]
    if not least <= len(args.words) <= most:
        raise UsageError(f"{len(args.words)} words after `config {args.action}`.", f"{_NEEDS[args.action]}.")
    if args.action == "reset" and bool(args.words) == args.all:
        raise UsageError("What is to be reset?", "name the settings, or give --all and no names.")
    if args.json and args.action != "show":
        raise UsageError("--json is for `config show`.", "leave it out.")
    if args.all and args.action not in ("show", "reset"):
        raise UsageError("--all is for `config show` and `config reset`.", "leave it out.")


def _show(args: Namespace) -> int:
    with Link(choose_port(args.port).path) as link:
        status = link.status()
        held = read_held(link)
    _tell_unreadable(held)
    print_settings(status, held, args)
    return 0


def _export(args: Namespace) -> int:
    path = Path(args.words[0]).expanduser()
    check_target(path)
    with Link(choose_port(args.port).path) as link:
        link.status()
        held = read_held(link)
    _tell_unreadable(held)
    if path.exists():
        confirm(f"{clean(path)} is there already. Replace it?", args.yes)
    write_settings(path, held.changes)
    emit(str(path))
    say(f"{len(held.changes)} settings that were set; all others are the stage's or the default.")
    return 0


def _replace(args: Namespace, wanted_of, question: str = "") -> int:
    """Make `wanted_of(held)` the device's settings; with a question, ask before anything is lost."""
    with Link(choose_port(args.port).path) as link:
        require_idle(link.status())
        held = read_held(link)
        wanted = wanted_of(held)
        try:
            lines = difference(held.changes, wanted, args.imperial)
        except SettingsError as error:
            raise UsageError(
                f"This cannot be: {error}. Nothing was changed.",
                "`retrowalk config show --all` shows the ranges; change those that must stay in order together.",
            ) from None
        _tell_unreadable(held)
        if not lines and not held.is_unreadable:
            emit("Nothing to change.")
            return 0
        for line in lines:
            emit(line)
        if question:
            confirm(question, args.yes)
        replace_held(link, held, wanted)
    say(f"Stored on the device, from the next walk on. Stage {Settings(wanted).as_dict()['stage']}.")
    return 0


def _tell_unreadable(held: Held) -> None:
    if held.is_unreadable:
        say("\nNext: ".join(SETTINGS_UNREADABLE))
