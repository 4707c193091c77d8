"""The programme of one person: stage, what is due today, this week's dose, and what the walks propose.

Promotions, step backs and the next step in stage 5 are proposed only: nothing changes until `plan accept`.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from retrowalk import plan_changes
from retrowalk.archive.archive import Archive
from retrowalk.console import clean, emit, emit_json, table
from retrowalk.errors import UsageError
from retrowalk.programme import profile as plans
from retrowalk.programme.page import Page, build
from retrowalk.sync import ARCHIVE_HELP

EPILOG = """\
examples:
  retrowalk plan                          today's page
  retrowalk plan start --name Anna        safety questions, then a plan
  retrowalk plan accept                   accept what is proposed
  retrowalk plan pin stage=3 lean_cue_deg=6 --by "A. Berg, PT"
  retrowalk plan unpin
  retrowalk plan pain s00012 4            how strong the pain was, 0 to 10
  retrowalk plan screen                   answer the safety questions anew
  retrowalk plan cleared --by "Dr. Lind"  a professional was seen after a yes
  retrowalk plan vary speed --belt 0.5mph stage 5: what grows
  retrowalk plan history, retrowalk plan picture FILE.png

Not a medical device: it diagnoses nothing. Its numbers are proposals of this project, not findings."""


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk plan`."""
    parser.add_argument("action", nargs="?", default="today", choices=("today", *_ACTIONS), help="default: today")
    parser.add_argument("words", nargs="*", metavar="WORD", help="what the action needs; see the examples")
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--name", help="whose plan; default: the only one")
    parser.add_argument("--json", action="store_true", help="today, history: print JSON")
    parser.add_argument("--height", metavar="H", help="start: body height, like 1.72m, 172cm or 5ft8")
    parser.add_argument("--answers", metavar="A,B,...", help="start, screen: six times yes or no, in order")
    parser.add_argument("--device", metavar="ID", help="start: whose walks; default: the only device in the archive")
    parser.add_argument("--by", metavar="WHO", help="pin, unpin, cleared: the professional's name, which is kept")
    parser.add_argument("--belt", metavar="SPEED", help="vary speed, vary grade: the belt's first speed, like 0.5mph")
    parser.add_argument("--port", metavar="PATH", help="accept: tell the device on this port at once")


def run(args: Namespace) -> int:
    """Do one action. Raises BusyError, UsageError and DamagedError."""
    if args.action == "today":
        _expect(args, 0)
        page = _page(args)
        if args.json:
            emit_json(page.as_json())
        else:
            for line in page.lines():
                emit(line)
        return 0
    return _ACTIONS[args.action](args)


def _page(args: Namespace) -> Page:
    archive = Archive(args.archive)
    profile = plans.choose(archive, args.name)
    plans.adopt_device(archive, profile)
    return build(archive, profile)


def _start(args: Namespace) -> int:
    _expect(args, 0)
    return plan_changes.start(Archive(args.archive), args)


def _screen(args: Namespace) -> int:
    _expect(args, 0)
    return plan_changes.screen(_page(args).profile, args.answers)


def _cleared(args: Namespace) -> int:
    _expect(args, 0)
    return plan_changes.cleared(_page(args).profile, args.by)


def _accept(args: Namespace) -> int:
    _expect(args, 0)
    return plan_changes.accept(_page(args), args.port)


def _pin(args: Namespace) -> int:
    if not args.words:
        raise UsageError("plan pin needs what to pin.", "pin like `retrowalk plan pin stage=3`.")
    return plan_changes.pin(_page(args).profile, args.words, args.by)


def _unpin(args: Namespace) -> int:
    return plan_changes.unpin(_page(args).profile, args.words, args.by)


def _pain(args: Namespace) -> int:
    _expect(args, 2, "the session and the score, like `retrowalk plan pain s00012 4`")
    return plan_changes.pain(Archive(args.archive), _page(args), *args.words)


def _vary(args: Namespace) -> int:
    _expect(args, 1, "time, speed, grade or resistance")
    return plan_changes.vary(_page(args).profile, args.words[0], args.belt)


def _history(args: Namespace) -> int:
    from retrowalk.programme import history

    _expect(args, 0)
    page = _page(args)
    if args.json:
        emit_json(history.as_json(page))
        return 0
    for line in table(history.TITLES, history.rows(page)):
        emit(line)
    return 0


def _picture(args: Namespace) -> int:
    from retrowalk.programme.history_figure import write_picture  # matplotlib takes half a second to load

    _expect(args, 1, "the picture's name, like year.png")
    emit(str(write_picture(_page(args), Path(args.words[0]).expanduser())))
    return 0


def _expect(args: Namespace, count: int, needs: str = "") -> None:
    if len(args.words) != count:
        given = f"not {clean(' '.join(args.words))!r}" if args.words else "and nothing was given"
        needs = needs or "no further words"
        raise UsageError(f"plan {args.action} takes {needs}, {given}.", "`retrowalk plan --help` has examples.")


_ACTIONS: dict[str, Callable[[Namespace], int]] = {
    "start": _start,
    "screen": _screen,
    "cleared": _cleared,
    "accept": _accept,
    "pin": _pin,
    "unpin": _unpin,
    "pain": _pain,
    "vary": _vary,
    "history": _history,
    "picture": _picture,
}
