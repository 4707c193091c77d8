"""The felt test: how strongly the motor must run for this wearer, at this place, through these clothes.

Plays rising strengths on the idle device and asks after each; proposes a setting, and changes nothing. Part of
`retrowalk calibrate strength`.
"""

import sys

from retrowalk.console import emit, say
from retrowalk.contact.link import Link, require_idle
from retrowalk.contact.ports import choose_port
from retrowalk.errors import BusyError, FailedError

LADDER_PERCENT = (20, 30, 40, 50, 60, 70, 80, 90, 100)
# What is just felt standing is missed while walking, which shakes the skin too. A guess until somebody has worn it.
MARGIN_PERCENT = 20
_YES = ("y", "yes")


def run(port: str | None, always_yes: bool) -> int:
    """Ask at the terminal. Raises BusyError where nobody can be asked, FailedError if nothing is felt."""
    if always_yes or not sys.stdin.isatty():
        raise BusyError(
            "The felt test needs somebody who feels, and answers at a terminal.",
            "run `retrowalk calibrate strength` in a terminal, wearing the clip, without --yes.",
        )
    with Link(choose_port(port).path) as link:
        require_idle(link.status())
        say("Wear the clip as you will walk with it, and stand. After each pulse: did you feel it clearly?")
        for percent in LADDER_PERCENT:
            link.command(f"feel {percent}")
            if _is_felt(percent):
                return _propose(percent)
    raise FailedError(
        "Even the strongest pulse was not felt.",
        "lay the motor flat and firmly against the body, with less cloth between; then run this again.",
    )


def _is_felt(percent: int) -> bool:
    sys.stderr.write(f"{percent} % felt? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in _YES


def _propose(percent: int) -> int:
    chosen = min(100, percent + MARGIN_PERCENT)
    say(f"You felt {percent} %; walking hides some of it, so {chosen} % is proposed. Nothing was changed. Next:")
    emit(f"retrowalk config set cue_strength_percent={chosen}")
    return 0
