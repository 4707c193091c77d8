"""What is felt for what: every pattern of the motor, so that device, replay and docs agree.

A pattern is a tuple of milliseconds, on and off in turn, beginning with on. A fault's pattern is told apart by the
number of its pulses and their rhythm; some of its pulses grow with the error (100 to 300 ms, felt while walking:
design/gait.md). No pulse is longer than a second. The picture in
docs/explanation/patterns.md is drawn from here.
"""

from retrogait.events import BY_STUMBLE, CLIP_MOVED, CUE, GOAL, GOOD_AGAIN, PAUSE, RESUME, SEGMENT, TRIAL
from retrogait.life import COUNTDOWN, TEST_COUNTDOWN

GAP_MS = 120

STOP = (300, 150, 80)
SUCCESS = (80, 80, 80, 80, 80, 80, 400)
PAIN = (500, 200, 500)
MARKED = (60, 80, 60)
PAUSED = (150, 300, 150)
RESUMED = (80,)
REFUSED = (500,)
STAND_STILL = (200,)
MOVE_NOW = (120, 150, 120)
PASSED = (80, 120, 80, 120, 80)
FAILED = (500, 150, 500)
FIT_AGAIN = (500, 150, 120, 150, 120)
BATTERY_LOW = (80, 80, 80, 600, 80, 80, 80)
GIVEN_UP = (1000, 300, 1000)
TRIAL_READY = (80, 120, 80)
TRIAL_DONE = (120, 120, 120, 120, 120)
HELLO = (80, 120, 300, 120, 80)


# By fault; 0 stands for the length that grows with the error.
_CUES = (
    (0,),
    (0,),  # lean forward: one
    (0, GAP_MS, 0),  # lean back: two
    (0, GAP_MS, 80, GAP_MS, 80),  # side lean: long, short, short
    (0, GAP_MS, 0, GAP_MS, 0),  # too fast: three
    (80, GAP_MS, 0),  # twist: short, long
    (80, GAP_MS, 80, GAP_MS, 0),  # unsteady: short, short, long
    (0, GAP_MS, 80, GAP_MS, 0),  # wrong way: long, short, long
    (0,),  # stumble: one, of half a second
)


def of_cue(fault, length_ms):
    """The pattern of a cue whose growing pulses are `length_ms` long. Allocates: called once a cue."""
    return tuple([ms or length_ms for ms in _CUES[fault]])


def cue_ms(fault, length_ms):
    """How long that pattern lasts, pauses included. Allocates nothing."""
    shape = _CUES[fault]
    total = 0
    for i in range(len(shape)):
        total += shape[i] or length_ms
    return total


def countdown(seconds):
    """A tick each second; the walk, or the trial, begins with the long pulse that follows."""
    return (80, 920) * seconds + (300,)


def span_ms(pattern):
    """How long any pattern lasts."""
    total = 0
    for i in range(len(pattern)):
        total += pattern[i]
    return total


def of_event(kind, value_a, value_b):
    """What the wearer feels at an event of the core: a pattern, or () for nothing. May allocate, once an event."""
    if kind == CUE:
        return of_cue(value_a, value_b)
    if kind == GOOD_AGAIN:
        return (value_b,)
    if kind == SEGMENT:
        return countdown(value_b) if value_a in (COUNTDOWN, TEST_COUNTDOWN) else ()
    if kind == PAUSE:
        return () if value_a == BY_STUMBLE else PAUSED
    if kind == RESUME:
        return RESUMED
    if kind == GOAL:
        return SUCCESS
    if kind == CLIP_MOVED:
        return FIT_AGAIN
    if kind == TRIAL:
        return () if value_a == 1 else TRIAL_DONE
    return ()
