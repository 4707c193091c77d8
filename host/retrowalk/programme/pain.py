"""The pain score, 0 to 10, of a session that was stopped for pain: asked at the sync, kept in the plan.

Called by sync after it copied, and by `retrowalk plan pain`.
"""

import sys
from collections.abc import Sequence

from retrowalk.archive.archive import Archive
from retrowalk.console import clean, say
from retrowalk.errors import RetrowalkError, UsageError
from retrowalk.programme import moment
from retrowalk.programme.profile import Profile, of_device
from retrowalk.syncing.transfer import Synced

HIGHEST = 10
_TRIES = 3


def parse_score(text: str) -> int:
    """0 to 10. Raises UsageError."""
    word = text.strip()
    if not (word.isascii() and word.isdigit() and int(word) <= HIGHEST):
        raise UsageError(
            f"{clean(text, 20)!r} is no pain score.", "give a whole number from 0 (none) to 10 (the worst)."
        )
    return int(word)


def store(profile: Profile, reference: str, score: int) -> None:
    """Write a score into the plan; a later one replaces it."""
    profile.pains[reference] = {"score": score, "utc_s": moment.now_utc_s()}
    profile.save()


def after_sync(archive: Archive, device_id: str, sessions: Sequence[Synced], may_ask: bool) -> None:
    """Ask for the score of each newly copied session that ended at pain, or say the command that takes it.

    A plan that cannot be read is told and never stops the sync.
    """
    ended = [each for each in sessions if each.new_files and (each.contents.end or {}).get("reason") == "pain"]
    if not ended:
        return
    try:
        profile = of_device(archive, device_id)
    except RetrowalkError as error:
        say(str(error))
        profile = None
    for each in ended:
        reference = each.stored.reference
        if profile is not None and may_ask and sys.stdin.isatty():
            score = _asked(each.stored.name)
            if score is not None:
                store(profile, reference, score)
                continue
        first = "" if profile else "`retrowalk plan start` makes a plan; then "
        say(f"{each.stored.name} was stopped for pain. Next: {first}`retrowalk plan pain {reference} SCORE` (0 to 10).")


def _asked(name: str) -> int | None:
    """The answer of the person at the terminal; None if there is none."""
    for _ in range(_TRIES):
        sys.stderr.write(f"{name} was stopped for pain. How strong was it, from 0 (none) to 10 (the worst)? ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line.strip():
            return None
        try:
            return parse_score(line)
        except UsageError as error:
            say(str(error))
    return None
