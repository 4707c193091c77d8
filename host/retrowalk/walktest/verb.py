"""`retrowalk walktest`: a timed walk on a taped course, three trials, started by buzz and ended by the button.

The device times the trials; this verb starts the test, tells what to do, and shows the result of a synced one. A result
is a time, not a diagnosis.
"""

import argparse

from retrogait import events
from retrowalk.console import clean, emit, emit_json, say, table
from retrowalk.contact.link import Link, require_idle
from retrowalk.contact.ports import choose_port
from retrowalk.errors import UsageError
from retrowalk.walk.walk_source import Walk, load_named
from retrowalk.walktest.kinds import KINDS, SMALLEST_CHANGE_S, Kind
from retrowalk.walktest.result import Result, as_json, result_of

EPILOG = """\
examples:
  retrowalk walktest back3              (then walk; sync when done)
  retrowalk walktest result last
  retrowalk walktest result s00012 --json

Tape the course first, with a metre or more of free way behind its end. Somebody walks beside whoever walks backward."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `retrowalk walktest`."""
    parser.add_argument("what", choices=(*KINDS, "result"), help="the test to begin, or result: show a synced one")
    parser.add_argument("session", nargs="?", default="last", help="for result: a session's id, folder, or last")
    parser.add_argument("--archive", metavar="FOLDER", help="where the synced walks are (default: $RETROWALK_ARCHIVE)")
    parser.add_argument("--json", action="store_true", help="for result: print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Begin a test, or show one."""
    if args.what != "result":
        return _begin(args, KINDS[args.what])
    walk = load_named(args.session, args.archive)
    if walk.test not in KINDS:
        raise UsageError(
            f"{clean(walk.name)} is no walking test.", "`retrowalk walktest back3` begins one; sync it when it is done."
        )
    result = result_of(walk, KINDS[walk.test])
    if args.json:
        emit_json(as_json(result))
        return 0
    for line in lines(walk, result):
        emit(line)
    return 0


def _begin(args: argparse.Namespace, kind: Kind) -> int:
    with Link(choose_port(args.port).path) as link:
        require_idle(link.status())
        link.set_time()
        link.command(f"test {kind.name}")
    say(f"{kind.title}: {kind.how}")
    say("Stand at the start. Press once: three ticks, then one long buzz: go. Press again at the end of the tape.")
    say("Three trials; a press during the ticks takes them back; a long press ends the test for pain.")
    say("Next, after three trials: `retrowalk sync`, then `retrowalk walktest result last`.")
    return 0


def lines(walk: Walk, result: Result) -> list[str]:
    """The result in words and a table."""
    kind = result.kind
    way = events.STATE_NAMES[kind.way]
    rows = [
        (trial.number, f"{trial.time_s:.1f}", f"{kind.distance_m / trial.time_s:.2f}" if trial.time_s else "?",
         trial.steps, "unknown" if trial.share_way is None else f"{100 * trial.share_way:.0f} %")
        for trial in result.trials
    ]  # fmt: skip
    out = [f"{kind.title}, {walk.name}", *table(("trial", "s", "m/s", "steps", way), rows)]
    if result.mean_s is not None and result.speed_mps is not None:
        out.append(f"mean {result.mean_s:.1f} s, {result.speed_mps:.2f} m/s over {kind.distance_m:g} m")
    if result.n_void:
        out.append(f"{result.n_void} trials were void (a stumble, or longer than two minutes)")
    out += [f"doubt: {doubt}" for doubt in result.doubts]
    if kind.studies:
        out.append("This is a time, not a diagnosis. What others found:")
        out += [f"  {s.who}: {s.found} ({s.accuracy}; {s.source})" for s in kind.studies]
        out.append(f"A change of under {SMALLEST_CHANGE_S:g} s from one day to another may be chance.")
    if result.factor_permille is not None:
        name = "step_backward_permille" if kind.way == events.BACKWARD else "step_forward_permille"
        out.append(f"Next: `retrowalk config set {name}={result.factor_permille}` fits distances to this walker.")
    return out
