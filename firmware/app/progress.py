"""How far the wearer has come, kept in /data/progress.json: what the next session's share of cues is made from.

{"format": 1, "sessions": n, "level": 0..3, "successes": n}; a corrupt file counts as none and is counted as a fault.
"""

from app.store import read_json, write_json
from retrogait import fading
from retrogait.fading import FAMILIARISATION, RETENTION
from retrogait.settings import SCHEMA, Settings

_FILE = "progress.json"
_FORMAT = 1


class Progress:
    """`fading`: a retrogait.fading.Fading. faults: the counter."""

    def __init__(self, faults):
        self._faults = faults
        self.fading = fading.Fading()
        try:
            stored = read_json(_FILE)
            if stored is not None:
                if stored["format"] != _FORMAT:
                    raise ValueError("another format")
                self.fading = fading.Fading(*(_whole(stored[name]) for name in ("sessions", "level", "successes")))
        except (ValueError, KeyError, TypeError):
            faults.add("progress_unreadable")

    def coaching(self, settings):
        """What kind of session the next one is, in a word."""
        return self.fading.coaching(settings)

    def effective(self, settings):
        """The settings of the next session: as set, with its share of cues, and no alarm where it has no cues."""
        values = settings.as_dict()
        values["cue_share_percent"] = self.fading.share_percent(settings)
        if self.fading.coaching(settings) in (FAMILIARISATION, RETENTION):
            values["lean_alarm_cdeg"] = SCHEMA["lean_alarm_cdeg"][2]
        return Settings(values)

    def note(self, walk, coaching, was_painful):
        """A session has ended: `walk` is its app.walk.Walk. Too short a one changes nothing."""
        exercise_s = walk.exercise_samples // 104
        if not fading.counts(exercise_s, walk.reached_goal):
            return
        trouble = was_painful or walk.had_trouble
        success = fading.succeeded(exercise_s, walk.reached_goal, walk.cues + walk.withheld, trouble)
        state = self.fading
        state.after(coaching, walk.settings.fade_cues, success)
        kept = {"format": _FORMAT, "sessions": state.sessions, "level": state.level, "successes": state.successes}
        try:
            write_json(_FILE, kept)
        except OSError:
            self._faults.add("progress_unwritten")


def _whole(value):
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no whole number")
    return value
