"""Fading: how many of the due cues a session gives, and how that changes with success.

Feedback given less often is learned from, not leaned on (Sigrist et al. 2013, Psychon. Bull. Rev. 20:21). Four levels
give 100, 67, 33 and 0 percent of the due cues. Two successes in a row go to the next level, a failure goes one back.
From level 2 on every fifth session is a retention check: no cues at all, and its failure goes one back as any other. A
stumble's cue and alarms are always given (retrogait.cueing). Plain integers; called by the app once a session and by
the host. In docs/explanation/fading.md.
"""

SHARES = (100, 67, 33, 0)
SUCCESSES_NEEDED = 2
RETENTION_FROM = 2
RETENTION_EVERY = 5

# A session shorter than this, its goal not reached, was no session: neither success nor failure.
LEAST_S = 60
_SUCCESS_S = 120

FULL = "full"
FADED = "faded"
FAMILIARISATION = "familiarisation"
RETENTION = "retention"


class Fading:
    """`sessions` so far, `level` 0..3, `successes` in a row at this level; values out of range become the nearest."""

    def __init__(self, sessions=0, level=0, successes=0):
        self.sessions = max(0, sessions)
        self.level = min(max(0, level), len(SHARES) - 1)
        self.successes = min(max(0, successes), SUCCESSES_NEEDED - 1)

    def coaching(self, settings):
        """What kind of session the next one is: one of the four words."""
        if self.sessions < settings.first_sessions:
            return FAMILIARISATION
        if not settings.fade_cues:
            return FULL if settings.cue_share_percent == 100 else FADED
        if self.level >= RETENTION_FROM and (self.sessions + 1) % RETENTION_EVERY == 0:
            return RETENTION
        return FULL if self.level == 0 else FADED

    def share_percent(self, settings):
        """How many of the due cues the next session gives."""
        coaching = self.coaching(settings)
        if coaching in (FAMILIARISATION, RETENTION):
            return 0
        return SHARES[self.level] if settings.fade_cues else settings.cue_share_percent

    def after(self, coaching, fades, succeeded):
        """A session of that kind has ended; `fades` is its setting fade_cues."""
        self.sessions += 1
        if coaching == FAMILIARISATION or not fades:
            return
        if not succeeded:
            self.level = max(0, self.level - 1)
            self.successes = 0
            return
        self.successes += 1
        if self.successes >= SUCCESSES_NEEDED:
            self.successes = 0
            self.level = min(self.level + 1, len(SHARES) - 1)


def counts(exercise_s, reached_goal):
    """Was it long enough to say anything?"""
    return reached_goal or exercise_s >= LEAST_S


def succeeded(exercise_s, reached_goal, due_cues, had_trouble):
    """Two minutes or the goal, at most one due cue (given or withheld) a minute, and neither stumble, fall nor pain."""
    return (reached_goal or exercise_s >= _SUCCESS_S) and due_cues * 60 <= exercise_s and not had_trouble
