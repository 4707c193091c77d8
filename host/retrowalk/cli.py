"""The `retrowalk` command: finds the verb, parses its options, and turns every outcome into the contract's exit code.

A verb is a module with `add_arguments(parser)` and `run(args) -> int`; it is imported only when it is called, so that
help comes at once. stdout is data, stderr is talk. No traceback without --debug.
"""

import argparse
import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from retrowalk.errors import RetrowalkError, UsageError

STOPPED = "Stopped. Nothing is lost: what was saved stays, and the same command goes on from there."


class Verb(NamedTuple):
    """Where a verb lives, what it does, and whether it talks to a device (then it takes --port)."""

    module: str
    summary: str
    needs_port: bool


VERBS = {
    "devices": Verb("retrowalk.devices", "list the boards and virtual devices that are here", False),
    "doctor": Verb("retrowalk.doctor", "check the computer, the cable and the device, and say what to do", True),
    "flash": Verb("retrowalk.flash", "make a board a Retrowalk: MicroPython, the app, a self-test, a name", True),
    "rollback": Verb("retrowalk.rollback", "start the version that was on the device before the last flash", True),
    "calibrate": Verb("retrowalk.calibrate", "teach the device how it sits on you: stand still, then bow", True),
    "config": Verb("retrowalk.config", "show and change the device's settings, and keep them in a file", True),
    "sync": Verb("retrowalk.sync", "copy the walks from the device to this computer, and verify them", True),
    "sessions": Verb("retrowalk.sessions", "list the walks that are on this computer", False),
    "verify": Verb("retrowalk.verify", "read every walk on this computer again, and say what is damaged", False),
    "plot": Verb("retrowalk.plot", "draw a walk: pace, lean, direction, step times and the cues", False),
    "analyze": Verb("retrowalk.analyze", "find steps, direction, lean and cues in a recording or a walk", False),
    "walktest": Verb("retrowalk.walktest.verb", "a timed walk on a taped course: 3 m backward, or 10 m", True),
    "plan": Verb("retrowalk.plan", "the programme: stage, what is due today, what the walks propose", False),
    "virtual": Verb(
        "retrowalk.virtual.verb", "run a device without hardware: real MicroPython, simulated chips", False
    ),
}

FIRST_STEPS = """\
first steps without hardware:
  retrowalk virtual --link /tmp/walker     (leave it running; use another terminal)
  retrowalk flash --board virtual
  retrowalk calibrate waist

with a board: connect it by USB, then
  retrowalk flash, retrowalk calibrate waist, walk, retrowalk sync, retrowalk plot last

exit codes: 0 ok, 1 failed, 2 usage, 3 no device, 4 device busy or refused, 5 data damaged.
`retrowalk VERB --help` tells more about a verb."""


class Parser(argparse.ArgumentParser):
    """argparse whose errors are ours: one sentence and the next action."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"see `{self.prog} --help`.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and return its exit code. `--help` and `--version` return 0."""
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words
    try:
        code = _dispatch(words)
        sys.stdout.flush()
        return code
    except SystemExit as leaving:  # argparse after --help
        return leaving.code if isinstance(leaving.code, int) else 0
    except RetrowalkError as error:
        _show_traceback(debug)
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _show_traceback(debug)
        _complain(STOPPED)
        return 1
    except BrokenPipeError:
        _abandon_stdout()
        return 1
    except Exception as error:  # noqa: BLE001 - the last line of defence: whatever it is, the user gets a sentence
        _show_traceback(debug)
        _complain(f"Something unforeseen went wrong: {type(error).__name__}: {_one_line(error)}")
        if not debug:
            _complain("Next: run again with --debug for the details, and please report them.")
        return 1


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(top_help())
        return 0 if words else UsageError.exit_code
    if words[0] in ("-V", "--version"):
        from importlib.metadata import version

        sys.stdout.write(f"retrowalk {version('retrowalk')}\n")
        return 0
    name = words[0]
    if name not in VERBS:
        raise _unknown(name)
    args = build_parser(name).parse_intermixed_args(words[1:])
    return args.run(args)


def build_parser(name: str) -> Parser:
    """The parser of one verb, with the common options; it imports the verb's module."""
    verb = VERBS[name]
    module = importlib.import_module(verb.module)
    text = module.__doc__ or verb.summary
    parser = Parser(
        prog=f"retrowalk {name}",
        description=verb.summary[:1].upper() + verb.summary[1:] + ".",
        epilog=getattr(module, "EPILOG", None) or text.split("\n\n", 1)[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        conflict_handler="resolve",
        allow_abbrev=False,
    )
    if verb.needs_port:
        parser.add_argument(
            "--port", metavar="PATH", help="the device's port, like /dev/ttyACM0; default: the only one"
        )
    parser.add_argument("--yes", action="store_true", help="answer every question with yes")
    parser.add_argument("--debug", action="store_true", help="show what goes wrong inside, with tracebacks")
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
    return parser


def top_help() -> str:
    """What `retrowalk --help` prints."""
    lines = [
        "usage: retrowalk VERB [options]",
        "",
        "Retrowalk coaches walking backward with a clip that counts steps, feels lean and pace, and buzzes.",
        "",
        "verbs:",
    ]
    lines += [f"  {name:<10} {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join([*lines, "", FIRST_STEPS, ""])


def _unknown(name: str) -> UsageError:
    if name.startswith("-"):
        return UsageError(f"The verb is missing before {name!r}.", "put the verb first: `retrowalk sync --port PATH`.")
    near = difflib.get_close_matches(name, VERBS, n=1)
    hint = f"did you mean `retrowalk {near[0]}`? " if near else ""
    return UsageError(f"There is no verb {name!r}.", f"{hint}`retrowalk --help` lists the verbs.")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or "no details"


def _show_traceback(debug: bool) -> None:
    if debug:
        traceback.print_exc()


def _abandon_stdout() -> None:
    """The reader of our stdout has left, as `| head` does: nothing more goes there, not even at our end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()
    sys.stderr.write(f"{text}\n")
